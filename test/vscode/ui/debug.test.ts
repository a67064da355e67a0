import assert from 'node:assert/strict';
import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { toolPath } from '../../../extension/toolchain/find.ts';
import { glowport, mnist } from '../../cli/support.ts';
import { testFolder } from '../../support/testFolder.ts';
import { expandScope, pausedFor, press, startDebugging } from '../debugging.ts';
import { openWindow, type Window } from '../session.ts';

const CALL = 'int status = mnist(';

describe('debugging on a simulated board', () => {
  const folder = testFolder('debug-ui');
  let window: Window;
  let line = 0;

  before(async function () {
    if (toolPath('gdb') === undefined) {
      console.log('      skipped: there is no GDB (gdb-multiarch or arm-none-eabi-gdb)');
      this.skip();
    }
    const project = path.join(folder.path, 'project');
    const config = ['--config', path.join(mnist, 'glowport.json'), '--board', 'frdmke16z'];
    const ported = await glowport(folder.path, 'port', ...config, '--out', project, '--no-save');
    assert.equal(ported.code, 0, ported.err);
    await rm(path.join(project, '.vscode'), { recursive: true, force: true });
    await rm(path.join(project, 'build'), { recursive: true }); // it is built before it is debugged
    const main = await readFile(path.join(project, 'source', 'main.c'), 'utf8');
    line = 1 + main.split('\n').findIndex((text) => text.includes(CALL));
    window = await openWindow({ folder: project, width: 1440, height: 900 });
  });

  /** The line that the call stack says. */
  const standsAt = (number: number): Promise<void> =>
    window.page
      .locator('.debug-call-stack .stack-frame', {
        has: window.page.locator('.line-number', { hasText: new RegExp(`^${number}\\b`) }),
      })
      .first()
      .waitFor();

  it('builds and starts without a launch.json, and stops at main and at a breakpoint', async () => {
    const { page } = window;
    await startDebugging(window, line, CALL);
    await press(window, 'continue');
    await pausedFor(window, /^Breakpoint, [\d,]+ cycles on$/);
    await standsAt(line);
    await page.locator('.debug-top-stack-frame-line').first().waitFor();
  });

  it('shows variables, steps over the network, and back', async () => {
    const { page } = window;
    await page.locator('.debug-variables .monaco-list-row', { hasText: 'start' }).first().waitFor();
    await press(window, 'step-over');
    await pausedFor(window, /^Step, [\d,]+ cycles on$/);
    await standsAt(line + 1);
    await expandScope(window, 'Board', 'cycles since stop');
    await window.workbench.screenshot('debug-stepped');
    await press(window, 'step-back');
    await pausedFor(window, /^Step, [\d,]+ cycles back$/);
    await standsAt(line);
  });

  it('goes on to the end, in the serial monitor, too', async () => {
    const { workbench, page } = window;
    await press(window, 'continue');
    await workbench.runCommand('GlowPort: Open Serial Monitor');
    const monitor = await workbench.webviewWith('#connect');
    await monitor.locator('.row', { hasText: 'Top1 class = 7' }).waitFor();
    assert.equal(await page.locator('.notification-toast .codicon-error').count(), 0);
    await workbench.screenshot('debug-monitor');
    await press(window, 'stop');
    await page.locator('.debug-toolbar').waitFor({ state: 'hidden' });
    await monitor.locator('.row.note', { hasText: 'Disconnected' }).waitFor();
  });
});
