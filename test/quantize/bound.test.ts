import assert from 'node:assert/strict';
import { UserError } from '../../extension/common/error.ts';
import { evaluate } from '../../extension/model/evaluate.ts';
import type { Graph } from '../../extension/model/graph.ts';
import { interpret } from '../../extension/quantize/interpret.ts';
import { DEFAULT_QUANTIZE_OPTIONS, type QuantizeOptions } from '../../extension/quantize/options.ts';
import { profile } from '../../extension/quantize/profile.ts';
import { quantize } from '../../extension/quantize/quantize.ts';
import { type QNode, type QuantizedGraph, qvalue } from '../../extension/quantize/quantizedGraph.ts';
import { SCHEMAS } from '../../extension/quantize/schemas.ts';
import { dequantizeAll, quantizeInputs } from '../support/quantized.ts';
import { Random } from '../support/random.ts';
import { GraphMaker, type Kind, KINDS, randomInputs } from '../support/randomGraph.ts';

/** Of what a recurrent layer's output ranges over, its error after up to nine time steps. */
const RECURRENT_SHARE = 0.02;

/**
 * Largest error a single quantized operator may have against the float operator on the same (dequantized) inputs, in real
 * units: half an output step, plus what rounding the operator's own constants costs.
 */
function bound(node: QNode, graph: QuantizedGraph, x: readonly Float32Array[]): number {
  const y = qvalue(graph, node.output);
  const half = 0.5 * y.scale;
  // multipliers of given scales have 15 bits, float32 has 24
  const multiplier = y.scale * 0.1 + (y.hi - y.lo) * y.scale * 2 ** -15;
  const constant = node.inputs
    .filter((i) => graph.constants.has(i))
    .reduce((e, i) => e + 0.5 * qvalue(graph, i).scale, 0);
  const largest = x.reduce((m, data) => data.reduce((a, v) => Math.max(a, Math.abs(v)), m), 0);
  switch (node.kind) {
    case 'conv2d':
    case 'dense': {
      const taps = node.weights.length / node.outChannels;
      const step = Math.max(...node.weightParams.map((p) => p.scale));
      const input = qvalue(graph, node.inputs[0]!);
      // every weight and the bias are off by at most half a step (a whole one at a saturated end); pre-shifts round once more
      return half + taps * largest * step * (1 + 1e-6) + input.scale * step + y.scale * 0.05;
    }
    case 'maxpool':
    case 'reshape':
    case 'transpose':
    case 'gather':
      return largest * 2 ** -20; // float32 rounding of the dequantized numbers
    case 'resize':
      // half a step of rounding, and shares that are off by half of their last bit
      return half * 1.001 + 2 * largest * (2 ** -node.rows.bits + 2 ** -node.columns.bits);
    case 'pad':
      return half * 1.001; // the padding value itself is quantized
    case 'interpolate':
      // the chord of 128 steps against the curve: less than half the chord where the curve bends or has a kink
      return (
        half +
        2 * y.scale +
        0.5 * Math.max(128 * qvalue(graph, node.inputs[0]!).scale, steepest(node.table) * y.scale)
      );
    case 'softmax':
      return half + y.scale + 2e-3; // two table roundings and the division
    case 'logSoftmax':
      return half + multiplier + 2e-4; // the tables' roundings and chords
    case 'normalize':
      // the mean to half of 1/128 step or to half a step, and a root of 15 bits
      return half + 0.1 * y.scale + (y.hi - y.lo) * y.scale * 2 ** -13;
    case 'add':
      return half + multiplier + constant + largest * 2 ** -13;
    case 'max':
    case 'min':
      return half + multiplier + constant;
    case 'div': {
      // the divisor is off by half a step, and divides twice as much as it is off
      const [a, b] = x.map((data) => data.map(Math.abs)) as [Float32Array, Float32Array];
      const least = Math.min(...b);
      return half + multiplier + (Math.max(...a) / least ** 2) * qvalue(graph, node.inputs[1]!).scale;
    }
    case 'prelu':
    case 'mul':
      return half + multiplier + constant * largest;
    case 'position':
      return 0; // of what it reads, which is the output that is looked at
    case 'recurrent':
      // the error of a time step is fed back into the next, so that no worst case says anything: a share of the range
      return RECURRENT_SHARE * (y.hi - y.lo) * y.scale;
    default:
      return half + multiplier;
  }
}

/** The largest difference between neighbouring entries. */
function steepest(table: Int16Array): number {
  return table.reduce((most, v, i) => Math.max(most, Math.abs(v - (table[i - 1] ?? v))), 0);
}

function checkOne(kind: Kind, seed: number, options: QuantizeOptions): void {
  const r = new Random(7000 * KINDS.indexOf(kind) + seed);
  const maker = new GraphMaker(r);
  const x = ['softmax', 'dense'].includes(kind) && r.bool() ? maker.input([1, r.int(2, 40)]) : maker.image();
  const graph: Graph = maker.finish([maker.append(kind, x)]);
  const samples = Array.from({ length: 4 }, () => randomInputs(graph, r));
  const quantized = quantize(graph, profile(graph, samples), options);
  const integers = interpret(quantized, quantizeInputs(quantized, samples[0]!));
  const reals = new Map(
    graph.inputs.map((i) => [i.name, dequantizeAll(integers.get(i.name)!, qvalue(quantized, i.name))]),
  );
  const output = graph.outputs[0]!;
  const y = qvalue(quantized, output);
  const expected = evaluate(graph, reals).get(output)!;
  const got = dequantizeAll(integers.get(output)!, y);
  const limit = quantized.nodes.reduce(
    (sum, n) =>
      sum +
      bound(
        n,
        quantized,
        n.inputs.map((i) => operand(quantized, integers, i)),
      ),
    0,
  );
  const [low, high] = [y.scale * (y.lo - y.offset), y.scale * (y.hi - y.offset)];
  expected.forEach((e, i) => {
    const clipped = Math.min(high, Math.max(low, e));
    const error = Math.abs(got[i]! - clipped);
    assert.ok(
      error <= limit,
      `${kind} seed ${seed}: ${got[i]} for ${e}, off by ${error}, allowed ${limit} (${JSON.stringify(options)})`,
    );
  });
}

function operand(
  graph: QuantizedGraph,
  values: ReadonlyMap<string, ArrayLike<number>>,
  name: string,
): Float32Array {
  return dequantizeAll(values.get(name)!, qvalue(graph, name));
}

describe('the integer interpreter stays within the quantization bound of the float evaluator', () => {
  for (const kind of KINDS) {
    it(kind, () => {
      for (let seed = 0; seed < 30; seed++) {
        const r = new Random(seed);
        checkOne(kind, seed, {
          ...DEFAULT_QUANTIZE_OPTIONS,
          precision: r.bool(0.75) ? 'int8' : 'int16',
          schema: r.pick(SCHEMAS),
          weightSchema: r.pick(SCHEMAS),
          channelwise: r.bool(),
        });
      }
    });
  }
});

describe('positions of extremes', () => {
  it('are those of elements within a step of the extreme', () => {
    for (let seed = 0; seed < 40; seed++) {
      const r = new Random(seed);
      const maker = new GraphMaker(r);
      const kind = r.pick(['argMax', 'argMin'] as const);
      const graph = maker.finish([maker.append(kind, maker.input([r.int(1, 4), r.int(1, 9)]))]);
      const sample = randomInputs(graph, r);
      const quantized = quantize(graph, profile(graph, [sample]), DEFAULT_QUANTIZE_OPTIONS);
      const found = interpret(quantized, quantizeInputs(quantized, sample)).get(graph.outputs[1]!)!;
      const values = evaluate(graph, sample).get(graph.outputs[0]!)!;
      const { scale, shape } = qvalue(quantized, graph.outputs[0]!);
      const n = shape.at(-1)!;
      found.forEach((at, row) => {
        const elements = [...values.subarray(row * n, (row + 1) * n)];
        const extreme = kind === 'argMax' ? Math.max(...elements) : Math.min(...elements);
        assert.ok(
          at >= 0 && Math.abs(elements[at]! - extreme) <= 2.01 * scale,
          `seed ${seed}: ${at} of ${elements}`,
        );
      });
    }
  });
});

describe('what a value can represent', () => {
  it('holds all that was measured of it, in networks of every operator and schema', () => {
    for (let seed = 0; seed < 400; seed++) {
      const r = new Random(seed);
      const maker = new GraphMaker(r);
      let value = maker.image();
      for (let n = r.int(1, 4); n > 0; n--) value = maker.append(r.pick(KINDS), value);
      const graph = maker.finish([value]);
      const ranges = profile(graph, [randomInputs(graph, r), randomInputs(graph, r)]);
      const schemas = { schema: r.pick(SCHEMAS), weightSchema: r.pick(SCHEMAS) };
      const quantized = quantize(graph, ranges, { ...DEFAULT_QUANTIZE_OPTIONS, ...schemas });
      for (const name of graph.values.keys()) {
        const { min, max } = ranges.get(name)!;
        const { scale, offset, lo, hi } = qvalue(quantized, name);
        const [least, most] = [scale * (lo - offset), scale * (hi - offset)];
        const room = 0.51 * scale;
        assert.ok(
          least - room <= min && max <= most + room,
          `seed ${seed}: ${name} of ${graph.nodes.map((n) => n.kind).join(', ')} ranges over ${min}..${max}, represented are ${least}..${most}`,
        );
      }
    }
  });
});

describe('weights', () => {
  it('per-channel scales make every requantization an exact 8-bit multiplier and one shift for the layer', () => {
    for (let seed = 0; seed < 50; seed++) {
      const maker = new GraphMaker(new Random(seed));
      const graph = maker.finish([maker.append('conv2d', maker.image())]);
      const quantized = quantize(
        graph,
        profile(graph, [randomInputs(graph, new Random(seed))]),
        DEFAULT_QUANTIZE_OPTIONS,
      );
      const conv = quantized.nodes[0]!;
      assert.ok(conv.kind === 'conv2d');
      const [x, y] = [qvalue(quantized, conv.inputs[0]!), qvalue(quantized, conv.output)];
      const shifts = new Set(conv.requant.map((r) => `${r.pre} ${r.post}`));
      assert.equal(shifts.size, 1);
      conv.requant.forEach((r, k) => {
        const odd = r.multiplier / 2 ** Math.max(0, Math.log2(r.multiplier & -r.multiplier));
        assert.ok(odd < 256, `multiplier ${r.multiplier}`);
        const ratio = (x.scale * conv.weightParams[k]!.scale) / y.scale;
        assert.ok(Math.abs(ratio - r.multiplier * 2 ** -(r.pre + r.post)) < ratio * 1e-9);
      });
    }
  });
});

describe('softmax', () => {
  it('over more values than 32 bits can sum is refused with a sentence', () => {
    const maker = new GraphMaker(new Random(1));
    const graph = maker.finish([maker.append('softmax', maker.input([1, 40_000]))]);
    const ranges = profile(graph, [randomInputs(graph, new Random(1))]);
    assert.throws(
      () => quantize(graph, ranges, DEFAULT_QUANTIZE_OPTIONS),
      (e: unknown) => e instanceof UserError && e.code === 'model' && e.message.includes('40000'),
    );
  });
});
