import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { DEFAULT_CHOICES } from '../../extension/workflow/choices/choices.ts';
import { UserError } from '../../extension/common/error.ts';
import { compileByGlow } from '../../extension/workflow/steps/glow/compileByGlow.ts';
import { profileByGlow } from '../../extension/workflow/steps/glow/profileByGlow.ts';
import { port } from '../../extension/workflow/port/port.ts';
import { portSummary } from '../../extension/workflow/port/summary.ts';
import { portText } from '../../extension/cli/commands/showPort.ts';
import { glowport } from '../cli/support.ts';
import { helloProject, writeTree } from '../project/mcuxpresso/projects.ts';
import { type ModelSpec, type NodeSpec, onnxModel } from '../model/onnxBuilder.ts';
import { example, folderForTests, glow, realGlow, request } from './tools.ts';
import { Random } from '../support/random.ts';

const random = new Random(11);
const [CHANNELS, SIDE] = [3, 13];
const INITIALIZERS: ModelSpec['initializers'] = {
  w: { dims: [CHANNELS, 1, 3, 3], floats: random.floats(CHANNELS * 9, -0.5, 0.5) },
  b: { dims: [CHANNELS], floats: random.floats(CHANNELS, -0.5, 0.5) },
  v: { dims: [CHANNELS * SIDE * SIDE, 4], floats: random.floats(CHANNELS * SIDE * SIDE * 4, -1, 1) },
  ...{ s: { dims: [CHANNELS], floats: [0.5, 1, 2] }, z: { dims: [CHANNELS], floats: [0.1, 0.2, 0.3] } },
  flat: { dims: [2], ints: [1, CHANNELS * SIDE * SIDE] },
};
const conv = (output: string): NodeSpec => ({
  op: 'Conv',
  inputs: ['x', 'w', 'b'],
  outputs: [output],
  attributes: { strides: { ints: [2, 2] } },
});

describe(`glow: what Glow leaves in float (${realGlow ? 'real tools' : 'stand-ins'})`, () => {
  const folder = folderForTests();

  const onnxFile = (nodes: readonly NodeSpec[]): Uint8Array =>
    onnxModel({
      nodes,
      inputs: [{ name: 'x', shape: [1, 1, 28, 28] }],
      outputs: ['y'],
      initializers: INITIALIZERS,
      opset: 11,
    });

  async function ported(name: string, nodes: readonly NodeSpec[]) {
    const file = path.join(folder.path(), `${name}.onnx`);
    await writeFile(file, onnxFile(nodes));
    return port(
      {
        ...DEFAULT_CHOICES,
        model: file,
        samples: [path.join(example, 'samples')],
        board: 'frdmke16z',
        compiler: 'glow',
        quantization: { ...DEFAULT_CHOICES.quantization, channelwise: false },
        out: path.join(folder.path(), name),
      },
      {},
      { tools: { glow }, glowCache: null },
    );
  }

  const ends: Readonly<Record<string, readonly NodeSpec[]>> = {
    conv: [conv('y')],
    reshape: [conv('c'), { op: 'Reshape', inputs: ['c', 'flat'], outputs: ['y'] }],
    transpose: [
      conv('c'),
      { op: 'Transpose', inputs: ['c'], outputs: ['y'], attributes: { perm: { ints: [0, 3, 1, 2] } } },
    ],
  };
  for (const [end, nodes] of Object.entries(ends)) {
    it(`a network that ends in ${end} has an integer output, its elements in the model's order`, async () => {
      const result = await ported(end, nodes);
      const output = result.bundle.placeholders.find((p) => p.direction === 'output')!;
      assert.equal(output.type, 'int8');
      assert.deepEqual(output.shape, result.graph.values.get('y')!.shape);
      const { distance, match, floatKinds } = portSummary(result);
      assert.ok(distance!.steps <= 2 && distance!.close, JSON.stringify(distance));
      assert.deepEqual([match, floatKinds, result.bundle.softFloat], [true, undefined, undefined]);
      // a list is classes, a map an output by its name
      const { confidences, others = [] } = result.run!.report;
      const printed = confidences.length + others.reduce((n, o) => n + o.values.size, 0);
      assert.equal(printed, CHANNELS * SIDE * SIDE);
    });
  }

  it('with a profile of the user, which is of the model as it is, the float output is refused', async () => {
    const model = path.join(folder.path(), 'given.onnx');
    await writeFile(model, onnxFile(ends['conv']!));
    const asked = await request({ model });
    const profile = { text: (await profileByGlow(asked)).text, file: 'my.yaml' };
    await assert.rejects(compileByGlow({ ...asked, profile }), (e) => {
      assert.ok(e instanceof UserError);
      assert.equal(e.message, 'Glow leaves the output y in float.');
      assert.deepEqual(e.remedies, [{ do: 'measureInstead' }]);
      return true;
    });
  });

  it('floating point of a core without an FPU is linked, and its price told', async () => {
    const result = await ported('normalized', [
      conv('c'),
      { op: 'Relu', inputs: ['c'], outputs: ['r'] },
      { op: 'BatchNormalization', inputs: ['r', 's', 'z', 'z', 's'], outputs: ['n'] },
      { op: 'Flatten', inputs: ['n'], outputs: ['f'] },
      { op: 'Gemm', inputs: ['f', 'v'], outputs: ['y'] },
    ]);
    assert.match(result.bundle.softFloat!, /float __mulsf3\(float a, float b\)/);
    assert.ok(result.run!.cycles! > 0);
    const { libraryBytes } = result.model;
    assert.ok(libraryBytes > 500, `${libraryBytes}`);
    assert.match(
      portText(result),
      new RegExp(`^Float .* in software: ${libraryBytes} bytes of gcc's library`, 'm'),
    );
    // in a project of the user's too
    const hello = path.join(folder.path(), 'hello');
    await writeTree(hello, helloProject('hello'));
    const input = path.join(example, 'samples', '0000_7.png');
    const args = ['into', hello, '--bundle', result.bundleFolder, '--input', input, '--json'];
    const { code, out, err } = await glowport(folder.path(), ...args);
    assert.equal(code, 0, err);
    const { changed, notes } = JSON.parse(out) as { changed: string[]; notes: string[] };
    assert.ok(changed.includes('source/normalized_float.c'), changed.join());
    assert.match(notes.join('\n'), new RegExp(`in software: ${libraryBytes} bytes of gcc's library`));
  });
});
