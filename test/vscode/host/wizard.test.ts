import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { encodePng } from '../../../extension/image/png.ts';
import { onnxModel } from '../../model/onnxBuilder.ts';
import { until } from '../../support/until.ts';
import {
  cleanWorkspace,
  errorsShown,
  inWorkspace,
  picking,
  services,
  type ShownPick,
  writeConfig,
} from './support.ts';

const config = () => readFileSync(inWorkspace('glowport.json'), 'utf8');
const isNothingLeft = () => !existsSync(inWorkspace('glowport.json')) && !existsSync(inWorkspace('glowport'));
const model = () => vscode.Uri.file(inWorkspace('mnist.onnx'));
const port = (uri = model()) => vscode.commands.executeCommand('glowport.port', uri);
const labels = ({ items }: ShownPick) => items.map((i) => i.label);

/** Pictures in a folder of the workspace. */
function putPictures(folder: string, names: readonly string[], width: number, height: number): void {
  mkdirSync(inWorkspace(folder), { recursive: true });
  const data = Uint8Array.from({ length: width * height }, (_, i) => (i * 37) % 256);
  for (const name of names) {
    writeFileSync(inWorkspace(folder, name), encodePng({ width, height, channels: 1, data }));
  }
}

/** Answers of a wizard in their order; the one behind them is left. */
const inTurn =
  (...answers: readonly string[]) =>
  (_: ShownPick, index: number) =>
    answers[index];

describe('the port wizard refuses at the question that decides it', () => {
  before(services);
  beforeEach(async () => {
    await cleanWorkspace();
    (await services()).selectedBoard.set('frdmke16z');
  });
  after(async () => {
    await vscode.workspace.getConfiguration('glowport').update('toolchain.path', undefined, true);
    await cleanWorkspace();
  });

  it('a model that it cannot take, and one that is damaged, before anything is asked', async () => {
    const shape = { name: 'x', shape: [1, 4] };
    const node = { op: 'Det', inputs: ['x'], outputs: ['y'] };
    writeFileSync(inWorkspace('refused.onnx'), onnxModel({ inputs: [shape], nodes: [node], outputs: ['y'] }));
    writeFileSync(inWorkspace('damaged.onnx'), readFileSync(model().fsPath).subarray(0, 2000));
    for (const [name, button] of [
      ['refused', 'Inspect Model'],
      ['damaged', undefined],
    ] as const) {
      let asked: readonly ShownPick[] = [];
      const uri = vscode.Uri.file(inWorkspace(`${name}.onnx`));
      const shown = await errorsShown(async () => void (asked = await picking([], () => port(uri))));
      assert.equal(shown.length, 1, name);
      assert.match(shown[0]!.message, new RegExp(`^${name}\\.onnx`));
      assert.ok(button === undefined || shown[0]!.buttons.includes(button), shown[0]!.buttons.join());
      assert.equal(asked.length, 0, `${name}: ${asked.map((p) => p.placeholder).join()}`);
    }
    assert.ok(isNothingLeft());
  });

  it('samples of another size: says both, resizes them on demand, takes the test data of them, and remembers it', async () => {
    putPictures('wrong', ['a_1.png', 'b_2.png'], 64, 48);
    const answers = inTurn('wrong', 'Resize', 'a_1.png', 'Simulated Board');
    const [samples, refusal, testData, ...others] = await picking(answers, () => port());
    assert.ok(labels(samples!).includes('wrong'));
    assert.match(
      refusal!.placeholder,
      /^Of 2 samples 2 cannot be used: a_1\.png is 64 x 48 pixels, the model takes 28 x 28\.$/,
    );
    assert.deepEqual(labels(refusal!), ['Resize', 'Choose Other Samples']);
    assert.equal(testData!.focused(), 'a_1.png', 'the first of the samples');
    assert.equal(others.length, 1, 'where it runs');
    const written = JSON.parse(config()) as Record<string, unknown>;
    assert.deepEqual(
      [written['samples'], written['input'], written['image']],
      [['wrong'], 'wrong/a_1.png', { resize: true }],
    );
  });

  it('an empty folder and one of texts, and asks for others; a folder with one picture is right', async () => {
    mkdirSync(inWorkspace('empty'));
    mkdirSync(inWorkspace('texts'));
    writeFileSync(inWorkspace('texts', 'notes.txt'), 'text');
    putPictures('one', ['a.png'], 28, 28);
    const folders = ['empty', 'texts'];
    const real = vscode.window.showOpenDialog;
    const chosen = () => Promise.resolve([vscode.Uri.file(inWorkspace(folders.shift()!))]);
    Object.assign(vscode.window, { showOpenDialog: chosen });
    try {
      const other = 'Choose Other Samples';
      const answers = inTurn('Choose a Folder…', other, 'Choose a Folder…', other, 'one');
      const shown = await picking(answers, () => port());
      assert.match(shown[1]!.placeholder, /^There are no samples in .*empty/);
      assert.match(shown[3]!.placeholder, /texts, only files of other kinds \(notes\.txt\)\.$/);
      assert.equal(shown[4]!.items.find((i) => i.label === 'one')?.description, '1 picture');
      assert.equal(shown[5]!.focused(), 'a.png');
      assert.equal(shown.length, 6);
    } finally {
      Object.assign(vscode.window, { showOpenDialog: real });
    }
    assert.ok(isNothingLeft());
  });

  it('says that remembered samples are gone', async () => {
    await writeConfig({ samples: ['vanished'] });
    const [first] = await picking([], () => port());
    assert.match(first!.placeholder, /^vanished is gone\. Choose samples/);
  });

  it('a board that the network does not fit, with what helps; the list of boards begins at one that it fits', async () => {
    (await services()).selectedBoard.set('frdmke04z');
    const answers = inTurn('calibration', 'Choose Another Board');
    const [, refusal, boards] = await picking(answers, () => port());
    assert.match(refusal!.placeholder, /^mnist does not fit FRDM-KE04Z: it needs .* RAM, has 1 KB/);
    assert.deepEqual(labels(refusal!), [
      'Reuse the Input’s Memory',
      'Choose Another Board',
      'Go On with FRDM-KE04Z',
    ]);
    const below = labels(boards!).slice(labels(boards!).indexOf('Does not fit') + 1);
    assert.ok(below.includes('FRDM-KE04Z') && !below.includes('FRDM-KE16Z'), below.join());
    assert.notEqual(boards!.focused(), 'FRDM-KE04Z');
    const reusing = inTurn('calibration', 'Reuse the Input’s Memory', '00000_5.png');
    const shown = await picking(reusing, () => port());
    assert.match(shown[3]!.placeholder, /Choose where it runs/);
    assert.ok(isNothingLeft());
  });

  it('test data of another size', async () => {
    putPictures('wrong', ['a_1.png'], 64, 48);
    const [, , refusal] = await picking(inTurn('calibration', 'a_1.png'), () => port());
    assert.match(refusal!.placeholder, /^a_1\.png is 64 x 48 pixels, the model takes 28 x 28\.$/);
    assert.deepEqual(labels(refusal!), ['Resize', 'Choose Other Test Data']);
  });

  it('a failed run leaves nothing behind, and nobody is asked again', async () => {
    const settings = vscode.workspace.getConfiguration('glowport');
    await settings.update('toolchain.path', '/nowhere/gcc', true);
    const wizard = () => picking(['calibration', '0000_7.png', 'Simulated Board'], () => port());
    assert.equal((await errorsShown(wizard)).length, 1);
    assert.ok(isNothingLeft());
    await settings.update('toolchain.path', undefined, true);
    const [review] = await picking([], () => port());
    assert.equal(labels(review!)[0], 'Start');
    assert.equal(
      review!.items.find((i) => i.label === 'Test data')?.description,
      path.join('samples', '0000_7.png'),
    );
  });

  it('a failed run changes no glowport.json; Resize on its error runs again, and then it is remembered', async () => {
    putPictures('wrong', ['a_1.png', 'b_2.png'], 64, 48);
    await writeConfig({ samples: ['wrong'], input: 'wrong/a_1.png' });
    const before = config();
    const { lastResult } = await services();
    const last = lastResult.value;
    const failing = await errorsShown(() => picking(['Start'], () => port()));
    assert.match(failing[0]!.message, /a_1\.png is 64 x 48 pixels, the model takes 28 x 28/);
    assert.deepEqual(failing[0]!.buttons, ['Resize', 'Show Log']);
    assert.equal(config(), before);
    await picking(['Start'], () =>
      errorsShown(
        async () => {
          await port();
          await until(() => lastResult.value !== last);
        },
        () => 'Resize',
      ),
    );
    assert.deepEqual((JSON.parse(config()) as { image?: unknown }).image, { resize: true });
  });
});
