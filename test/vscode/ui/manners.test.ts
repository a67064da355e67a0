import assert from 'node:assert/strict';
import { cpSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { until } from '../../support/until.ts';
import { exampleWorkspace, root } from '../server.ts';
import { openWindow, sharedServer } from '../session.ts';

describe('first-rate manners', () => {
  it('New Example Project asks which one and for a folder, fills it and opens it', async () => {
    const server = await sharedServer();
    const parent = mkdtempSync(path.join(server.dir, 'parent-'));
    const { workbench, page } = await openWindow({ folder: null });
    await workbench.runCommand('GlowPort: New Example Project');
    await workbench.row('Spoken Words').waitFor();
    await workbench.pick('Handwritten Digits');
    await workbench.quickStep('Where to Put the Example');
    await workbench.chooseFile(`${parent}/`);
    await workbench.file('mnist.onnx').waitFor();
    // the window's title follows its folder a moment later
    await until(async () => (await page.title()).includes('mnist-example'));
    assert.ok(existsSync(path.join(parent, 'mnist-example/calibration')));
  });

  it('the walkthrough leads through the first port', async () => {
    const { workbench, page } = await openWindow();
    await workbench.runCommand('GlowPort: Get Started');
    const steps = page.locator('.gettingStartedContainer .step-title');
    await page.getByText('Port a Neural Network to a Microcontroller').first().waitFor();
    assert.deepEqual(await steps.allInnerTexts(), [
      'Start with an example',
      'Check the tools',
      'Choose a board',
      'Port the model',
      'Watch the confidences',
    ]);
    // a step is ticked when its thing was done: the folder has a model, nothing else is
    const ticked = () => page.locator('.getting-started-step .codicon-getting-started-step-checked').count();
    await until(async () => (await ticked()) === 1);
    await workbench.screenshot('walkthrough');
    await workbench.runCommand('GlowPort: Check Tools');
    await workbench.quickStep('Everything needed is installed');
    await until(async () => (await ticked()) === 2);
  });

  it('a model is ported from its context menu; a board too small offers a way that works', async () => {
    const { workbench } = await openWindow();
    await workbench.contextMenu(workbench.file('mnist.onnx'), 'Port Model to Board');
    await workbench.pick('calibration');
    await workbench.row('FRDM-KE04Z').filter({ hasText: 'does not fit' }).waitFor();
    await workbench.pick('FRDM-KE04Z');
    await workbench.pick('0000_7.png');
    await workbench.pick('Simulated Board');
    const failure = workbench.toast(/mnist does not fit FRDM-KE04Z: .* RAM/);
    await failure.waitFor();
    await workbench.screenshot('too-small');
    await failure.getByRole('button', { name: 'Reuse the Input’s Memory' }).click();
    await workbench.pick('Start');
    await workbench.statusItem('FRDM-KE04Z says 7').waitFor();
    const monitor = await workbench.webviewWith('#connect');
    await monitor.locator('#verdict[data-verdict=match]').waitFor();
  });

  it('a Keras file is ported from its context menu, and looked at with its report', async () => {
    const folder = exampleWorkspace(await sharedServer());
    rmSync(path.join(folder, 'mnist.onnx'));
    cpSync(path.join(root, 'examples/mnist/mnist.h5'), path.join(folder, 'mnist.h5'));
    const { workbench } = await openWindow({ folder });
    await workbench.contextMenu(workbench.file('mnist.h5'), 'Inspect Model');
    const report = await workbench.webviewWith('table[role=grid]');
    assert.match(await report.locator('header p').innerText(), /^mnist\.h5 · .*float32/);
    await workbench.contextMenu(workbench.file('mnist.h5'), 'Port Model to Board');
    await workbench.pick('calibration');
    await workbench.pick('FRDM-KE16Z');
    await workbench.pick('0000_7.png');
    await workbench.pick('Simulated Board');
    await workbench.statusItem('FRDM-KE16Z says 7').waitFor();
    const monitor = await workbench.webviewWith('#connect');
    await monitor.locator('#verdict[data-verdict=match]').waitFor();
  });

  it('models have an icon in the explorer, and open as they did', async () => {
    const folder = exampleWorkspace(await sharedServer());
    cpSync(path.join(root, 'examples/mnist/mnist.h5'), path.join(folder, 'mnist.h5'));
    const { workbench } = await openWindow({ folder });
    for (const name of ['mnist.onnx', 'mnist.h5']) {
      await workbench.file(name).locator('.glowport-model-lang-file-icon').waitFor();
      const icon = `getComputedStyle(document.querySelector('.glowport-model-lang-file-icon'), '::before').backgroundImage`;
      await until(async () => /model-dark\.svg/.test(await workbench.page.evaluate<string>(icon)));
    }
    await workbench.screenshot('icons');
    await workbench.file('mnist.onnx').dblclick();
    await workbench.webviewWith('table[role=grid]');
    // other programs have such files, too: ours is not the editor that they open in
    await workbench.file('mnist.h5').dblclick();
    await workbench.page.getByText('binary or uses an unsupported text encoding').waitFor();
  });

  it('a name that is written as a link stays text in a message', async () => {
    const folder = exampleWorkspace(await sharedServer());
    const name = '[Click here](command:workbench.action.toggleZenMode) $(trash).pt';
    writeFileSync(path.join(folder, name), 'no model');
    const { workbench } = await openWindow({ folder });
    await workbench.contextMenu(workbench.file(name), 'Port Model to Board');
    const failure = workbench.toast('is a PyTorch file');
    await failure.waitFor();
    const text = await failure.locator('.notification-list-item-message').innerText();
    assert.ok(text.replaceAll('\u2060', '').startsWith(name), text);
    assert.equal(await failure.locator('.notification-list-item-message a').count(), 0);
  });

  it('commands come when they make sense', async () => {
    const { workbench } = await openWindow({ folder: null });
    for (const command of ['Port Model to Board', 'Build Project', 'Export Model Report…', 'Reset Board']) {
      assert.equal(await workbench.findCommand(`GlowPort: ${command}`), false, command);
    }
    assert.equal(await workbench.findCommand('GlowPort: New Example Project'), true);
    await workbench.closeQuickInput();
  });
});
