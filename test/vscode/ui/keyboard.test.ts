import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Frame } from 'playwright-core';
import { until } from '../../support/until.ts';
import { openWindow } from '../session.ts';
import type { Window } from '../session.ts';

/** What has the focus in a page, as a test sees it: its id. */
const focusedIn = (frame: Frame): Promise<string> =>
  frame.evaluate<string>("document.hasFocus() ? (document.activeElement?.id ?? '') : ''");

describe('the whole story by keyboard alone', () => {
  let window: Window;
  before(async () => {
    window = await openWindow();
  });

  /** Takes an entry of the open quick pick by the arrow keys. */
  async function pick(label: string): Promise<void> {
    const { workbench, page } = window;
    await workbench.row(label).waitFor();
    const focused = page.locator('.quick-input-widget .monaco-list-row.focused .label-name').first();
    for (let i = 0; i < 40 && (await focused.innerText().catch(() => '')) !== label; i++) {
      await workbench.quickInput.press('ArrowDown');
    }
    assert.equal(await focused.innerText(), label);
    await workbench.quickInput.press('Enter');
  }

  async function run(command: string): Promise<void> {
    // the extension host brings its commands a while after the window is there
    await until(() => window.workbench.findCommand(command));
    await pick(command);
  }

  /** Goes from one thing to the next until one has the focus. */
  async function tabTo(frame: Frame, id: string): Promise<void> {
    for (let i = 0; i < 80 && (await focusedIn(frame)) !== id; i++) await window.page.keyboard.press('Tab');
    assert.equal(await focusedIn(frame), id);
  }

  it('ports, draws and saves', async () => {
    const { workbench, page, folder } = window;
    await run('GlowPort: Port Model to Board');
    await pick('calibration');
    await pick('FRDM-KE16Z');
    await pick('0000_7.png');
    await pick('Simulated Board');
    await workbench.statusItem('FRDM-KE16Z says 7').waitFor();
    await run('GlowPort: Open Serial Monitor');
    const monitor = await workbench.webviewWith('#connect');
    await monitor.locator('#verdict[data-verdict=match]').waitFor();
    await tabTo(monitor, 'draw');
    await page.keyboard.press('Enter');
    await tabTo(monitor, 'draw-canvas');
    for (let i = 0; i < 18; i++) await page.keyboard.press('Shift+ArrowDown');
    await page.keyboard.press('Enter');
    await monitor.locator('#top1', { hasText: /^1$/ }).waitFor();
    await monitor.locator('#verdict[data-verdict=match]').waitFor();
    await run('GlowPort: Build Project');
    await workbench.toast(/mnist\.elf: \d+ bytes of flash/).waitFor();
    assert.ok(existsSync(path.join(folder, 'glowport/mnist-frdmke16z/build')));
  });

  it('finds its way through the report', async () => {
    const { workbench, page } = window;
    await run('GlowPort: Inspect Model');
    const report = await workbench.webviewWith('[role=tablist]');
    await report.locator('table[role=grid]').waitFor();
    const selected = () => report.locator('[role=tab][aria-selected=true]').innerText();
    const first = await selected();
    const onTab = "document.activeElement?.getAttribute('role') === 'tab'";
    for (let i = 0; i < 40 && !(await report.evaluate<boolean>(onTab)); i++) await page.keyboard.press('Tab');
    await page.keyboard.press('ArrowRight');
    assert.notEqual(await selected(), first);
  });
});
