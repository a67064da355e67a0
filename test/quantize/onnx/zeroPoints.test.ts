import assert from 'node:assert/strict';
import * as ort from 'onnxruntime-node';
import { UserError } from '../../../extension/common/error.ts';
import { evaluate } from '../../../extension/model/evaluate.ts';
import { importOnnx } from '../../../extension/model/formats/onnx/import.ts';
import type { Graph } from '../../../extension/model/graph.ts';
import { finished } from '../../../extension/model/import/finish.ts';
import { type ModelSpec, type NodeSpec, onnxModel, type TensorSpec } from '../../model/onnxBuilder.ts';
import { QuantizedBuilder } from '../../support/quantizedBuilder.ts';
import { Random } from '../../support/random.ts';
import { assertAgrees, quantizedOnnx } from './runtime.ts';

const random = new Random(21);
const samples = (n: number) => Array.from({ length: 4 }, () => new Map([['x', random.floats(n, -1.1, 1.1)]]));
const read = (spec: ModelSpec): Graph => finished(importOnnx(onnxModel(spec), { name: 'test' }));

function refused(spec: ModelSpec, why: RegExp): void {
  assert.throws(
    () => read(spec),
    (e) => e instanceof UserError && e.code === 'model' && why.test(e.message) && e.remedies.length > 0,
  );
}

/** A quantizer that leaves zero points out. */
class WithoutZeros extends QuantizedBuilder {
  override operands({ scale }: { scale: number }): [string, string] {
    return [this.constant({ dims: [], floats: [scale] }), ''];
  }
}

describe('zero points that a quantized ONNX file leaves out', () => {
  it('are 0 of uint8, which QuantizeLinear then gives', async () => {
    const b = new WithoutZeros('qdq', 'uint8', false);
    const x = b.input('x', [1, 24], [0, 1]);
    const y = b.quantize(b.node('Neg', [b.dequantize(x)]), { scale: 0.01, zero: 0 });
    await assertAgrees(onnxModel(b.spec(b.move('Reshape', y, {}, [b.constant({ dims: [1], ints: [-1] })]))), samples(24), 'disabled'); // prettier-ignore
  });

  it('are 0 of the type that QuantizeLinear names, and that of what DequantizeLinear reads', async () => {
    const scale: TensorSpec = { dims: [], floats: [1 / 100] };
    const pair = (x: string, name: string): NodeSpec[] => [
      { op: 'QuantizeLinear', inputs: [x, 'scale'], outputs: [`${name}q`], attributes: { output_dtype: { i: 3 } } }, // prettier-ignore
      { op: 'DequantizeLinear', inputs: [`${name}q`, 'scale'], outputs: [name] },
    ];
    const nodes = [...pair('x', 'a'), { op: 'Neg', inputs: ['a'], outputs: ['b'] }, ...pair('b', 'y')];
    const spec = { nodes, inputs: [{ name: 'x', shape: [1, 24] }], outputs: ['y'], initializers: { scale }, opset: 21, extra: { irVersion: 10 } }; // prettier-ignore
    await assertAgrees(onnxModel(spec), samples(24), 'disabled');
  });

  it('are 0 of the input’s type', () => {
    const scale: TensorSpec = { dims: [], floats: [0.5] };
    for (const [elemType, offset] of [
      [3, 0],
      [2, -128],
    ] as const) {
      const graph = read({
        nodes: [
          { op: 'DequantizeLinear', inputs: ['x', 'scale'], outputs: ['r'] },
          { op: 'Sigmoid', inputs: ['r'], outputs: ['y'] },
        ],
        inputs: [{ name: 'x', shape: [1, 4], elemType }],
        ...{ outputs: ['y'], initializers: { scale } },
      });
      assert.deepEqual(graph.inputs[0]!.params, { scale: 0.5, offset });
    }
  });

  it('are 0 of the operands’ type for operators on integers', async () => {
    for (const type of ['int8', 'uint8'] as const) {
      const b = new QuantizedBuilder('qoperator', type, false);
      const x = b.input('x', [1, 24], type === 'int8' ? [-1, 1] : [0, 1]);
      const scale = b.constant({ dims: [], floats: [0.02] });
      const own = b.operands(x.params);
      const sum = b.node('QLinearAdd', [x.name, ...own, x.name, ...own, scale], {}, 'com.microsoft');
      await assertAgrees(onnxModel(b.spec({ name: sum, params: { scale: 0.02, zero: 0 } })), samples(24), 'all', 1); // prettier-ignore
    }
  });

  it('do not make integers of another zero point those of this', () => {
    const b = new QuantizedBuilder('qdq', 'uint8', false);
    const x = b.input('x', [1, 4], [-1, 1]);
    const real = b.node('DequantizeLinear', [x.name, b.operands(x.params)[0]]);
    refused({ ...b.spec(), outputs: [real] }, /has another scale or zero point for input 0/);
  });
});

describe('zero points that operators on integers take off what flows', () => {
  const SHAPE = [1, 6];
  /** A product of integers in real numbers, of x in a given scale and zero point, or one of each sample. */
  function product(zeroOf: (own: string, b: QuantizedBuilder) => string, isDynamic = false): ModelSpec {
    const b = new QuantizedBuilder('qdq', 'uint8', false);
    const params = b.params([-1, 1]);
    const [q, scale, zero] = isDynamic ? ['q', 's', 'z'] : ['q', ...b.operands(params)];
    b.nodes.push(
      isDynamic
        ? { op: 'DynamicQuantizeLinear', inputs: ['x'], outputs: [q!, scale!, zero!] }
        : { op: 'QuantizeLinear', inputs: ['x', scale!, zero!], outputs: [q!] },
    );
    const w = b.constant({ dims: [6, 3], ints: Array.from({ length: 18 }, (_, i) => 7 * i), type: 'uint8' });
    const off = b.constant({ dims: [], ints: [60], type: 'uint8' });
    const sum = b.node('MatMulInteger', [q!, w, zeroOf(zero!, b), off]);
    const y = b.node('Mul', [b.node('Cast', [sum], { to: { i: 1 } }), scale!]);
    return { ...b.spec(), inputs: [{ name: 'x', shape: SHAPE }], outputs: [y] };
  }

  it('are those of its integers', async () => {
    for (const isDynamic of [false, true]) {
      const spec = product((own) => own, isDynamic);
      const graph = importOnnx(onnxModel(spec), { name: 'test' });
      const session = await ort.InferenceSession.create(onnxModel(spec), { logSeverityLevel: 4 });
      const x = random.floats(6, -1, 1);
      const [name] = graph.outputs as [string];
      const expected = (await session.run({ x: new ort.Tensor('float32', x, SHAPE) }))[name]!;
      await session.release();
      const actual = evaluate(graph, new Map([['x', x]])).get(name)!;
      (expected.data as Float32Array).forEach((e, i) => {
        assert.ok(Math.abs(actual[i]! - e) < (isDynamic ? 2 : 1e-3), `${actual[i]}, not ${e}`);
      });
    }
  });

  it('are refused where they are others', () => {
    const other = (_: string, b: QuantizedBuilder): string =>
      b.constant({ dims: [], ints: [0], type: 'uint8' });
    for (const isDynamic of [false, true])
      for (const zeroOf of [other, () => ''])
        refused(product(zeroOf, isDynamic), /takes another zero point off input 0 than that has/);
    refused(product((_, b) => b.constant({ dims: [], ints: [0], type: 'int8' })), /takes another zero point off/); // prettier-ignore
  });
});

describe('zero points of constants', () => {
  it('belong to a bias, too', async () => {
    const b = new QuantizedBuilder('qdq', 'int8', false);
    const x = b.input('x', [1, 8], [-1, 1]);
    const { names, scales } = b.weights({ dims: [8, 3], data: random.floats(24, -0.5, 0.5) }, 1);
    const unit = Math.fround(x.params.scale * scales[0]!);
    const bias = b.node('DequantizeLinear', [
      b.constant({ dims: [3], ints: [-100, 0, 100], type: 'int8' }),
      b.constant({ dims: [], floats: [unit] }),
      b.constant({ dims: [], ints: [100], type: 'int8' }),
    ]);
    const w = b.node('DequantizeLinear', names, { axis: { i: 1 } });
    const y = b.quantize(b.node('Gemm', [b.dequantize(x), w, bias]), b.params([-0.05, 0.05]));
    await assertAgrees(onnxModel(b.spec(y)), samples(8), 'disabled');
  });

  it('beyond 8 bits are none of int8 numbers', async () => {
    const b = new QuantizedBuilder('qdq', 'int8', false);
    const x = b.input('x', [1, 8], [-1, 1]);
    const constant = b.node('DequantizeLinear', [
      b.constant({ dims: [8], ints: [-128, -90, -50, -10, 10, 50, 90, 127], type: 'int16' }),
      b.constant({ dims: [], floats: [0.01] }),
      b.constant({ dims: [], ints: [300], type: 'int16' }),
    ]);
    const y = b.quantize(b.node('Add', [b.dequantize(x), constant]), b.params([-6, 2]));
    const spec = { ...b.spec(y), opsets: [{ domain: '', version: 21 }], extra: { irVersion: 10 } };
    for (const { params } of read(spec).constants.values()) assert.equal(params, undefined);
    await assertAgrees(onnxModel(spec), samples(8), 'disabled', 1);
  });

  it('move weights of 16 bits beyond these: they are refused, for nothing computes them exactly', () => {
    const b = new QuantizedBuilder('qdq', 'int8', false);
    const x = b.input('x', [1, 4], [-1, 1]);
    const w = b.node('DequantizeLinear', [
      b.constant({ dims: [4, 2], ints: [-32000, 0, 32000, 100, -100, 15, 20000, -20000], type: 'int16' }),
      b.constant({ dims: [], floats: [1e-4] }),
      b.constant({ dims: [], ints: [30000], type: 'int16' }),
    ]);
    const y = b.quantize(b.node('MatMul', [b.dequantize(x), w]), b.params([-20, 20]));
    const spec = { ...b.spec(y), opsets: [{ domain: '', version: 21 }], extra: { irVersion: 10 } };
    assert.throws(
      () => quantizedOnnx(onnxModel(spec)),
      /weights that do not fit 16 bits when their zero points are taken off/,
    );
  });
});
