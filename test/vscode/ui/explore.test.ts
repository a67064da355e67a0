import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { axeViolations } from '../axe.ts';
import { exampleWorkspace } from '../server.ts';
import { openWindow, sharedServer } from '../session.ts';
import type { Window } from '../session.ts';
import { until } from '../../support/until.ts';

describe('exploring a quantization', () => {
  let window: Window;
  let config: string;
  before(async () => {
    const folder = exampleWorkspace(await sharedServer());
    config = path.join(folder, 'glowport.json');
    const remembered = { model: 'mnist.onnx', board: 'frdmke16z', samples: ['calibration'], run: 'none' };
    writeFileSync(config, JSON.stringify(remembered));
    window = await openWindow({ width: 1440, height: 900, folder });
    await window.workbench.statusItem('FRDM-KE16Z').waitFor();
  });

  it('plots the variants; one click makes one the choice, and offers to port it', async () => {
    const { workbench, page } = window;
    await workbench.runCommand('GlowPort: Explore Quantization');
    const frame = await workbench.webviewWith('.plot .mark');
    assert.equal(await frame.locator('tbody tr').count(), 34);
    assert.match(
      await frame.locator('header').innerText(),
      /^mnist.*onnx on FRDM-KE16Z\n+34 variants over 100 samples/,
    );
    assert.deepEqual(await axeViolations(frame, 'editor'), []);
    await workbench.screenshot('explore');
    await frame.locator('tr[data-variant="26"]').getByText('Use This').click();
    await frame.locator('tr[data-variant="26"]').getByText('In Use').waitFor();
    const stated = JSON.parse(readFileSync(config, 'utf8')) as Record<string, unknown>;
    assert.deepEqual(stated['quantization'], { schema: 'symmetric', precision: 'int16', channelwise: false });
    assert.equal(stated['run'], 'none', 'what else is remembered stays');
    const toast = page.locator('.notification-toast', {
      hasText: 'is ported with int16 symmetric, per tensor',
    });
    await toast.getByText('Port Model to Board').waitFor();
    await workbench.screenshot('explore-taken');
    await toast.getByText('Port Model to Board').click();
    await until(async () => (await page.locator('.quick-input-widget').innerText()).includes('mnist'));
  });
});
