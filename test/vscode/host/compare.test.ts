import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import type { PortResult } from '../../../extension/workflow/port/port.ts';
import { cleanWorkspace, errorsShown, eventually, inWorkspace, services, writeConfig } from './support.ts';

/** Glow as the setting takes it: the stand-ins of test/glow, as a command. */
const glow = JSON.stringify([
  process.execPath,
  path.join(process.env['GLOWPORT_STAND_IN'] ?? '', '{tool}.mjs'),
]);

describe('with Glow (stand-ins)', () => {
  const set = (key: string, value: unknown) =>
    vscode.workspace.getConfiguration('glowport').update(key, value, vscode.ConfigurationTarget.Workspace);
  before(async () => {
    await services();
    await cleanWorkspace();
    await writeConfig();
    await set('glow.path', glow);
  });
  after(async () => {
    for (const key of ['glow.path', 'compare.samples', 'compiler']) await set(key, undefined);
    await cleanWorkspace();
  });
  const compare = (...args: unknown[]) =>
    vscode.commands.executeCommand<string | undefined>('glowport.compare', undefined, ...args);

  it('Compare Built-in Compiler and Glow shows both side by side', async () => {
    const text = (await compare({ samples: 3 }))!;
    assert.match(text, /^# mnist.* on FRDM.*KE16Z: built-in compiler and Glow$/m);
    assert.match(text, /simulated .* with 3 samples/);
    for (const row of ['Code', 'Constants', 'Firmware, RAM', 'Cycles, mean', "Top1 as the float network's"]) {
      assert.match(text, new RegExp(`^\\| ${row} \\| [*\\d].* \\| [*\\d].* \\|$`, 'm'));
    }
    assert.match(text, /^Both say the same class for 3 of 3 samples/m);
    await eventually(
      () => vscode.window.tabGroups.activeTabGroup.activeTab?.label.includes('mnist – frdmke16z.md'),
      'the preview is open',
    );
  });

  it('takes the number of samples from the setting, and nonsense of a caller for none', async () => {
    await set('compare.samples', 2);
    assert.match((await compare())!, /with 2 samples/);
    assert.match((await compare({ samples: 'all' }))!, /with 2 samples/);
  });

  it('says in one sentence that Glow is not where the setting says', async () => {
    await set('glow.path', '/no/glow/here');
    const shown = await errorsShown(() => compare());
    await set('glow.path', glow);
    assert.equal(shown.length, 1);
    assert.match(
      shown[0]!.message,
      /^There are no image-classifier and model-compiler in \/no\/glow\/here\.$/,
    );
  });

  it("Profile Model writes Glow's profile beside ours where Glow is the compiler", async () => {
    await set('compiler', 'glow');
    await vscode.commands.executeCommand('glowport.profile');
    assert.ok(existsSync(inWorkspace('glowport', 'mnist.profile.yml')));
    assert.match(
      readFileSync(inWorkspace('glowport', 'mnist.profile.glow.yml'), 'utf8'),
      /GraphPreLowerHash/,
    );
  });

  it('ports with Glow: its bundle in the same project, run on the simulated board; the picker knows whose it is', async () => {
    await set('compiler', 'glow');
    const result = await vscode.commands.executeCommand<PortResult>('glowport.runSimulated');
    const { compiler, comparison, run } = result;
    assert.deepEqual([compiler, run?.report.top1, comparison?.match], ['glow', 7, true]);
    assert.ok(!existsSync(path.join(result.bundleFolder, 'mnist.c')), 'Glow gives an object, no source');
    // still so when the report has opened, which asks for the fits
    await eventually(
      () => vscode.window.tabGroups.all.some((g) => g.tabs.some((t) => t.label === 'mnist.onnx')),
      'the report is open',
    );
    const fits = (await services()).boardFits.value;
    assert.ok(fits.kind === 'ready' && fits.about === 'glow' && fits.fits.size === result.fit.length);
    assert.ok(result.fit.every((f) => f.board.core === 'cortex-m0plus'));
  });
});
