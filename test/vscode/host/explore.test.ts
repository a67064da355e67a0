import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import * as vscode from 'vscode';
import type { Exploration } from '../../../extension/workflow/explore/explored.ts';
import { cleanWorkspace, errorsShown, eventually, inWorkspace, services, writeConfig } from './support.ts';

describe('Explore Quantization', () => {
  before(async () => {
    await services();
    await cleanWorkspace();
    await writeConfig({ quantization: { range: 'mse' } });
  });
  after(cleanWorkspace);

  it('tries the variants of what is remembered, and shows them', async () => {
    const found = await vscode.commands.executeCommand<Exploration>('glowport.explore');
    assert.equal(found.variants.length, 34);
    assert.ok(found.variants.every((v) => 'figures' in v.outcome));
    const [chosen] = found.variants.filter((v) => v.isChosen);
    assert.equal(chosen!.variant.quantization.range, 'mse');
    await eventually(
      () => vscode.window.tabGroups.activeTabGroup.activeTab?.label === 'Variants of mnist.onnx',
      'the page is open',
    );
    // glowport.json is as it was: nobody has chosen
    assert.match(readFileSync(inWorkspace('glowport.json'), 'utf8'), /"range":"mse"/);
  });

  it('uses the page that is open already', async () => {
    await vscode.commands.executeCommand('glowport.explore');
    const tabs = vscode.window.tabGroups.all
      .flatMap((g) => g.tabs)
      .filter((t) => /^Variants of/.test(t.label));
    assert.equal(tabs.length, 1);
  });

  it('is of the built-in compiler, and says so where Glow is chosen', async () => {
    await writeConfig({ compiler: 'glow' });
    const shown = await errorsShown(() => vscode.commands.executeCommand('glowport.explore'));
    assert.equal(shown.length, 1);
    assert.match(
      shown[0]!.message,
      /^Variants are explored with the built-in compiler, and Glow is chosen\./,
    );
  });
});
