import assert from 'node:assert/strict';
import { compileBundle } from '../../extension/compiler/compile.ts';
import { type Graph, NO_CLAMP } from '../../extension/model/graph.ts';
import { interpret } from '../../extension/quantize/interpret.ts';
import { DEFAULT_QUANTIZE_OPTIONS } from '../../extension/quantize/options.ts';
import { profile } from '../../extension/quantize/profile.ts';
import { quantize } from '../../extension/quantize/quantize.ts';
import { CompiledModels } from '../support/compiledModel.ts';
import { NetworkMaker } from '../support/network.ts';
import { fromBytes, quantizeInputs, toBytes } from '../support/quantized.ts';
import { Random } from '../support/random.ts';
import { randomInputs } from '../support/randomGraph.ts';
import { targetFor } from '../../extension/compiler/target/targets.ts';

/** More than any layer below takes, so that assembly is always chosen. */
const UNLIMITED = 1 << 20;

describe('convolutions in Thumb assembly beyond the reach of branches and literals', () => {
  const shapes = [
    { pool: 3, channels: 16, image: [6, 9, 2] },
    { pool: 5, channels: 32, image: [5, 10, 1] },
    { pool: 7, channels: 9, image: [14, 7, 1] },
    { pool: 1, channels: 32, image: [4, 4, 3] },
    { pool: 2, channels: 12, image: [4, 100, 8] }, // rows further apart than two immediates
  ] as const;
  for (const { pool, channels, image } of shapes) {
    it(`${channels} channels on ${image.join('x')}, maximum of ${pool}x${pool}`, () => {
      const random = new Random(pool + channels);
      const maker = new NetworkMaker(random, [1, ...image])
        .conv(image[2], { kernel: [1, 1], depthwise: true, clamp: 'none' })
        .conv(channels, { kernel: [3, 3], clamp: 'none' });
      const graph = (pool > 1 ? maker.pool('maxpool', [pool, pool]) : maker).finish('net');
      const samples = Array.from({ length: 3 }, () => randomInputs(graph, random));
      const quantized = quantize(graph, profile(graph, samples), DEFAULT_QUANTIZE_OPTIONS);
      const bundle = compileBundle(quantized, {
        name: 'net',
        target: targetFor('cortex-m0plus', UNLIMITED),
      });
      assert.equal(bundle.layers.at(-1)!.variant, 'thumb');
      const models = new CompiledModels([bundle]);
      for (const sample of samples) {
        const inputs = quantizeInputs(quantized, sample);
        const { outputs } = models.run(bundle, new Map([['input', toBytes(inputs.get('input')!, 'int8')]]));
        const [output] = graph.outputs;
        assert.deepEqual(
          fromBytes(outputs.get(output!)!, 'int8'),
          Array.from(interpret(quantized, inputs).get(output!)!),
        );
      }
    });
  }

  it('reads taps of a row that lie behind the first of the next row: rows share their border', () => {
    const random = new Random(3);
    const shapes = { input: [1, 3, 3, 8], inner: [1, 3, 3, 8], output: [1, 3, 3, 4] };
    const values = new Map(Object.entries(shapes).map(([name, shape]) => [name, { name, shape }]));
    const graph: Graph = {
      name: 'net',
      inputs: [values.get('input')!],
      outputs: ['output'],
      values,
      states: [],
      constants: new Map(),
      nodes: [
        { kind: 'activation', name: 'a', inputs: ['input'], output: 'inner', fn: { type: 'tanh' } },
        {
          ...{ kind: 'conv2d', name: 'c', inputs: ['inner'], output: 'output', groups: 1, clamp: NO_CLAMP },
          ...{ weights: random.floats(4 * 6 * 8, -1, 1), bias: random.floats(4, -1, 1) },
          // the last tap of a row is 8 pixels from its first, the next row begins after 3 + 4
          ...{ kernel: [2, 3], strides: [1, 1], dilations: [1, 4] },
          pads: { top: 0, left: 4, bottom: 1, right: 4 },
        },
      ],
    };
    const sample = randomInputs(graph, random);
    const quantized = quantize(graph, profile(graph, [sample]), DEFAULT_QUANTIZE_OPTIONS);
    const bundle = compileBundle(quantized, { name: 'net', target: targetFor('cortex-m0plus', UNLIMITED) });
    assert.equal(bundle.layers.at(-1)!.variant, 'thumb');
    const inputs = quantizeInputs(quantized, sample);
    const bytes = new Map([['input', toBytes(inputs.get('input')!, 'int8')]]);
    const { outputs } = new CompiledModels([bundle]).run(bundle, bytes);
    const expected = Array.from(interpret(quantized, inputs).get('output')!);
    assert.deepEqual(fromBytes(outputs.get('output')!, 'int8'), expected);
  });
});
