import assert from 'node:assert/strict';
import { copyFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { findBoard } from '../../../extension/board/catalogue.ts';
import type { AnyPortResult } from '../../../extension/workflow/port/portCompiled.ts';
import { PUBLIC_MODELS, publicModel, publicSamples } from '../../support/publicModels.ts';
import {
  cleanWorkspace,
  errorsShown,
  eventually,
  inWorkspace,
  picking,
  services,
  type ShownMessage,
  writeConfig,
} from './support.ts';

const root = process.env['GLOWPORT_ROOT'] ?? '';

/** A port of a file, as from its menu; the questions are answered by their entries' labels. */
async function ported(name: string, answers: readonly string[]): Promise<readonly string[]> {
  const port = () => vscode.commands.executeCommand('glowport.port', vscode.Uri.file(inWorkspace(name)));
  const asked = await picking(answers, port);
  return asked.map((pick) => pick.placeholder);
}

/** What a port gives that `work` starts. */
async function resultOf(work: () => Promise<unknown>): Promise<AnyPortResult | undefined> {
  const { lastResult } = await services();
  const before = lastResult.value;
  await work();
  return lastResult.value === before ? undefined : lastResult.value;
}

describe('models of other formats, and other data than pictures', () => {
  before(services);
  beforeEach(cleanWorkspace);
  after(cleanWorkspace);

  it('a quantized model is asked nothing of samples, and runs on made-up numbers', async () => {
    const { extensionPath } = vscode.extensions.getExtension('glowport.glowport')!;
    copyFileSync(path.join(extensionPath, 'examples/mnist/mnist.tflite'), inWorkspace('mnist.tflite'));
    let asked: readonly string[] = [];
    const result = await resultOf(async () => {
      asked = await ported('mnist.tflite', ['FRDM-KE16Z', 'Made-up Numbers', 'Simulated Board']);
    });
    assert.ok(!asked.some((placeholder) => /samples/.test(placeholder)), asked.join('; '));
    assert.deepEqual([result?.input, result?.comparison?.match], ['madeUp', true]);
  });

  it('files of numbers beside the model are offered as samples and as test data', async () => {
    const { extensionPath } = vscode.extensions.getExtension('glowport.glowport')!;
    copyFileSync(path.join(extensionPath, 'examples/mnist/mnist.h5'), inWorkspace('mnist.h5'));
    writeFileSync(inWorkspace('x_test.npy'), publicSamples([28, 28, 1]));
    writeFileSync(inWorkspace('y_test.npy'), publicSamples([1]));
    const result = await resultOf(() => ported('mnist.h5', ['x_test.npy', 'FRDM-KE16Z', 'Simulated Board']));
    assert.equal(result?.comparison?.match, true);
    assert.equal(result?.kind === 'model' && result.sampleCount, 4);
  });

  const atHand = PUBLIC_MODELS.filter(({ file }) => publicModel(file, root));
  if (atHand.length === 0) it.skip('public models: need ../shared/models, or GLOWPORT_MODELS');
  for (const { file, board = 'frdmke17z', shape, refused } of atHand) {
    const model = publicModel(file, root)!;
    const title = refused ? `${file} is refused` : `${file} prints what the PC computes`;
    it(title, async () => {
      copyFileSync(model, inWorkspace(file));
      if (shape) writeFileSync(inWorkspace('samples.npy'), publicSamples(shape));
      await writeConfig({ model: file, board, samples: shape ? ['samples.npy'] : [], input: undefined });
      const uri = vscode.Uri.file(inWorkspace(file));
      const goOn = `Go On with ${findBoard(board).name}`; // where the wizard says that it does not fit
      const answers = ['Start', 'Simulated Board', 'Made-up Numbers', 'samples.npy', goOn];
      const port = () => picking(answers, () => vscode.commands.executeCommand('glowport.port', uri));
      let shown: readonly ShownMessage[] = [];
      const result = await resultOf(async () => {
        shown = await errorsShown(port);
      });
      const messages = shown.map((s) => s.message).join('; ');
      if (refused) assert.match(messages, refused);
      else assert.equal(result?.comparison?.match, true, messages);
      // the report of what is ported, and of what is refused
      await vscode.commands.executeCommand('glowport.inspect', uri);
      await eventually(() => {
        const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
        return input instanceof vscode.TabInputCustom && input.uri.path.endsWith(file);
      }, `the report of ${file} is open`);
    });
  }
});
