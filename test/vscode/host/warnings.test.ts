import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import * as vscode from 'vscode';
import { onnxModel } from '../../model/onnxBuilder.ts';
import { Random } from '../../support/random.ts';
import {
  cleanWorkspace,
  eventually,
  inWorkspace,
  services,
  type ShownMessage,
  warningsShown,
  writeConfig,
} from './support.ts';

const run = (): Thenable<unknown> => vscode.commands.executeCommand('glowport.runSimulated');

/** A network of ten classes, one channel of which takes the whole range, while only the other is looked at. */
function spoiledByQuantization(): Uint8Array {
  const random = new Random(3);
  const weights = (n: number, scale: number): number[] =>
    Array.from({ length: n }, () => (random.next() - 0.5) * scale);
  return onnxModel({
    inputs: [{ name: 'x', shape: [1, 1, 28, 28] }],
    initializers: {
      w1: { dims: [2, 1, 7, 7], floats: [...weights(49, 0), ...weights(49, 1)] },
      b1: { dims: [2], floats: [500, 0] },
      w2: { dims: [4, 2, 3, 3], floats: weights(72, 1).map((w, i) => (Math.floor(i / 9) % 2 === 0 ? 0 : w)) },
      w3: { dims: [10, 100], floats: weights(1000, 0.2) },
    },
    nodes: [
      {
        op: 'Conv',
        inputs: ['x', 'w1', 'b1'],
        outputs: ['c1'],
        attributes: { strides: { ints: [2, 2] }, kernel_shape: { ints: [7, 7] } },
      },
      {
        op: 'Conv',
        inputs: ['c1', 'w2'],
        outputs: ['c2'],
        name: 'second',
        attributes: { strides: { ints: [2, 2] }, kernel_shape: { ints: [3, 3] } },
      },
      { op: 'Flatten', inputs: ['c2'], outputs: ['f'] },
      { op: 'Gemm', inputs: ['f', 'w3'], outputs: ['y'], attributes: { transB: { i: 1 } } },
    ],
    outputs: ['y'],
  });
}

describe('warnings that ask', () => {
  before(services);
  beforeEach(cleanWorkspace);
  after(cleanWorkspace);

  it("a user's own file in the way is kept or overwritten, as they say", async () => {
    const own = inWorkspace('glowport', 'mnist-frdmke16z', 'source', 'main.c');
    for (const answer of ['Keep', 'Overwrite']) {
      await cleanWorkspace();
      await writeConfig({ run: 'none' });
      mkdirSync(inWorkspace('glowport', 'mnist-frdmke16z', 'source'), { recursive: true });
      writeFileSync(own, '/* mine */ int main(void) { for (;;) { } }');
      const generate = (): Thenable<unknown> => vscode.commands.executeCommand('glowport.generate');
      const [shown] = await warningsShown(generate, () => answer);
      assert.match(shown!.message, /GlowPort did not write .*main\.c/);
      assert.deepEqual(shown!.buttons, ['Overwrite', 'Keep']);
      assert.equal(readFileSync(own, 'utf8').startsWith('/* mine */'), answer === 'Keep');
    }
  });

  it('a network that quantization has changed is ported again with the choice that keeps it', async () => {
    writeFileSync(inWorkspace('far.onnx'), spoiledByQuantization());
    await writeConfig({ model: 'far.onnx' });
    const config = (): string => readFileSync(inWorkspace('glowport.json'), 'utf8');
    const again = ({ buttons }: ShownMessage): string | undefined =>
      buttons.find((b) => b.startsWith('Port Again with'));
    const shown = await warningsShown(async () => {
      await run();
      await eventually(() => config().includes('int16'), 'ported again');
    }, again);
    assert.equal(shown.length, 1, JSON.stringify(shown));
    assert.match(shown[0]!.message, /quantization has changed the network/);
    assert.match(shown[0]!.message, /Most is lost in second/);
    assert.equal(again(shown[0]!), 'Port Again with precision int16');
    const { quantization } = JSON.parse(config()) as { quantization: unknown };
    assert.deepEqual(quantization, { precision: 'int16' });
  });
});
