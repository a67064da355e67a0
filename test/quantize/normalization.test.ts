import assert from 'node:assert/strict';
import { UserError } from '../../extension/common/error.ts';
import { lowerLogSoftmax } from '../../extension/quantize/rows.ts';
import type { QuantizedValue } from '../../extension/quantize/quantizedGraph.ts';
import { evaluate } from '../../extension/model/evaluate.ts';
import { elements, type Graph } from '../../extension/model/graph.ts';
import { interpret } from '../../extension/quantize/interpret.ts';
import { DEFAULT_QUANTIZE_OPTIONS } from '../../extension/quantize/options.ts';
import { profile } from '../../extension/quantize/profile.ts';
import { quantize } from '../../extension/quantize/quantize.ts';
import { qvalue } from '../../extension/quantize/quantizedGraph.ts';
import { onnxModel } from '../model/onnxBuilder.ts';
import type { AttributeSpec } from '../model/onnxBuilder.ts';
import { importedOnnx } from '../support/importedOnnx.ts';
import { dequantizeAll, quantizeInputs } from '../support/quantized.ts';
import { Random } from '../support/random.ts';

/**
 * Most output steps that an int8 normalization may be off, given the same int8 input: half of one behind the factors and offsets,
 * and half a step of what is before them, which a factor enlarges.
 */
const MOST_STEPS = 1.75;

/** Numbers around a mean of their own for each row, some rows far narrower than others. */
function sample(r: Random, count: number, row: number): Float32Array {
  const data = new Float32Array(count);
  for (let i = 0; i < count; i += row) {
    const [mean, size] = [r.real(-1, 1), 10 ** r.real(-0.7, 0.3)];
    data.set(r.floats(row, mean - size, mean + size), i);
  }
  return data;
}

function network(
  op: string,
  shape: number[],
  channels: number,
  attributes: Record<string, AttributeSpec>,
  r: Random,
): Graph {
  const list = (min: number, max: number) => ({ dims: [channels], floats: r.floats(channels, min, max) });
  return importedOnnx(
    onnxModel({
      opset: 21,
      nodes: [{ op, inputs: ['x', 's', 'b'], outputs: ['y'], attributes }],
      inputs: [{ name: 'x', shape }],
      outputs: ['y'],
      initializers: { s: list(0.7, 1.3), b: list(-0.5, 0.5) },
    }),
    { name: 'net' },
  );
}

describe('normalizations in int8', () => {
  const kinds = [
    ['LayerNormalization', [1, 6, 24], 24, {}, 24],
    ['InstanceNormalization', [1, 5, 6, 7], 5, {}, 42],
    ['GroupNormalization', [1, 6, 4, 5], 6, { num_groups: { i: 2 } }, 60],
  ] as const;
  for (const [op, shape, channels, attributes, row] of kinds) {
    it(`${op} stays within ${MOST_STEPS} output steps of the float result`, () => {
      for (let seed = 0; seed < 20; seed++) {
        const r = new Random(seed);
        const graph = network(op, [...shape], channels, attributes, r);
        const samples = Array.from({ length: 4 }, () => new Map([['x', sample(r, elements(shape), row)]]));
        const quantized = quantize(graph, profile(graph, samples), DEFAULT_QUANTIZE_OPTIONS);
        const integers = interpret(quantized, quantizeInputs(quantized, samples[0]!));
        const x = dequantizeAll(integers.get('x')!, qvalue(quantized, 'x'));
        const expected = evaluate(graph, new Map([['x', x]])).get('y')!;
        const y = qvalue(quantized, 'y');
        const found = dequantizeAll(integers.get('y')!, y);
        const [low, high] = [y.scale * (y.lo - y.offset), y.scale * (y.hi - y.offset)];
        expected.forEach((e, i) => {
          const error = Math.abs(found[i]! - Math.min(high, Math.max(low, e)));
          assert.ok(
            error <= MOST_STEPS * y.scale,
            `seed ${seed}: ${found[i]} for ${e}, ${error / y.scale} steps`,
          );
        });
      }
    });
  }

  it('a logarithm of softmax whose input is far beyond its output is refused in a sentence', () => {
    const value = (name: string, scale: number): QuantizedValue => ({
      ...{ name, shape: [1, 4], type: 'int16', scale, offset: 0, lo: -32768, hi: 32767 },
    });
    assert.throws(
      () => lowerLogSoftmax('last', value('x', 9.96e33), value('y', 3e-5), 'int16'),
      (e) =>
        e instanceof UserError &&
        /^LogSoftmax 'last' cannot be quantized: its input ranges over/.test(e.message),
    );
  });
});
