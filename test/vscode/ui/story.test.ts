import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { boards } from '../../../extension/board/catalogue.ts';
import { openWindow } from '../session.ts';
import type { Window } from '../session.ts';

describe('the whole story', () => {
  let window: Window;
  before(async () => {
    window = await openWindow();
  });

  it('shows every board, with what the only model of the folder takes of it', async () => {
    const { workbench } = window;
    await workbench.openViewContainer('GlowPort');
    const frame = await workbench.webviewWith('#list');
    await frame.locator('.model-name', { hasText: 'mnist.onnx' }).waitFor();
    await frame.locator('[data-board=frdmke16z] .board-time').waitFor();
    assert.equal(await frame.locator('[role=option]').count(), boards().length);
    await frame
      .locator('[data-board=frdmke04z] .board-reason', { hasText: /Needs .* RAM, has 1 KB/ })
      .waitFor();
    await workbench.screenshot('boards');
  });

  it('selects a board by mouse, which the status bar shows', async () => {
    const { workbench } = window;
    const frame = await workbench.webviewWith('#list');
    await frame.locator('[data-board=frdmke16z]').click();
    await workbench.statusItem('FRDM-KE16Z').waitFor();
    assert.equal(await frame.locator('[data-board=frdmke16z]').getAttribute('aria-selected'), 'true');
  });

  it('ports the model: asks what it does not know, step by step and back', async () => {
    const { workbench, page } = window;
    await workbench.runCommand('GlowPort: Port Model to Board');
    await workbench.quickStep('Port mnist.onnx');
    await workbench.row('calibration').waitFor();
    await workbench.screenshot('samples');
    await workbench.pick('calibration');
    await workbench.row('0000_7.png').waitFor();
    await workbench.screenshot('test-image');
    await page.locator('.quick-input-titlebar').getByRole('button', { name: 'Back' }).click();
    await workbench.pick('calibration');
    await workbench.pick('0000_7.png');
    await workbench.row('Simulated Board').waitFor();
    await workbench.screenshot('where');
    await workbench.pick('Simulated Board');
    await page.locator('.notification-toast .monaco-progress-container').waitFor();
    await workbench.screenshot('progress');
    await workbench.statusItem('FRDM-KE16Z says 7').waitFor();
    await workbench.screenshot('ported');
    const config = JSON.parse(readFileSync(path.join(window.folder, 'glowport.json'), 'utf8')) as unknown;
    assert.deepEqual(config, {
      model: 'mnist.onnx',
      board: 'frdmke16z',
      samples: ['calibration'],
      input: 'samples/0000_7.png',
      out: 'glowport/mnist-frdmke16z',
    });
    assert.ok(existsSync(path.join(window.folder, 'glowport/mnist-frdmke16z/CMakeLists.txt')));
  });

  it('watches the result in the monitor: Top1, ten bars, the match with this computer', async () => {
    const { workbench } = window;
    const frame = await workbench.webviewWith('#connect');
    await frame.locator('#verdict[data-verdict=match]').waitFor();
    assert.equal(await frame.locator('#top1').innerText(), '7');
    assert.equal(await frame.locator('.classes tbody tr').count(), 10);
    await frame.locator('#log .row', { hasText: 'Top1 class = 7' }).waitFor();
    await workbench.screenshot('monitor');
  });

  it('opens the report', async () => {
    const { workbench } = window;
    const frame = await workbench.webviewWith('.tile, table.layers, [role=tablist]');
    await frame.getByText('conv2d_1').first().waitFor();
    await workbench.screenshot('report');
  });

  it('draws a digit and sees what the board makes of it', async () => {
    const { workbench, page } = window;
    const frame = await workbench.webviewWith('#connect');
    await frame.locator('#draw').click();
    const canvas = frame.locator('#draw-canvas');
    await canvas.waitFor();
    await canvas.scrollIntoViewIfNeeded();
    const box = (await canvas.boundingBox())!;
    const at = (x: number, y: number) => [box.x + x * box.width, box.y + y * box.height] as const;
    await page.mouse.move(...at(0.5, 0.15));
    await page.mouse.down();
    await page.mouse.move(...at(0.48, 0.85), { steps: 20 });
    await page.mouse.up();
    await frame.locator('#draw-run').click();
    await frame.locator('#top1', { hasText: /^1$/ }).waitFor();
    await frame.locator('#verdict[data-verdict=match]').waitFor();
    await workbench.screenshot('drawn');
  });

  it('saves the log, every byte of it', async () => {
    const { workbench } = window;
    const file = path.join(window.folder, 'uart.log');
    await workbench.runCommand('GlowPort: Save Serial Log…');
    await workbench.chooseFile(file);
    await workbench.toast(/bytes to uart\.log/).waitFor();
    assert.match(
      readFileSync(file, 'latin1'),
      /class = 0\r\n[^]*Top1 class = 7 \r\nInference time = \d+ \(us\)\r\n/,
    );
  });

  it('builds the generated project again by its own command', async () => {
    const { workbench } = window;
    await workbench.runCommand('GlowPort: Build Project');
    await workbench.toast(/mnist\.elf: \d+ bytes of flash/).waitFor();
    await workbench.dismissToasts();
  });

  it('remembers the answers: the next time one Enter starts', async () => {
    const { workbench } = window;
    await workbench.runCommand('GlowPort: Port Model to Board');
    await workbench.row('Start').waitFor();
    await workbench.screenshot('review');
    await workbench.quickInput.press('Enter'); // the webview that had the focus may still be taking it back
    // the drawn 3 gives way to the 7 of the image; the port can be too quick for its progress to be seen
    await workbench.statusItem('FRDM-KE16Z says 7').waitFor();
    const frame = await workbench.webviewWith('#connect');
    await frame.locator('#top1', { hasText: /^7$/ }).waitFor();
  });
});
