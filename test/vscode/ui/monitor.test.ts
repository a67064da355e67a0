import assert from 'node:assert/strict';
import type { Frame } from 'playwright-core';
import { PtyPair } from '../../serial/ptyPair.ts';
import { openWindow } from '../session.ts';
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
    await frame.locator('#verdict[data-verdict=match]').waitFor({ timeout: 60_000 });
    assert.equal(await frame.locator('#top1').innerText(), '7');
    assert.equal(await frame.locator('.classes tbody tr').count(), 10);
    await frame.locator('.row', { hasText: 'Top1 class = 7' }).waitFor();
    await workbench.screenshot('monitor-ported');
  });
});
