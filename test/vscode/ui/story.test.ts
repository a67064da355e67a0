import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { openWindow } from '../session.ts';
import type { Window } from '../session.ts';

describe('the whole story', () => {
  let window: Window;
  before(async () => {
    window = await openWindow();
  });

  it('shows every board, with what the only model of the folder takes of it', async () => {
    const { workbench, page } = window;
    await workbench.openViewContainer('GlowPort');
    const frame = await workbench.webviewWith('#list');
    await frame.locator('.model-name', { hasText: 'mnist.onnx' }).waitFor();
    await frame.locator('[data-board=frdmke16z] .board-time').waitFor();
    assert.equal(await frame.locator('[role=option]').count(), 11);
    await frame
      .locator('[data-board=frdmke04z] .board-reason', { hasText: /Needs .* RAM, has 1 KB/ })
      .waitFor();
    await page.waitForTimeout(1000);
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
    await page.waitForTimeout(800);
    await workbench.screenshot('test-image');
    await page.locator('.quick-input-titlebar').getByRole('button', { name: 'Back' }).click();
    await workbench.pick('calibration');
    await workbench.pick('0000_7.png');
    await workbench.row('Simulated Board').waitFor();
    await workbench.screenshot('where');
    await workbench.pick('Simulated Board');
    await page.waitForTimeout(700);
    await workbench.screenshot('progress');
    await workbench.toast('the same as this computer').waitFor({ timeout: 60_000 });
    await workbench.screenshot('ported');
    const config = JSON.parse(readFileSync(path.join(window.folder, 'glowport.json'), 'utf8')) as unknown;
    assert.deepEqual(config, {
      model: 'mnist.onnx',
      board: 'frdmke16z',
      images: ['calibration'],
      input: 'samples/0000_7.png',
      out: 'glowport/mnist-frdmke16z',
    });
    assert.ok(existsSync(path.join(window.folder, 'glowport/mnist-frdmke16z/CMakeLists.txt')));
  });

  it('remembers the answers: the next time one Enter starts', async () => {
    const { workbench, page } = window;
    await workbench.dismissToasts();
    await workbench.runCommand('GlowPort: Port Model to Board');
    await workbench.row('Start').waitFor();
    await workbench.screenshot('review');
    await page.keyboard.press('Enter');
    await workbench.toast('the same as this computer').waitFor({ timeout: 60_000 });
  });
});
