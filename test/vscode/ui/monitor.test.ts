import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Frame } from 'playwright-core';
import { english } from '../../../extension/common/errors/sentence.ts';
import { openSimulatedPort } from '../../../extension/serial/simulatedPort.ts';
import { PtyPair } from '../../serial/ptyPair.ts';
import { until } from '../../support/until.ts';
import { axeViolations } from '../axe.ts';
import { itLooks, openWindow } from '../session.ts';
import type { Window } from '../session.ts';

describe('the serial monitor', () => {
  let window: Window;
  let pty: PtyPair;
  before(async () => {
    pty = await PtyPair.start();
    window = await openWindow();
  });
  after(() => pty.dispose());

  /** The monitor's page; asked anew after the view was hidden. */
  const monitor = (): Promise<Frame> => window.workbench.webviewWith('#connect');

  const connected = async (): Promise<Frame> => {
    const frame = await monitor();
    await frame.locator('#connect', { hasText: 'Connect' }).click();
    await frame.locator('.dot.connected').waitFor();
    return frame;
  };

  it('offers every simulated board, and a way to firmware for it', async () => {
    const { workbench } = window;
    await workbench.runCommand('GlowPort: Open Serial Monitor');
    const frame = await monitor();
    await frame.selectOption('#port', 'sim:frdmke16z');
    await frame.locator('#connect').click();
    await frame.locator('.problem', { hasText: 'There is no firmware for FRDM-KE16Z' }).waitFor();
    assert.equal(await frame.locator('#help').innerText(), 'Port a Model');
    await workbench.screenshot('monitor-no-firmware');
  });

  it('shows Top1, ten bars and the match after a port', async () => {
    const { workbench } = window;
    await (await monitor()).locator('#help').click();
    await workbench.pick('calibration');
    await workbench.pick('FRDM-KE16Z');
    await workbench.pick('0000_7.png');
    await workbench.pick('Simulated Board');
    const frame = await monitor();
    await frame.locator('#verdict[data-verdict=match]').waitFor();
    assert.equal(await frame.locator('#top1').innerText(), '7');
    assert.equal(await frame.locator('.classes tbody tr').count(), 10);
    await frame.locator('.row', { hasText: 'Top1 class = 7' }).waitFor();
    await frame.locator('.problem').waitFor({ state: 'hidden' });
    await workbench.statusItem('the same as this computer').waitFor();
    await workbench.screenshot('monitor-ported');
  });

  it('runs the firmware live on the simulated board, and reboots it', async () => {
    const frame = await connected();
    await frame.locator('.row.note', { hasText: 'FRDM-KE16Z (simulated) switched on' }).waitFor();
    await window.workbench.runCommand('GlowPort: Reset Board');
    await frame.locator('.sparkline').waitFor({ state: 'attached' });
  });

  it('runs a drawn digit', async () => {
    const { page, workbench } = window;
    const frame = await monitor();
    await frame.locator('#draw').click();
    const box = (await frame.locator('#draw-canvas').boundingBox())!;
    const to = (x: number, y: number) =>
      page.mouse.move(box.x + x * box.width, box.y + y * box.height, { steps: 8 });
    await to(0.5, 0.15);
    await page.mouse.down();
    await to(0.5, 0.85);
    await page.mouse.up();
    const start = performance.now();
    await frame.locator('#draw-run').click();
    await frame.locator('.source', { hasText: 'Drawing on FRDM-KE16Z' }).waitFor({ state: 'attached' });
    console.log(`      from Run to the confidences: ${Math.round(performance.now() - start)} ms`);
    assert.equal(await frame.locator('#top1').innerText(), '1');
    assert.equal(await frame.locator('#verdict').getAttribute('data-verdict'), 'match');
    await workbench.screenshot('monitor-drawn');
    await frame.locator('#draw-close').click();
  });

  it('saves the log', async () => {
    const { workbench } = window;
    const frame = await monitor();
    await frame.locator('#save').click();
    await window.page.waitForFunction(
      `document.querySelector('.quick-input-widget input.input')?.value.endsWith('.log')`,
    );
    await workbench.type(path.join(window.folder, 'board.log'));
    await workbench.toast(/Saved [\d,]+ bytes to board\.log/).waitFor();
    assert.match(readFileSync(path.join(window.folder, 'board.log'), 'latin1'), /Top1 class = 7 \r\n/);
    await workbench.dismissToasts();
  });

  it('talks to a real serial device, fed by a simulated board, unplugged and plugged in again', async () => {
    const { workbench } = window;
    let frame = await monitor();
    await frame.locator('#connect', { hasText: 'Disconnect' }).click();
    await frame.selectOption('#port', { label: 'Other…' });
    await workbench.quickStep('Serial Port');
    await workbench.type(pty.path);
    await frame.locator('#baud').waitFor();
    await frame.selectOption('#baud', '921600');
    frame = await connected();
    await frame.locator('#clear').click();
    await frame.locator('.log-empty').waitFor();

    const elf = path.join(window.folder, 'glowport/mnist-frdmke16z/build/mnist.elf');
    const board = await openSimulatedPort('frdmke16z', readFileSync(elf), {
      onData: (bytes) => pty.write(bytes),
      onLost: (reason) => assert.fail(english(reason)),
    });
    try {
      await frame.locator('.row', { hasText: 'Top1 class = 7' }).waitFor();
      assert.equal(await frame.locator('#verdict').getAttribute('data-verdict'), 'match');
      await pty.unplug();
      await frame.locator('.status', { hasText: 'Waiting for' }).waitFor();
      await workbench.screenshot('monitor-unplugged');
      await pty.plug();
      await frame.locator('.dot.connected').waitFor();
      await board.reset();
      await frame.locator('.row', { hasText: 'Top1 class = 7' }).nth(1).waitFor();
      await frame.locator('#send-text input').fill('over');
      await frame.locator('#send').click();
      await until(() => pty.received.includes('over\r\n'));
      await workbench.screenshot('monitor-real');
      await frame.locator('#send-text input').press('Control+z');
      await until(() => pty.received.at(-1) === 26);
      // VS Code gives no sign when it knows that the monitor has the focus: pressed until it does
      await until(async () => {
        await frame.locator('#log').press('Shift+Alt+l');
        return frame.locator('.log-empty').isVisible();
      });
    } finally {
      await board.close();
    }
  });

  itLooks('has no serious accessibility violation', async () => {
    const frame = await monitor();
    await frame.locator('#draw').click();
    await frame.locator('#find').click();
    assert.deepEqual(await axeViolations(frame, 'panel'), []);
    await frame.locator('#find-close').click();
    await frame.locator('#draw-close').click();
  });

  it('remembers port, baud rate and view when the window is loaded again', async () => {
    const { page, workbench } = window;
    await (await monitor()).selectOption('#timestamps', 'delta');
    await (await monitor()).locator('.tool-select.on').waitFor();
    // VS Code writes its state a moment later
    await until(async () => /"timestamps\W+delta/.test(await workbench.storedState()));
    await page.reload();
    await page.locator('.monaco-workbench').waitFor();
    await workbench.runCommand('GlowPort: Open Serial Monitor');
    const frame = await monitor();
    await frame.locator('#port option', { hasText: pty.path }).waitFor({ state: 'attached' });
    assert.equal(await frame.locator('#port').inputValue(), pty.path);
    assert.equal(await frame.locator('#baud').inputValue(), '921600');
    assert.equal(await frame.locator('#timestamps').inputValue(), 'delta');
    // the firmware of before is still known: the simulated board runs it, beside the PC's result
    await frame.selectOption('#port', 'sim:frdmke16z');
    await connected();
    await frame.locator('#verdict[data-verdict=match]').waitFor();
  });

  it('opens a port in an editor beside the panel, never one that is open, and again when the window is loaded again', async () => {
    const { page, workbench } = window;
    const editor = (): Promise<Frame> => workbench.webviewWith('.only-port:not([hidden])');
    await workbench.runCommand('GlowPort: Open Monitor in Editor…');
    await workbench.quickStep('Open Monitor in Editor');
    await workbench.pick('FRDM-KE16Z (simulated)'); // the panel has it
    const taken = await editor();
    await taken.locator('.problem', { hasText: 'is open in another serial monitor' }).waitFor();
    await taken.locator('#help', { hasText: 'Show It' }).click();
    await (await workbench.webviewWith('#port:not([hidden])')).locator('.dot.connected').waitFor();
    await workbench.runCommand('View: Close All Editors');

    await workbench.runCommand('GlowPort: Open Monitor in Editor…');
    await workbench.quickStep('Open Monitor in Editor');
    await workbench.pick('Other…');
    await workbench.quickStep('Serial Port');
    await workbench.type(pty.path);
    const opened = await editor();
    await opened.locator('.dot.connected').waitFor();
    pty.write(Buffer.from('temp: 20\r\ntemp: 21\r\n'));
    await opened.locator('.row', { hasText: 'temp: 21' }).waitFor();
    await opened.locator('#plot').click();
    await opened.locator('.plot-table tr', { hasText: 'temp' }).waitFor();
    await workbench.screenshot('monitor-editor');
    // the editor's own state, which is written a moment later
    await until(async () => /"plotting\W+true/.test(await workbench.storedState()));
    await workbench.open(page.url());
    const restored = await editor();
    await restored.locator('.dot.connected').waitFor();
    pty.write(Buffer.from('temp: 22\r\n'));
    await restored.locator('.plot-table tr', { hasText: '22' }).waitFor();
  });
});
