import assert from 'node:assert/strict';
import { compileBundle } from '../../../extension/compiler/compile.ts';
import { interpret } from '../../../extension/quantize/interpret.ts';
import { DEFAULT_QUANTIZE_OPTIONS } from '../../../extension/quantize/options.ts';
import { quantize } from '../../../extension/quantize/quantize.ts';
import { qvalue } from '../../../extension/quantize/quantizedGraph.ts';
import { HostModels } from '../../support/hostModels.ts';
import { fromBytes, toBytes } from '../../support/quantized.ts';
import { portableTarget } from '../../support/targets.ts';
import { asFile, asGiven, type GoldenEnd, goldenNetwork, goldens } from './goldens.ts';

/** Networks with float32, uint8 and int8 ends, and one whose values are read by several nodes. */
const NETWORKS = ['net_float_io_i8', 'net_uint8_io_i8', 'net_residual_i8'];

describe('quantize: TensorFlow Lite networks of integers with float32 placeholders', () => {
  const all = goldens();
  const cases = NETWORKS.map((name) => {
    const graph = goldenNetwork(name)!;
    const quantized = (floatPlaceholders: boolean) =>
      quantize(graph, new Map(), { ...DEFAULT_QUANTIZE_OPTIONS, floatPlaceholders });
    const [integers, floats] = [quantized(false), quantized(true)];
    const { inputs, outputs } = all.get(name)!;
    const bundle = compileBundle(floats, { name, target: portableTarget(0) });
    const real = (end: GoldenEnd, run: readonly number[]) =>
      Float32Array.from(
        end.type === 'float32'
          ? run
          : asFile(
              { type: 'float32' },
              asGiven(end, run, qvalue(integers, end.name)),
              qvalue(integers, end.name),
            ),
      );
    const runs = inputs[0]!.runs.map((_, k) => ({
      given: new Map(inputs.map((end) => [end.name, real(end, end.runs[k]!)])),
      expected: new Map(outputs.map((end) => [end.name, Array.from(real(end, end.runs[k]!))])),
    }));
    return { name, floats, bundle, runs };
  });

  for (const { name, floats, runs } of cases) {
    it(`${name}: real numbers in and out, and the integers of the file between`, () => {
      for (const { given, expected } of runs) {
        const results = interpret(floats, given);
        for (const [output, reals] of expected) assert.deepEqual(Array.from(results.get(output)!), reals);
      }
      const ends = [...floats.inputs, ...floats.outputs];
      assert.ok(ends.every((end) => qvalue(floats, end).type === 'float32'));
    });
  }

  it('the same in C', () => {
    const models = new HostModels(cases.map(({ bundle }) => bundle));
    try {
      const requests = cases.flatMap(({ bundle, runs }) =>
        runs.map(({ given, expected }) => ({
          ...{ bundle, expected },
          inputs: new Map([...given].map(([input, x]) => [input, toBytes(x, 'float32')])),
        })),
      );
      models.run(requests).forEach((outputs, k) => {
        for (const [output, reals] of requests[k]!.expected) {
          assert.deepEqual(fromBytes(outputs.get(output)!, 'float32'), reals);
        }
      });
    } finally {
      models.remove();
    }
  });
});
