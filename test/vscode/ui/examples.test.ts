import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { openWindow, sharedServer } from '../session.ts';

/** What a newcomer does with an example: gets it, ports it with the choices that came with it, looks at the result. */
describe('examples that are no pictures', () => {
  for (const { title, model, answer } of [
    { title: 'Movements', model: 'accelerometer', answer: 'walking' },
    { title: 'Spoken Words', model: 'keywords', answer: 'stop' },
  ]) {
    it(`${title}: a new project is ported as it is, and the board says ${answer}`, async () => {
      const server = await sharedServer();
      const parent = mkdtempSync(path.join(server.dir, 'parent-'));
      const { workbench } = await openWindow({ folder: null });
      await workbench.runCommand('GlowPort: New Example Project');
      await workbench.pick(title);
      await workbench.quickStep('Where to Put the Example');
      await workbench.chooseFile(`${parent}/`);
      await workbench.file(`${model}.onnx`).waitFor();
      await workbench.runCommand('GlowPort: Port Model to Board');
      await workbench.pick('Start');
      await workbench.statusItem(`FRDM-KE16Z says ${answer}`).waitFor();
      const monitor = await workbench.webviewWith('#connect');
      await monitor.locator('#verdict[data-verdict=match]').waitFor();
      const name = monitor.locator('#top1');
      assert.equal(await name.innerText(), answer);
      const isWhole = await name.evaluate((e) => e.scrollWidth <= e.clientWidth);
      assert.ok(isWhole, 'the whole name is in sight');
      await workbench.screenshot(model);
      const project = path.join(parent, `${model}-example`, 'glowport', `${model}-frdmke16z`);
      assert.match(readFileSync(path.join(project, 'source/main.c'), 'utf8'), /#include "test_input\.inc"/);
    });
  }
});
