import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Frame } from 'playwright-core';
import { boards } from '../../../extension/board/catalogue.ts';
import type { ModelReport } from '../../../webview/shared/report.ts';
import { REFUSED_MODEL } from '../../support/refusedModel.ts';
import { axeViolations } from '../axe.ts';
import { itLooks, openWindow } from '../session.ts';
import type { Window } from '../session.ts';
import { THEMES } from '../workbench.ts';

describe('the model report', () => {
  let window: Window;
  before(async () => {
    window = await openWindow({ width: 1440, height: 900 });
    // a file opened before the window knows our editor would open as text
    await window.workbench.statusItem('Select Board').waitFor();
  });

  /** Workspace settings are watched: the window changes its theme. */
  function setTheme(theme: string): void {
    const folder = path.join(window.folder, '.vscode');
    mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(folder, 'settings.json'), JSON.stringify({ 'workbench.colorTheme': theme }));
  }

  const report = (): Promise<Frame> => window.workbench.webviewWith('table[role=grid]');
  const names = async (): Promise<string[]> =>
    (await report()).locator('table[role=grid] tbody td.name').allInnerTexts();

  it('opens from an .onnx file in the explorer: the float network, and the boards it fits', async () => {
    const { workbench } = window;
    await workbench.file('mnist.onnx').dblclick();
    const frame = await report();
    assert.equal(await frame.locator('h1').innerText(), 'mnist');
    assert.match(await frame.locator('header p').innerText(), /^mnist\.onnx · .*float32/);
    assert.equal((await names()).length, 8);
    await frame.locator('#tab-boards').waitFor();
    await frame.locator('#tab-boards').click();
    assert.equal(await frame.locator('#panel-boards tbody tr').count(), boards().length);
    await workbench.screenshot('report-float');
  });

  it('says in one sentence why a file cannot be ported, and reads it again when it has changed', async () => {
    const { workbench, folder } = window;
    const file = path.join(folder, 'broken.onnx');
    writeFileSync(file, 'this is no model');
    await workbench.file('broken.onnx').dblclick();
    const frame = await workbench.webviewWith('.failure');
    assert.equal(await frame.locator('h1').innerText(), 'broken.onnx cannot be ported');
    assert.ok((await frame.locator('.message').innerText()).length > 20);
    await workbench.screenshot('report-failure');
    writeFileSync(file, readFileSync(path.join(folder, 'mnist.onnx')));
    await frame.locator('table[role=grid]').waitFor();
    assert.equal(await frame.locator('h1').innerText(), 'broken');
    await window.page.keyboard.press('Control+F4');
  });

  it('shows a model that is refused: its network, each node that is why, and what would be needed', async () => {
    const { workbench, folder } = window;
    writeFileSync(path.join(folder, 'attention.onnx'), REFUSED_MODEL);
    await workbench.file('attention.onnx').dblclick();
    const frame = await workbench.webviewWith('.refused-report');
    await frame.locator('.problem', { hasText: 'grid_attention' }).click();
    assert.equal(await frame.locator('.graph .node.refused').count(), 3);
    assert.match(await frame.locator('.graph .node.selected').innerHTML(), /AttentionGrid/);
    await workbench.screenshot('report-refused');
    await window.page.keyboard.press('Control+F4');
  });

  it('shows what a port measured, by itself', async () => {
    const { workbench, page } = window;
    await workbench.file('mnist.onnx').dblclick();
    await (await report()).locator('#port').click();
    await workbench.quickStep('Port mnist.onnx');
    await workbench.pick('samples');
    await workbench.pick('FRDM-KE16Z');
    await workbench.pick('00000_5.png');
    await workbench.pick('Simulated Board');
    const frame = await workbench.webviewWith('#tab-memory');
    await workbench.dismissToasts();
    assert.match(await frame.locator('header p').innerText(), /int8 · FRDM-KE16Z/);
    await frame.locator('#tab-layers').click();
    const measured = await frame.locator('table[role=grid] tbody td.measured').allInnerTexts();
    assert.equal(measured.length, 6);
    assert.ok(measured.every((text) => Number(text.replaceAll(',', '')) > 0));
    await page.keyboard.press('Control+J'); // the panel makes room
  });

  itLooks('looks right and is accessible in every theme, wide and narrow', async () => {
    const { workbench, page } = window;
    const frame = await workbench.webviewWith('#tab-memory');
    await frame.locator('tr[data-layer="2"]').click();
    for (const [id, theme] of Object.entries(THEMES)) {
      setTheme(theme);
      const kind = id.startsWith('contrast') ? 'vscode-high-contrast' : `vscode-${id}`;
      await frame.locator(`body.${kind}`).waitFor();
      for (const tab of ['layers', 'memory', 'accuracy', 'boards']) {
        await frame.locator(`#tab-${tab}`).click();
        await workbench.screenshot(`report-${tab}-${id}`);
        assert.deepEqual(await axeViolations(frame), [], `${tab} in ${theme}`);
      }
      const wide = await frame.evaluate<number>('innerWidth');
      await page.setViewportSize({ width: 800, height: 900 });
      await frame.waitForFunction(
        `innerWidth < ${wide} && document.documentElement.scrollWidth <= innerWidth`,
      );
      await frame.locator('#tab-graph').click();
      await workbench.screenshot(`report-narrow-${id}`);
      const overflow = await frame.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
      assert.ok(overflow <= 0);
      await page.setViewportSize({ width: 1440, height: 900 });
    }
    setTheme(THEMES.dark);
  });

  it('exports to a file of the chosen format', async () => {
    const { workbench, page, folder } = window;
    await (await workbench.webviewWith('#tab-memory')).locator('#export').click();
    await workbench.pick('JSON');
    const file = path.join(folder, 'exported.json');
    await page.waitForFunction(
      `document.querySelector('.quick-input-widget input.input')?.value.endsWith('mnist-report.json')`,
    );
    await workbench.type(file);
    await workbench.toast('Saved exported.json').waitFor();
    assert.ok(existsSync(file));
    const exported = JSON.parse(readFileSync(file, 'utf8')) as ModelReport;
    assert.equal(exported.format, 'glowport-report');
    assert.equal(exported.layers.length, 6);
  });

  it('is still there after the window was reloaded', async () => {
    const { workbench, page } = window;
    const before = await names();
    await workbench.open(page.url());
    const frame = await workbench.webviewWith('#tab-memory');
    assert.deepEqual(await frame.locator('table[role=grid] tbody td.name').allInnerTexts(), before);
  });
});
