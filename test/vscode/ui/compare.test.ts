import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { axeViolations } from '../axe.ts';
import { exampleWorkspace } from '../server.ts';
import { itLooks, openWindow, sharedServer } from '../session.ts';
import type { Window } from '../session.ts';
import { THEMES } from '../workbench.ts';

describe('the comparison with Glow (stand-ins)', () => {
  let window: Window;
  let folder: string;
  let tools: string;
  /** Workspace settings are watched. */
  function settings(theme: string): void {
    mkdirSync(path.join(folder, '.vscode'), { recursive: true });
    const values = {
      'workbench.colorTheme': theme,
      'glowport.glow.path': JSON.stringify([process.execPath, path.join(tools, '{tool}.mjs')]),
      'glowport.compare.samples': 3,
    };
    writeFileSync(path.join(folder, '.vscode', 'settings.json'), JSON.stringify(values));
  }
  before(async () => {
    // imported here: with `import.meta` in it mocha would load this file, and session.ts, a second time as another module
    tools = (await import('../../glow/stand-in/build.ts')).standInFolder();
    // all is said before the window opens: nothing depends on when it notices a changed file
    folder = exampleWorkspace(await sharedServer());
    settings(THEMES.dark);
    const config = { model: 'mnist.onnx', board: 'frdmke16z', samples: ['samples'] };
    writeFileSync(path.join(folder, 'glowport.json'), JSON.stringify(config));
    window = await openWindow({ width: 1440, height: 900, folder });
    await window.workbench.statusItem('FRDM-KE16Z').waitFor();
  });

  it('opens from the palette, side by side', async () => {
    const { workbench } = window;
    await workbench.runCommand('GlowPort: Compare Built-in Compiler and Glow');
    const frame = await workbench.webviewWith('h1 ~ table');
    assert.match(
      await frame.locator('h1').innerText(),
      /^mnist.*onnx on FRDM-KE16Z: built-in compiler and Glow$/,
    );
    const rows = await frame.locator('tbody tr').allInnerTexts();
    assert.ok(rows.length >= 13, rows.join('\n'));
    for (const row of rows) assert.match(row, /^[A-Z].*\t[\d.,]+.*\t[\d.,]+.*$/);
  });

  itLooks('looks right in every theme, wide and narrow', async () => {
    const { workbench, page } = window;
    const frame = await workbench.webviewWith('h1 ~ table');
    await workbench.dismissToasts();
    for (const [id, theme] of Object.entries(THEMES)) {
      settings(theme);
      const kind = id.startsWith('contrast') ? 'vscode-high-contrast' : `vscode-${id}`;
      await frame.locator(`body.${kind}`).waitFor();
      await workbench.screenshot(`compare-${id}`);
      // VS Code's preview gives its documents neither a title nor a language
      const ours = (await axeViolations(frame, 'editor')).filter(
        (text) => !/^(document-title|html-has-lang):/.test(text),
      );
      assert.deepEqual(ours, [], theme);
      await page.setViewportSize({ width: 700, height: 900 });
      await page.waitForFunction('innerWidth === 700');
      await workbench.screenshot(`compare-narrow-${id}`);
      const overflow = await frame.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
      assert.ok(overflow <= 0, `${overflow} pixels too wide`);
      await page.setViewportSize({ width: 1440, height: 900 });
    }
    settings(THEMES.dark);
  });
});
