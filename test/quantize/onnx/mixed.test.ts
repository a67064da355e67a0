import assert from 'node:assert/strict';
import { evaluate } from '../../../extension/model/evaluate.ts';
import { importOnnx } from '../../../extension/model/formats/onnx/import.ts';
import { onnxEnds } from '../../../extension/model/formats/onnx/ends.ts';
import type { Graph } from '../../../extension/model/graph.ts';
import { finished } from '../../../extension/model/import/finish.ts';
import { isQuantizedAlready, needsSamples } from '../../../extension/quantize/already.ts';
import { interpret } from '../../../extension/quantize/interpret.ts';
import { DEFAULT_QUANTIZE_OPTIONS } from '../../../extension/quantize/options.ts';
import { profile } from '../../../extension/quantize/profile.ts';
import { quantize } from '../../../extension/quantize/quantize.ts';
import { qvalue } from '../../../extension/quantize/quantizedGraph.ts';
import { dequantizeAll } from '../../support/quantized.ts';
import { type ModelSpec, onnxModel } from '../../model/onnxBuilder.ts';
import { QuantizedBuilder } from '../../support/quantizedBuilder.ts';
import { Random } from '../../support/random.ts';
import { assertAgrees, givenTo, quantizedOnnx } from './runtime.ts';

const read = (spec: ModelSpec): Graph => finished(importOnnx(onnxModel(spec), { name: 'test' }));
const random = new Random(5);
const reals = (dims: readonly number[]) => ({
  dims,
  data: random.floats(
    dims.reduce((a, d) => a * d, 1),
    -0.5,
    0.5,
  ),
});
const samples = (n: number, name = 'x') =>
  Array.from({ length: 4 }, () => new Map([[name, random.floats(n, -1, 1)]]));

describe('ONNX networks that are quantized in part', () => {
  it('at run time: real numbers with the weights that the file has, quantized from samples', () => {
    const b = new QuantizedBuilder('qdq', 'uint8', false);
    const ints = Array.from({ length: 12 }, (_, i) => 20 * i);
    const w = b.constant({ dims: [4, 3], ints, type: 'uint8' });
    const zero = b.constant({ dims: [], ints: [120], type: 'uint8' });
    b.nodes.push({ op: 'DynamicQuantizeLinear', inputs: ['x'], outputs: ['q', 's', 'z'], name: 'dynamic' });
    const product = b.node('MatMulInteger', ['q', w, 'z', zero]);
    const scale = b.node('Mul', ['s', b.constant({ dims: [], floats: [0.25] })]);
    const scaled = b.node('Mul', [b.node('Cast', [product], { to: { i: 1 } }), scale]);
    const y = b.node('Add', [scaled, b.constant({ dims: [3], floats: [1, 2, 3] })]);
    const graph = read({ ...b.spec(), inputs: [{ name: 'x', shape: [1, 4] }], outputs: [y] });
    assert.deepEqual([isQuantizedAlready(graph), needsSamples(graph)], [false, true]);
    assert.deepEqual(
      graph.nodes.map((n) => n.kind),
      ['dense'],
    );
    const x = Float32Array.of(1, -2, 0.5, 0.25);
    const expected = [0, 1, 2].map((k) =>
      x.reduce((sum, v, i) => sum + v * 0.25 * (ints[3 * i + k]! - 120), k + 1),
    );
    assert.deepEqual([...evaluate(graph, new Map([['x', x]])).get(y)!], expected);
  });

  it('at run time: convolutions', () => {
    const b = new QuantizedBuilder('qdq', 'uint8', false);
    const w = b.constant({ dims: [1, 1, 2, 2], ints: [1, -2, 3, -4], type: 'int8' });
    b.nodes.push({ op: 'DynamicQuantizeLinear', inputs: ['x'], outputs: ['q', 's', 'z'], name: 'dynamic' });
    const sum = b.node('Cast', [b.node('ConvInteger', ['q', w, 'z'])], { to: { i: 1 } });
    const y = b.node('Mul', [sum, 's']);
    const graph = read({ ...b.spec(), inputs: [{ name: 'x', shape: [1, 1, 2, 2] }], outputs: [y] });
    assert.deepEqual([...evaluate(graph, new Map([['x', Float32Array.of(1, 2, 3, 4)]])).get(y)!], [-10]);
  });

  it('products of integers whose scale the file has keep the integers of their weights, and are what onnxruntime computes', async () => {
    for (const seed of [1, 2, 3, 4]) {
      const r = new Random(seed);
      const b = new QuantizedBuilder('qdq', 'uint8', false);
      const x = b.input('x', [1, 16], [-1, 1]);
      const ints = Array.from({ length: 80 }, () => r.int(-100, 100));
      const w = b.constant({ dims: [16, 5], ints, type: 'int8' });
      const zero = b.constant({ dims: [], ints: [x.params.zero], type: 'uint8' });
      const sum = b.node('Cast', [b.node('MatMulInteger', [x.name, w, zero])], { to: { i: 1 } });
      const scales = Array.from({ length: 5 }, () => Math.fround(x.params.scale * r.real(0.005, 0.02)));
      const scaled = b.node('Mul', [sum, b.constant({ dims: [5], floats: scales })]);
      const bytes = onnxModel(b.spec(b.quantize(scaled, b.params([-4, 4]))));
      const [dense] = quantizedOnnx(bytes).nodes;
      assert.ok(dense?.kind === 'dense');
      // weights lie as output, input
      assert.deepEqual(
        [...dense.weights],
        ints.map((_, i) => ints[(i % 16) * 5 + Math.floor(i / 16)]),
      );
      await assertAgrees(
        bytes,
        Array.from({ length: 20 }, () => new Map([['x', r.floats(16, -1, 1)]])),
        'disabled',
      );
    }
  });

  it('a channel that a factor of 0 takes away keeps its bias', async () => {
    const b = new QuantizedBuilder('qdq', 'int8', true);
    const x = b.dequantize(b.input('x', [1, 8], [-1, 1]));
    const { names } = b.weights(reals([8, 3]), 1);
    const product = b.node('MatMul', [x, b.node('DequantizeLinear', names, { axis: { i: 1 } })]);
    const scaled = b.node('Mul', [product, b.constant({ dims: [3], floats: [1, 0, -2] })]);
    const y = b.node('Add', [scaled, b.constant({ dims: [3], floats: [0, 0.7, 0] })]);
    const bytes = onnxModel(b.spec(b.quantize(y, b.params([-4, 4]))));
    const network = quantizedOnnx(bytes);
    const [q] = [...interpret(network, new Map([['x', new Int32Array(8)]])).values()].slice(-1);
    const { scale, offset } = qvalue(network, network.outputs[0]!);
    assert.equal(q![1], Math.round(0.7 / scale) + offset);
    await assertAgrees(bytes, samples(8), 'disabled', 1);
  });

  it('a constant in other parameters than its own is in the graph once', () => {
    const b = new QuantizedBuilder('qdq', 'int8', false);
    const x = b.input('x', [1, 8], [-1, 1]);
    const bytes = onnxModel(
      b.spec(b.extreme('Max', x, { dims: [8], data: random.floats(8, -1, 1) }, [-3, 3])),
    );
    const { constants, nodes } = quantizedOnnx(bytes);
    assert.equal(constants.size, 1);
    assert.ok([...constants.keys()].every((name) => nodes.some((n) => n.inputs.includes(name))));
  });

  it('transposed convolutions keep the integers of each channel, in every phase of their strides', async () => {
    const b = new QuantizedBuilder('qdq', 'int8', true);
    const x = b.input('x', [1, 2, 3, 4], [-1, 1]);
    // channels of very different sizes
    const data = random.floats(2 * 3 * 9, -1, 1).map((v, i) => v * 10 ** ((Math.floor(i / 9) % 3) - 2));
    const weights = { dims: [2, 3, 3, 3], data };
    const y = b.convTranspose(x, weights, { dims: [3], data: Float32Array.of(0.1, 0, -0.3) }, { strides: { ints: [2, 2] } }, [-2, 2]); // prettier-ignore
    const bytes = onnxModel(b.spec(y));
    await assertAgrees(bytes, samples(24), 'disabled');
    for (const node of quantizedOnnx(bytes).nodes) {
      if (node.kind === 'conv2d') assert.equal(node.weightParams.length, node.outChannels, node.name);
    }
  });

  it('weights alone: they are real numbers, quantized as those of a network of real numbers', () => {
    const b = new QuantizedBuilder('qdq', 'int8', true);
    const { names } = b.weights(reals([4, 3]), 1);
    const w = b.node('DequantizeLinear', names, { axis: { i: 1 } });
    const graph = read({
      ...b.spec(),
      inputs: [{ name: 'x', shape: [1, 4] }],
      outputs: [b.node('MatMul', ['x', w])],
    });
    assert.deepEqual([isQuantizedAlready(graph), needsSamples(graph)], [false, true]);
    const list = samples(4);
    const network = quantize(graph, profile(graph, list), {
      ...DEFAULT_QUANTIZE_OPTIONS,
      precision: 'int16',
    });
    assert.equal(qvalue(network, network.outputs[0]!).type, 'int16');
  });

  it('values without parameters get them from samples, the others keep theirs', () => {
    const b = new QuantizedBuilder('qdq', 'int8', true);
    const x = b.dequantize(b.input('x', [1, 8], [-1, 1]));
    const first = b.node('Gemm', [x, b.constant({ dims: [8, 6], floats: reals([8, 6]).data })]);
    const hidden = b.quantize(b.node('Relu', [first]), b.params([0, 2]));
    const second = b.node('MatMul', [
      b.dequantize(hidden),
      b.constant({ dims: [6, 3], floats: reals([6, 3]).data }),
    ]);
    const graph = read({ ...b.spec(), outputs: [second] });
    assert.deepEqual([isQuantizedAlready(graph), needsSamples(graph)], [true, true]);
    const list = samples(8);
    // what the file has in int8 stays so
    const network = quantize(graph, profile(graph, list), {
      ...DEFAULT_QUANTIZE_OPTIONS,
      precision: 'int16',
    });
    const relu = network.nodes.find((n) => n.kind === 'dense')!.output;
    assert.deepEqual(
      [qvalue(network, relu).type, qvalue(network, relu).scale],
      ['int8', hidden.params.scale],
    );
    for (const sample of list) {
      const [name] = network.outputs as [string];
      const q = interpret(network, givenTo(network, sample)).get(name)!;
      const real = evaluate(graph, sample).get(name)!;
      const { scale } = qvalue(network, name);
      dequantizeAll(q, qvalue(network, name)).forEach((v, i) =>
        assert.ok(Math.abs(v - real[i]!) < 5 * scale),
      );
    }
  });

  it('functions between conversions are tables, also of several nodes, and exact', async () => {
    const b = new QuantizedBuilder('qdq', 'uint8', true);
    const x = b.dequantize(b.input('x', [1, 64], [-4, 4]));
    const silu = b.node('Mul', [x, b.node('Sigmoid', [x])]);
    const y = b.quantize(silu, b.params([-0.3, 4]));
    await assertAgrees(onnxModel(b.spec(y)), samples(64), 'disabled');
  });

  it('weights that an exporter left real, with the node that quantizes them, transposed', async () => {
    const b = new QuantizedBuilder('qdq', 'int8', true);
    const x = b.input('x', [1, 8], [-1, 1]);
    const w = reals([5, 8]);
    const scales = Array.from({ length: 5 }, (_, k) => Math.fround((k + 4) / 1000));
    const s = b.constant({ dims: [5], floats: scales });
    const z = b.constant({ dims: [5], ints: scales.map(() => 0), type: 'int8' });
    const q = b.node('QuantizeLinear', [b.constant({ dims: w.dims, floats: w.data }), s, z], {
      axis: { i: 0 },
    });
    const real = b.node('DequantizeLinear', [q, s, z], { axis: { i: 0 } });
    const product = b.node('MatMul', [
      b.dequantize(x),
      b.node('Transpose', [real], { perm: { ints: [1, 0] } }),
    ]);
    const bytes = onnxModel(b.spec(b.quantize(product, b.params([-2, 2]))));
    const [dense] = quantizedOnnx(bytes).nodes;
    assert.ok(dense?.kind === 'dense');
    // a scale of the file for each output, not one chosen
    assert.deepEqual(
      dense.weightParams.map((p) => p.scale),
      scales,
    );
    await assertAgrees(bytes, samples(8), 'disabled');
  });

  it('integers go in and come out', () => {
    const b = new QuantizedBuilder('qoperator', 'uint8', false);
    const params = b.params([-1, 1]);
    const y = b.gemm({ name: 'x', params }, reals([8, 3]), reals([3]), [-1, 1], false);
    const spec = { ...b.spec(), inputs: [{ name: 'x', shape: [1, 8], elemType: 2 }], outputs: [y.name] };
    const graph = read(spec);
    assert.equal(needsSamples(graph), false);
    const network = quantize(graph, new Map(), DEFAULT_QUANTIZE_OPTIONS);
    const x = qvalue(network, 'x');
    assert.deepEqual([x.scale, x.offset], [params.scale, params.zero - 128]);
    assert.equal(qvalue(network, y.name).offset, y.params.zero - 128);
    assert.equal(onnxEnds(onnxModel(spec), {}).isQuantized, true);
  });

  it('a value that is quantized in two ways is computed for each of them', () => {
    const b = new QuantizedBuilder('qdq', 'int8', false);
    const x = b.dequantize(b.input('x', [1, 16], [-1, 1]));
    const relu = b.node('Relu', [x]);
    const [p, q] = [b.quantize(relu, b.params([0, 1])), b.quantize(relu, b.params([0, 0.5]))];
    const graph = read(b.spec(p, q));
    const network = quantize(graph, new Map(), DEFAULT_QUANTIZE_OPTIONS);
    assert.deepEqual(
      network.outputs.map((name) => qvalue(network, name).scale),
      [p.params.scale, q.params.scale],
    );
    for (const sample of samples(16)) {
      const values = interpret(network, givenTo(network, sample));
      const real = sample.get('x')!;
      for (const [k, limit] of [1, 0.5].entries()) {
        const v = qvalue(network, network.outputs[k]!);
        dequantizeAll(values.get(v.name)!, v).forEach((y, i) => {
          assert.ok(Math.abs(y - Math.min(limit, Math.max(0, real[i]!))) < 0.01);
        });
      }
    }
  });
});
