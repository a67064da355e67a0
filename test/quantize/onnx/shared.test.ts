import assert from 'node:assert/strict';
import { importOnnx } from '../../../extension/model/formats/onnx/import.ts';
import type { Graph } from '../../../extension/model/graph.ts';
import { finished } from '../../../extension/model/import/finish.ts';
import { dropRepeatedParams, pinParams } from '../../../extension/model/passes/pinParams.ts';
import { needsSamples } from '../../../extension/quantize/already.ts';
import { onnxModel } from '../../model/onnxBuilder.ts';
import { agrees } from '../../model/oracle.ts';
import { GraphWriter } from '../../model/passes/graphs.ts';
import { QuantizedBuilder } from '../../support/quantizedBuilder.ts';
import { Random } from '../../support/random.ts';
import { assertAgrees } from './runtime.ts';

const random = new Random(11);
const samples = (n: number) => Array.from({ length: 4 }, () => new Map([['x', random.floats(n, -1.1, 1.1)]]));
const MAP = [1, 3, 6, 6];
const WINDOW = { kernel_shape: { ints: [2, 2] }, strides: { ints: [2, 2] } };

/** A quantized input, and a convolution of it whose real numbers lie on both sides of 0. */
function convolution(): { b: QuantizedBuilder; real: string } {
  const b = new QuantizedBuilder('qdq', 'int8', false);
  const x = b.input('x', MAP, [-1, 1]);
  const w = { dims: [4, 3, 1, 1], data: random.floats(12, -0.5, 0.5) };
  b.conv(x, w, { dims: [4], data: random.floats(4, -0.2, 0.2) }, {}, [-2, 2], false);
  const conv = b.nodes.findLast((n) => n.op === 'Conv')!;
  return { b, real: conv.outputs[0]! };
}

/** The same value quantized in several ways, one an output. */
function quantizedIn(ranges: readonly (readonly [number, number])[], pooled = false): Uint8Array {
  const { b, real } = convolution();
  const outputs = ranges.map((range, k) => {
    const from = pooled && k === 0 ? b.node('MaxPool', [real], WINDOW) : real;
    return b.quantize(from, b.params(range));
  });
  return onnxModel(b.spec(...outputs));
}

describe('a value of a quantized ONNX network that several nodes read', () => {
  it('quantized in two ways is what each of them makes of its real numbers', async () => {
    const [narrow, wide] = [[0, 0.25], [-1.5, 1.5]] as const; // prettier-ignore
    for (const ranges of [
      [narrow, wide],
      [wide, narrow],
      [wide, narrow, wide],
    ])
      await assertAgrees(quantizedIn(ranges), samples(108), 'disabled');
  });

  it('is so behind a pooling, too', async () => {
    await assertAgrees(quantizedIn([[0, 0.25], [-1.5, 1.5]], true), samples(108), 'disabled'); // prettier-ignore
  });

  it('quantized by all in one way is computed once, and rounded straight to it', async () => {
    const bytes = quantizedIn([[-1, 1], [-1, 1]], true); // prettier-ignore
    const graph = finished(importOnnx(bytes, { name: 'test' }));
    assert.equal(graph.nodes.filter((n) => n.kind === 'conv2d').length, 1);
    assert.ok(!graph.nodes.some((n) => n.kind === 'activation'));
    await assertAgrees(bytes, samples(108), 'disabled');
  });

  it('keeps the real numbers that another reads', async () => {
    const { b, real } = convolution();
    // its least number stands for 0, as a ReLU that a quantizer left out
    const quantized = b.quantize(real, b.params([0, 1.5]));
    const negated = b.quantize(b.node('Neg', [real]), b.params([-2, 2]));
    const graph = await agrees(b.spec(quantized, negated), { tolerance: 0.02 });
    assert.ok(needsSamples(graph));
  });

  it('keeps the real numbers that come out, and those of the input', async () => {
    for (const makesOutput of [true, false]) {
      const { b, real } = convolution();
      const quantized = b.quantize(makesOutput ? real : 'x', b.params([0, 1.5]));
      const spec = b.spec(quantized);
      const outputs = [...spec.outputs, makesOutput ? real : b.node('Neg', ['x'])];
      await agrees({ ...spec, outputs }, { tolerance: 0.02 });
    }
  });
});

describe('a concat of a quantized ONNX network', () => {
  it('of the same scales as its own has them, too', async () => {
    for (const form of ['qdq', 'qoperator'] as const) {
      const b = new QuantizedBuilder(form, 'int8', false);
      const x = b.input('x', MAP, [-1, 1]);
      const y = b.concat([x, b.move('MaxPool', x, { kernel_shape: { ints: [1, 1] } })], 1, [-1, 1]);
      await assertAgrees(onnxModel(b.spec(y)), samples(108), 'disabled');
    }
  });
});

describe('a resized map of a quantized ONNX network', () => {
  it('is what its own scale and zero point make of the interpolated numbers', async () => {
    const b = new QuantizedBuilder('qdq', 'int8', false);
    const x = b.input('x', MAP, [-1, 1]);
    const scales = b.constant({ dims: [4], floats: [1, 1, 2, 2] });
    const attributes = { mode: { s: 'linear' }, coordinate_transformation_mode: { s: 'asymmetric' } };
    const resized = b.node('Resize', [b.dequantize(x), '', scales], attributes);
    // rounded once to the input's steps, and once to its own, which are four times as large
    await assertAgrees(
      onnxModel(b.spec(b.quantize(resized, b.params([-4, 4])))),
      samples(108),
      'disabled',
      1,
    );
    await assertAgrees(onnxModel(b.spec(b.quantize(resized, b.params([0, 1])))), samples(108), 'disabled', 2);
  });
});

describe('quantizations of a long network', () => {
  const PARAMS = { scale: 0.5, offset: 3 };
  const ROW = [1, 4];

  class Network extends GraphWriter {
    quantized = (x: string): string =>
      this.node({ kind: 'activation', fn: { type: 'quantized', ...PARAMS }, inputs: [x] } as never, ROW);
  }

  /** Each level joins the one before with itself, and takes the first half of it. */
  const ladder = (levels: number): Graph => {
    const n = new Network();
    let x = n.quantized(n.input('x', ROW));
    const indices = [Int32Array.of(0), Int32Array.of(0, 1, 2, 3)];
    for (let k = 0; k < levels; k++) {
      const joined = n.node({ kind: 'concat', axis: 1, inputs: [x, x] } as never, [1, 8]);
      x = n.node({ kind: 'gather', indices, inputs: [joined] } as never, ROW);
    }
    return n.finish(n.reshape(n.quantized(x), ROW));
  };

  const chain = (length: number): Graph => {
    const n = new Network();
    let x = n.input('x', ROW);
    for (let k = 0; k < length; k++) x = n.reshape(x, ROW);
    return n.finish(n.reshape(n.quantized(x), ROW));
  };

  for (const [name, graph] of [
    ['diamond behind diamond', ladder(300)],
    ['20000 nodes behind each other', chain(20_000)],
  ] as const) {
    it(`are followed once a node: ${name}`, () => {
      const pinned = pinParams(dropRepeatedParams(graph));
      assert.deepEqual(pinned.inputs[0]?.params, PARAMS);
      assert.ok(!pinned.nodes.some((n) => n.kind === 'activation'));
      assert.deepEqual(pinned.outputs, graph.outputs);
    });
  }
});
