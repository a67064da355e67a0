import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Validation } from '../../../webview/shared/validation.ts';
import { axeViolations } from '../axe.ts';
import { exampleWorkspace } from '../server.ts';
import { openWindow, sharedServer } from '../session.ts';
import type { Window } from '../session.ts';
import { until } from '../../support/until.ts';

describe('validating on a board', () => {
  let window: Window;
  before(async () => {
    const folder = exampleWorkspace(await sharedServer());
    const remembered = { model: 'mnist.onnx', board: 'frdmke16z', samples: ['calibration'], run: 'none' };
    writeFileSync(
      path.join(folder, 'glowport.json'),
      JSON.stringify({ ...remembered, requirements: ['accuracy>=90'] }),
    );
    window = await openWindow({ width: 1440, height: 900, folder });
    await window.workbench.statusItem('FRDM-KE16Z').waitFor();
  });

  it('asks for the test set, validates, and shows what was found', async () => {
    const { workbench } = window;
    await workbench.runCommand('GlowPort: Validate on Board');
    await workbench.row('calibration').waitFor();
    await workbench.pick('calibration');
    const frame = await workbench.webviewWith('.matrix');
    assert.match(await frame.locator('.tile').first().innerText(), /100 of 100\n+answers, in every value/);
    assert.match(await frame.locator('.requirements').innerText(), /accuracy>=90/);
    assert.deepEqual(await axeViolations(frame, 'editor'), []);
  });

  it('shows a wrong sample as the picture that it is', async () => {
    const frame = await window.workbench.webviewWith('.matrix');
    await frame.locator('.matrix .wrong:not(.none)').first().click();
    await frame.locator('.cell-samples [role=option]').first().click();
    await frame.locator('.sample-shown canvas').waitFor();
    const ink = await frame.evaluate<number>(
      `(() => {
        const canvas = document.querySelector('.sample-shown canvas');
        const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
        return data.filter((v, i) => i % 4 === 0 && v > 128).length;
      })()`,
    );
    assert.ok(ink > 20 && ink < 400, `${ink} light pixels of a digit`);
    await window.workbench.screenshot('validate');
  });

  it('exports what was found, and a row a sample', async () => {
    const { workbench, page, folder } = window;
    const frame = await workbench.webviewWith('.matrix');
    for (const format of ['json', 'csv']) {
      await frame.locator(`#export-${format}`).click();
      await page.waitForFunction(
        `document.querySelector('.quick-input-widget input.input')?.value.endsWith('mnist-frdmke16z-validation.${format}')`,
      );
      await workbench.type(path.join(folder, `found.${format}`));
      await workbench.toast(`Saved found.${format}`).waitFor();
      await workbench.dismissToasts();
    }
    const found = JSON.parse(readFileSync(path.join(folder, 'found.json'), 'utf8')) as Validation;
    assert.equal(found.samples, 100);
    assert.ok(existsSync(path.join(folder, 'found.csv')));
    const rows = readFileSync(path.join(folder, 'found.csv'), 'utf8').trimEnd().split('\n');
    assert.equal(rows.length, 101);
    assert.match(rows[0]!, /^number,name,label,answer,time_us,equal,/);
  });

  it('is still there after the window was reloaded', async () => {
    const { workbench, page } = window;
    // VS Code writes its state a moment later
    await until(async () => /"ofCell\W+\d/.test(await workbench.storedState()));
    await workbench.open(page.url());
    const frame = await workbench.webviewWith('.matrix');
    assert.match(await frame.locator('.tile').first().innerText(), /100 of 100/);
    await frame.locator('.matrix [aria-pressed=true]').waitFor();
    await frame.locator('.sample-shown canvas').waitFor();
  });
});
