import assert from 'node:assert/strict';
import type { Bundle } from '../../extension/bundle/bundle.ts';
import { compileBundle } from '../../extension/compiler/compile.ts';
import { interpret } from '../../extension/quantize/interpret.ts';
import { DEFAULT_QUANTIZE_OPTIONS, type QuantizeOptions } from '../../extension/quantize/options.ts';
import { profile } from '../../extension/quantize/profile.ts';
import { quantize } from '../../extension/quantize/quantize.ts';
import { CompiledModels } from '../support/compiledModel.ts';
import { NetworkMaker } from '../support/network.ts';
import { fromBytes, quantizeInputs, toBytes } from '../support/quantized.ts';
import { Random } from '../support/random.ts';
import { randomInputs } from '../support/randomGraph.ts';
import { targetFor } from '../../extension/compiler/target/targets.ts';

interface Shape {
  readonly image: readonly [number, number, number];
  readonly kernel?: number;
  readonly channels: number;
  readonly groups?: number;
  readonly pool?: number;
  readonly clamp?: 'none' | 'relu' | 'relu6';
  readonly dense?: boolean;
  readonly depthwise?: boolean;
  readonly stride?: number;
  /** The layer's output is a placeholder (int8), not inner memory (uint8). */
  readonly last?: boolean;
  readonly options?: Partial<QuantizeOptions>;
}

/** Vectors of whole rounds and with a rest, blocks of channels that are whole and that are not, and every form of output. */
const SHAPES: readonly Shape[] = [
  { image: [3, 3, 8], channels: 8 },
  { image: [2, 3, 19], channels: 4 },
  { image: [2, 2, 21], channels: 7, clamp: 'none' },
  { image: [4, 3, 3], kernel: 3, channels: 6, clamp: 'relu6' },
  { image: [3, 4, 3], kernel: 2, channels: 12, last: true },
  { image: [4, 4, 4], kernel: 3, channels: 8, pool: 2 },
  { image: [4, 6, 17], kernel: 1, channels: 11, pool: 2, clamp: 'none' },
  { image: [3, 3, 12], kernel: 3, channels: 12, groups: 3 },
  { image: [3, 3, 8], kernel: 2, channels: 14, groups: 2, clamp: 'relu6' },
  { image: [5, 5, 3], channels: 28, dense: true },
  { image: [1, 1, 37], channels: 10, dense: true, last: true },
  { image: [1, 1, 64], channels: 3, dense: true, clamp: 'none' },
  { image: [4, 4, 4], kernel: 3, channels: 8, options: { channelwise: false } },
  { image: [4, 4, 4], kernel: 3, channels: 8, options: { weightSchema: 'symmetric_with_power2_scale' } },
  { image: [4, 5, 7], kernel: 3, channels: 7, depthwise: true },
  { image: [5, 6, 200], kernel: 3, channels: 200, depthwise: true, clamp: 'none' },
  { image: [7, 6, 33], kernel: 5, channels: 33, depthwise: true, stride: 2, last: true },
  { image: [4, 4, 3], kernel: 2, channels: 3, depthwise: true, clamp: 'relu6', last: true },
  { image: [6, 300, 4], kernel: 4, channels: 4, depthwise: true, options: { channelwise: false } },
  { image: [2, 2, 250], channels: 8, options: { schema: 'asymmetric', range: 'minmax' } },
];

function caseOf(shape: Shape, index: number) {
  const random = new Random(500 + index);
  const { image, kernel = 1, channels, groups, pool, depthwise, stride, clamp = 'relu' } = shape;
  const maker = new NetworkMaker(random, [1, ...image]).conv(image[2], {
    kernel: [1, 1],
    depthwise: true,
    clamp: 'none',
  });
  if (shape.dense) maker.dense(channels, clamp);
  else
    maker.conv(channels, {
      kernel: [kernel, kernel],
      clamp,
      ...(groups ? { groups } : {}),
      ...(depthwise ? { depthwise } : {}),
      ...(stride ? { stride } : {}),
    });
  if (pool) maker.pool('maxpool', [pool, pool]);
  if (!shape.last) maker.softmax();
  const graph = maker.finish(`net${index}`);
  const samples = Array.from({ length: 4 }, () => randomInputs(graph, random));
  const options = { ...DEFAULT_QUANTIZE_OPTIONS, ...shape.options };
  const quantized = quantize(graph, profile(graph, samples.slice(0, 2)), options);
  // room for the taps of one channel, not to unroll the layer
  const target = targetFor('cortex-m0plus', depthwise ? 250 : 0);
  return { quantized, samples, bundle: compileBundle(quantized, { name: graph.name, target }) };
}

/** The bundle with the C that other cores and compilers take. */
function withoutAssembly(bundle: Bundle): Bundle {
  return { ...bundle, source: bundle.source!.replace(/^(#define \w+_THUMB) 1$/m, '$1 0') };
}

describe('layers with streamed weights in Thumb assembly', () => {
  const cases = SHAPES.map(caseOf);
  for (const [label, form] of [
    ['the assembly', (b: Bundle) => b],
    ['the C beside it', withoutAssembly],
  ] as const) {
    it(`${label} equals the interpreter in every byte`, () => {
      const models = new CompiledModels(cases.map((c) => form(c.bundle)));
      for (const { quantized, samples, bundle } of cases) {
        assert.ok(bundle.layers.find((l) => l.name === 'layer_1')!.variant.startsWith('thumb '), bundle.name);
        for (const sample of samples) {
          const inputs = quantizeInputs(quantized, sample);
          const bytes = new Map([['input', toBytes(inputs.get('input')!, 'int8')]]);
          const { outputs } = models.run(bundle, bytes);
          const [output] = quantized.outputs;
          assert.deepEqual(
            fromBytes(outputs.get(output!)!, 'int8'),
            Array.from(interpret(quantized, inputs).get(output!)!),
            bundle.name,
          );
        }
      }
    });
  }

  it('layers share the routines', () => {
    const random = new Random(3);
    const maker = new NetworkMaker(random, [1, 1, 1, 32]).dense(32, 'relu');
    for (let i = 0; i < 6; i++) maker.dense(32, 'relu');
    const graph = maker.softmax().finish('deep');
    const quantized = quantize(
      graph,
      profile(graph, [randomInputs(graph, random)]),
      DEFAULT_QUANTIZE_OPTIONS,
    );
    const { source } = compileBundle(quantized, {
      name: 'deep',
      target: targetFor('cortex-m0plus', 0),
    });

    const routines = source!.match(/static void deep_dot4\w*\(/g)!;
    assert.equal(new Set(routines).size, routines.length);
    assert.ok(routines.length <= 3, routines.join(' ')); // the first layer's int8, multipliers of 8 and 16 bits
    assert.equal(source!.match(/^ {2}deep_dot4\w*\(in, &dot\);$/gm)!.length, 6);
  });
});
