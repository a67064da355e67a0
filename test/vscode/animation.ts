// Makes docs/images/porting.png, the README's animation, from the real extension in a real VS Code: `npm run animation`.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { animatedPng, type Frame } from './apng.ts';
import { drawThree } from './drawing.ts';
import { root, startServer } from './server.ts';
import { mochaHooks, openWindow } from './session.ts';

const images = path.join(root, 'docs/images');
const server = await startServer({ install: true, name: 'animation' });
const { workbench, page } = await openWindow({ server, width: 1120, height: 700 });
const frames: Frame[] = [];

async function shoot(milliseconds: number): Promise<void> {
  await page.waitForTimeout(300);
  frames.push({ png: await page.screenshot(), milliseconds });
}

try {
  await workbench.openViewContainer('GlowPort');
  const boards = await workbench.webviewWith('#list');
  await boards.locator('[data-board=frdmke16z] .board-time').waitFor();
  await shoot(1800);
  await workbench.runCommand('GlowPort: Port Model to Board');
  await workbench.row('calibration').waitFor();
  await shoot(1400);
  await workbench.pick('calibration');
  await workbench.row('FRDM-KE16Z').filter({ hasText: 'fits' }).waitFor();
  await shoot(1600);
  await workbench.pick('FRDM-KE16Z');
  await workbench.row('0000_7.png').waitFor();
  await page.waitForTimeout(1000); // the thumbnails
  await shoot(1400);
  await workbench.pick('0000_7.png');
  await workbench.row('Simulated Board').waitFor();
  await shoot(1200);
  await workbench.pick('Simulated Board');
  await workbench.toast('Porting mnist.onnx').waitFor();
  await shoot(900);
  const monitor = await workbench.webviewWith('#connect');
  await monitor.locator('#verdict[data-verdict=match]').waitFor();
  await workbench.dismissToasts();
  await shoot(2600);
  await workbench.runCommand('View: Toggle Maximized Panel');
  await shoot(1600);
  await drawThree(page, monitor);
  await shoot(1000);
  await monitor.locator('#draw-run').click();
  await monitor.locator('#top1', { hasText: /^3$/ }).waitFor();
  await shoot(2600);
  mkdirSync(images, { recursive: true });
  // the result comes first: it is all that viewers without animation show
  writeFileSync(path.join(images, 'porting.png'), animatedPng([frames.at(-1)!, ...frames.slice(0, -1)]));
} finally {
  await mochaHooks.afterAll.call(undefined);
  await server.stop();
}
