// Makes docs/images/*.png from the real extension in a real VS Code: every view, dark, light and high contrast, narrow and
// wide. `npm run screenshots`; a word as argument makes only the pictures whose name holds it.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import type { Locator } from 'playwright-core';
import { expandScope, pausedFor, press, startDebugging } from './debugging.ts';
import { drawThree } from './drawing.ts';
import { root, startServer } from './server.ts';
import { mochaHooks, openWindow } from './session.ts';
import type { Window } from './session.ts';

const themes = {
  dark: ['Default Dark Modern', 'vs-dark'],
  light: ['Default Light Modern', 'vs'],
  'high-contrast': ['Default High Contrast', 'hc-black'],
  'high-contrast-light': ['Default High Contrast Light', 'hc-light'],
} as const;
const images = path.join(root, 'docs/images');
const only = process.argv[2] ?? '';
mkdirSync(images, { recursive: true });

const server = await startServer({ install: true, name: 'screenshots' });
const window = await openWindow({ server, width: 1440, height: 900 });
const { workbench, page } = window;

/** The whole window, or one part of it. */
async function shoot(name: string, part?: Locator): Promise<void> {
  if (!name.includes(only)) return;
  await page.mouse.move(720, 8);
  await page.waitForTimeout(400);
  const clip = part && (await part.boundingBox());
  await page.screenshot({ path: path.join(images, `${name}.png`), ...(clip ? { clip } : {}) });
  console.log(name);
}

async function setTheme(theme: keyof typeof themes): Promise<void> {
  const [name, css] = themes[theme];
  const settings = path.join(window.folder, '.vscode/settings.json');
  mkdirSync(path.dirname(settings), { recursive: true });
  writeFileSync(settings, JSON.stringify({ 'workbench.colorTheme': name }));
  await page.locator(`.monaco-workbench.${css}`).waitFor();
  await page.waitForTimeout(500);
}

/** Drags the sash at the right of the side bar. */
async function setSidebarWidth(width: number): Promise<void> {
  const box = (await page.locator('.part.sidebar').boundingBox())!;
  await page.mouse.move(box.x + box.width, box.y + 300);
  await page.mouse.down();
  await page.mouse.move(box.x + width, box.y + 300, { steps: 10 });
  await page.mouse.up();
}

async function portTheExample({ folder }: Window): Promise<void> {
  await workbench.openViewContainer('GlowPort');
  const boards = await workbench.webviewWith('#list');
  await boards.locator('[data-board=frdmke16z] .board-time').waitFor();
  await shoot('boards-before-port-dark', page.locator('.part.sidebar'));
  await workbench.runCommand('GlowPort: Port Model to Board');
  await workbench.row('calibration').waitFor();
  await shoot('port-1-samples');
  await workbench.pick('calibration');
  await workbench.row('FRDM-KE16Z').filter({ hasText: 'fits' }).waitFor();
  await shoot('port-2-board');
  await workbench.pick('FRDM-KE16Z');
  await workbench.row('0000_7.png').waitFor();
  await page.waitForTimeout(1000); // the thumbnails
  await shoot('port-3-test-image');
  await workbench.pick('0000_7.png');
  await workbench.row('Simulated Board').waitFor();
  await shoot('port-4-where');
  await workbench.pick('Simulated Board');
  await workbench.toast('Porting mnist.onnx').waitFor();
  await shoot('port-5-progress');
  const monitor = await workbench.webviewWith('#connect');
  await monitor.locator('#verdict[data-verdict=match]').waitFor();
  await workbench.dismissToasts();
  console.log(`ported in ${folder}`);
}

async function debugTheExample(): Promise<void> {
  await setTheme('dark');
  const project = (await readdir(path.join(window.folder, 'glowport'))).find((name) =>
    name.includes('frdmke16z'),
  )!;
  const main = readFileSync(path.join(window.folder, 'glowport', project, 'source', 'main.c'), 'utf8');
  const call = 'int status = mnist(';
  await startDebugging(window, 1 + main.split('\n').findIndex((line) => line.includes(call)), call);
  await press(window, 'continue');
  await pausedFor(window, /^Breakpoint/);
  await press(window, 'step-over');
  await pausedFor(window, /^Step/);
  await expandScope(window, 'Board', 'cycles since stop');
  await shoot('debug-dark');
  await press(window, 'stop');
}

async function drawDigit(): Promise<void> {
  const frame = await workbench.webviewWith('#connect');
  await drawThree(page, frame);
  await frame.locator('#draw-run').click();
  await frame.locator('#top1', { hasText: /^3$/ }).waitFor();
}

try {
  await portTheExample(window);
  await setSidebarWidth(300);
  for (const theme of Object.keys(themes) as (keyof typeof themes)[]) {
    await setTheme(theme);
    await shoot(`overview-${theme}`);
    await shoot(`boards-${theme}`, page.locator('.part.sidebar'));
    await setSidebarWidth(200);
    await shoot(`boards-narrow-${theme}`, page.locator('.part.sidebar'));
    await setSidebarWidth(300);
    await shoot(`monitor-${theme}`, page.locator('.part.panel'));

    await workbench.runCommand('View: Toggle Maximized Panel');
    await drawDigit();
    await shoot(`monitor-draw-${theme}`, page.locator('.part.panel'));
    const monitor = await workbench.webviewWith('#connect');
    await monitor.locator('#draw').click();
    await shoot(`monitor-wide-${theme}`, page.locator('.part.panel'));
    await workbench.runCommand('View: Toggle Maximized Panel');

    await workbench.runCommand('View: Hide Panel');
    const report = await workbench.webviewWith('[role=tablist]');
    for (const tab of ['Layers', 'Graph', 'Memory', 'Accuracy', 'Boards']) {
      await report.getByRole('tab', { name: tab }).click();
      await shoot(`report-${tab.toLowerCase()}-${theme}`, page.locator('.part.editor'));
    }
    await report.getByRole('tab', { name: 'Layers' }).click();
    await workbench.runCommand('GlowPort: Explore Quantization');
    await (await workbench.webviewWith('.plot .mark')).locator('.plot .mark').first().waitFor();
    await shoot(`explore-${theme}`, page.locator('.part.editor'));
    await workbench.runCommand('View: Close Editor');
    await workbench.runCommand('GlowPort: Validate on Board');
    await workbench.row('calibration').waitFor();
    await workbench.pick('calibration');
    const validation = await workbench.webviewWith('.matrix');
    await validation.locator('.matrix .wrong:not(.none)').first().click();
    await validation.locator('.cell-samples [role=option]').first().click();
    await validation.locator('.sample-shown canvas').waitFor();
    await shoot(`validate-${theme}`, page.locator('.part.editor'));
    await workbench.runCommand('View: Close Editor');
    await workbench.runCommand('GlowPort: Get Started');
    await page.locator('.gettingStartedContainer').waitFor();
    await shoot(`walkthrough-${theme}`, page.locator('.part.editor'));
    await workbench.runCommand('View: Close Editor');
    await workbench.runCommand('GlowPort: Open Serial Monitor');
  }
  await debugTheExample();
} finally {
  await mochaHooks.afterAll.call(undefined);
  await server.stop();
}
