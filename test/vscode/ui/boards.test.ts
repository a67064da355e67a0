import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Frame } from 'playwright-core';
import { boards } from '../../../extension/board/catalogue.ts';
import { axeViolations } from '../axe.ts';
import { itLooks, openWindow, sharedServer } from '../session.ts';
import type { Window } from '../session.ts';

/** Drags the sash between side bar and editor. */
async function setSidebarWidth({ page }: Window, width: number): Promise<void> {
  const sidebar = (await page.locator('.part.sidebar').boundingBox())!;
  const y = sidebar.y + sidebar.height / 2;
  await page.mouse.move(sidebar.x + sidebar.width, y);
  await page.mouse.down();
  await page.mouse.move(sidebar.x + width, y, { steps: 8 });
  await page.mouse.up();
}

const names = (frame: Frame) => frame.locator('[role=option] .board-name').allInnerTexts();

describe('the board picker', () => {
  let window: Window;
  let frame: Frame;
  before(async () => {
    window = await openWindow();
    await window.workbench.openViewContainer('GlowPort');
    frame = await window.workbench.webviewWith('#list');
    await frame.locator('[data-board=frdmke16z] .board-time').waitFor();
  });

  it('filters by name, family, core and marks', async () => {
    const filter = frame.locator('#filter input');
    await filter.fill('kv11');
    assert.deepEqual(await names(frame), ['FRDM-KV11Z']);
    await filter.fill('cortex-m7');
    assert.equal((await names(frame)).length, 5);
    await filter.fill('kinetis too small');
    assert.deepEqual(await names(frame), ['FRDM-KE04Z']);
    await filter.fill('z80');
    assert.deepEqual(await names(frame), []);
    await frame.getByText('No board matches “z80”.').waitFor();
    await filter.press('Escape');
    assert.equal((await names(frame)).length, boards().length);
  });

  it('is used by keyboard: down from the filter, arrows, Home and End, letters, Enter', async () => {
    await frame.locator('#filter input').focus();
    await frame.locator('#filter input').press('ArrowDown');
    const list = frame.locator('#list');
    const active = () => list.getAttribute('aria-activedescendant');
    await list.press('End');
    assert.equal(await active(), 'board-evkbimxrt1050');
    await list.press('Home');
    assert.equal(await active(), 'board-frdmke04z');
    await list.press('ArrowDown');
    assert.equal(await active(), 'board-frdmke02z40m');
    await list.pressSequentially('lpc8');
    assert.equal(await active(), 'board-lpc845breakout');
    await list.press('Enter');
    await frame.locator('[data-board=lpc845breakout][aria-selected=true]').waitFor();
    await window.workbench.statusItem('LPC845BREAKOUT').waitFor();
  });

  itLooks('has no serious accessibility violation in any theme', async () => {
    for (const theme of ['Light Modern', 'High Contrast', 'High Contrast Light', 'Dark Modern']) {
      const settings = path.join(window.folder, '.vscode/settings.json');
      mkdirSync(path.dirname(settings), { recursive: true });
      writeFileSync(settings, JSON.stringify({ 'workbench.colorTheme': `Default ${theme}` }));
      await frame.locator(`body[data-vscode-theme-id$="${theme}"]`).waitFor();
      assert.deepEqual(await axeViolations(frame), [], theme);
    }
  });

  it('is selected from the palette too, with the fit beside each board', async () => {
    const { workbench } = window;
    await workbench.runCommand('GlowPort: Select Board');
    await workbench.row('FRDM-KE04Z').filter({ hasText: 'does not fit' }).waitFor();
    await workbench
      .row('FRDM-KE16Z')
      .filter({ hasText: /fits, .* ms/ })
      .waitFor();
    await workbench.pick('FRDM-KE16Z');
    await frame.locator('[data-board=frdmke16z][aria-selected=true]').waitFor();
    await workbench.statusItem('FRDM-KE16Z').waitFor();
  });

  it('fits a side bar of 200 px: nothing clipped, nothing overlapping', async () => {
    await setSidebarWidth(window, 200);
    const clipped = await frame.evaluate<{ bad: string[]; width: number }>(`(() => {
      const bad = [];
      if (document.documentElement.scrollWidth > innerWidth) bad.push('the page scrolls sideways');
      for (const e of document.querySelectorAll('.board *, #model *')) {
        const box = e.getBoundingClientRect();
        if (box.width > 0 && box.right > innerWidth + 0.5) bad.push(e.className + ' ends at ' + box.right);
      }
      return { bad, width: innerWidth };
    })()`);
    assert.deepEqual(clipped.bad, []);
    assert.ok(clipped.width <= 205, `${clipped.width}`);
    await window.workbench.screenshot('boards-narrow');
  });
});

describe('the board picker without a model', () => {
  it('offers the example model and puts it into the open folder', async () => {
    const server = await sharedServer();
    const folder = mkdtempSync(path.join(server.dir, 'empty-'));
    writeFileSync(path.join(folder, 'notes.txt'), '');
    const window = await openWindow({ folder });
    await window.workbench.openViewContainer('GlowPort');
    const frame = await window.workbench.webviewWith('#list');
    await window.workbench.screenshot('boards-empty');
    assert.deepEqual(await axeViolations(frame), []);
    await frame.locator('vscode-button', { hasText: 'Use the Example Model' }).click();
    await frame.locator('.model-name', { hasText: 'mnist.onnx' }).waitFor();
    await frame.locator('[data-board=frdmke16z] .board-time').waitFor();
    const files = readdirSync(path.join(folder, 'mnist-example')).sort();
    assert.deepEqual(files, ['calibration', 'labels.txt', 'mnist.onnx', 'samples']);
  });
});
