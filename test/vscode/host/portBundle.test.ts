import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import type { CompiledResult } from '../../../extension/workflow/port/portCompiled.ts';
import { cleanWorkspace, errorsShown, inWorkspace, services, writeConfig } from './support.ts';

/** Takes what each quick pick offers first until the work is done. */
async function accepting<T>(work: Thenable<T>): Promise<T> {
  let isDone = false;
  const done = Promise.resolve(work).finally(() => (isDone = true));
  while (!isDone) {
    await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  return done;
}

describe('Port Bundle to Board', () => {
  const byHand = (ending: string): string => inWorkspace('by-hand', `mnist.${ending}`);
  before(async () => {
    await services();
    await cleanWorkspace();
    await writeConfig();
    await vscode.commands.executeCommand('glowport.compile');
    mkdirSync(inWorkspace('by-hand'));
    for (const ending of ['h', 'o', 'weights.txt']) {
      copyFileSync(inWorkspace(`glowport/mnist-frdmke16z-bundle/mnist.${ending}`), byHand(ending));
    }
  });
  after(cleanWorkspace);

  it('asks for board and test image, and shows what the board printed, without a verdict', async () => {
    const weights = vscode.Uri.file(byHand('weights.txt'));
    const result = await accepting(
      vscode.commands.executeCommand<CompiledResult>('glowport.portBundle', weights),
    );
    assert.equal(result.kind, 'compiled');
    assert.equal(result.run?.report.confidences.length, 10);
    assert.deepEqual([result.comparison, result.pc, result.graph], [undefined, undefined, undefined]);
    assert.equal((await services()).lastResult.value, result);
    assert.equal(path.dirname(result.project), inWorkspace('glowport'));
  });

  it('says what is wrong with a bundle', async () => {
    writeFileSync(byHand('o'), 'no object');
    const bundle = vscode.Uri.file(byHand('h'));
    const [shown] = await errorsShown(() =>
      accepting(vscode.commands.executeCommand('glowport.portBundle', bundle)),
    );
    assert.match(shown!.message, /no object file of a microcontroller/);
  });
});
