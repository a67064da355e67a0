import assert from 'node:assert/strict';
import fc from 'fast-check';
import { UserError } from '../../../extension/common/error.ts';
import { compileBundle } from '../../../extension/compiler/compile.ts';
import { targetFor } from '../../../extension/compiler/target/targets.ts';
import { importTflite } from '../../../extension/model/formats/tflite/import.ts';
import { isIntegerGraph } from '../../../extension/model/formats/tflite/integers.ts';
import { elements } from '../../../extension/model/graph.ts';
import { finished } from '../../../extension/model/import/finish.ts';
import { interpret } from '../../../extension/quantize/interpret.ts';
import { type QuantizedGraph, qvalue } from '../../../extension/quantize/quantizedGraph.ts';
import { multipliedWide } from '../../../extension/quantize/tflite/fixedPoint.ts';
import { tfliteIntegers } from '../../../extension/quantize/tflite/network.ts';
import { CompiledModels } from '../../support/compiledModel.ts';
import { HostModels } from '../../support/hostModels.ts';
import { fromBytes, toBytes } from '../../support/quantized.ts';
import { Random } from '../../support/random.ts';
import { portableTarget } from '../../support/targets.ts';
import { tfliteModel, type TfliteTensorSpec } from '../../model/tflite/writer.ts';
import { bigMultiplier, roundedOnce } from './bigArithmetic.ts';
import {
  convolution,
  fullyConnected,
  type Int16Case,
  others,
  pair,
  rescaled,
  transposedConvolution,
} from './randomInt16.ts';

/** What the numbers of a run are: one extreme, both, of any size. */
const RUNS: readonly ((r: Random, lo: number, hi: number) => () => number)[] = [
  (r, lo, hi) => {
    const end = r.pick([lo, hi]);
    return () => end;
  },
  (r, lo, hi) => () => r.pick([lo, hi]),
  (r, lo, hi) => () => Math.round(r.real(lo, hi) * 2 ** -r.int(0, 8)),
];

/** So many inputs that their products with large weights need more than 32 bits. */
const LONG = 1200;

function randomCases(r: Random): Int16Case[] {
  const some = (n: number, make: () => Int16Case): Int16Case[] => Array.from({ length: n }, make);
  return [
    ...some(6, () => convolution(r)),
    ...some(4, () => convolution(r, r.int(1, 2))),
    ...some(3, () => transposedConvolution(r)),
    ...some(4, () => fullyConnected(r, r.int(1, 60))),
    ...some(2, () => fullyConnected(r, LONG, 60)),
    ...rescaled(r),
    ...(['ADD', 'SUB', 'MUL'] as const).flatMap((op) => some(2, () => pair(r, op))),
    ...others(r),
  ];
}

interface Lowered extends Int16Case {
  readonly name: string;
  readonly network: QuantizedGraph;
  /** Numbers of the inputs, by name. */
  readonly runs: readonly ReadonlyMap<string, readonly number[]>[];
}

function lowered(c: Int16Case, index: number, r: Random): Lowered {
  const name = `case_${index}`;
  const graph = finished(importTflite(tfliteModel(c.spec), { name }));
  assert.ok(isIntegerGraph(graph), c.label);
  const network = tfliteIntegers(graph);
  const runs = RUNS.map(
    (run) =>
      new Map(
        network.inputs.map((input) => {
          const { shape, lo, hi } = qvalue(network, input);
          return [input, Array.from({ length: elements(shape) }, run(r, lo, hi))];
        }),
      ),
  );
  return { ...c, name, network, runs };
}

describe('quantize/tflite: numbers of int16', () => {
  const r = new Random(Number(process.env['GLOWPORT_SEED'] ?? 16));
  let all: readonly Lowered[] = [];

  before(() => {
    all = randomCases(r).map((c, i) => lowered(c, i, r));
  });

  it('are requantized from sums of 64 bits as the C++ does', () => {
    fc.assert(
      fc.property(
        fc.maxSafeInteger().map((n) => Math.floor(n / 64)),
        fc.integer({ min: 0, max: 40 }),
        fc.double({ min: 1e-8, max: 100, noNaN: true }),
        (size, less, real) => {
          const acc = Math.floor(size / 2 ** less);
          const m = bigMultiplier(real);
          const expected = roundedOnce(acc, m);
          if (expected < -(2n ** 31n) || expected >= 2n ** 31n) return;
          const multiplier = Math.min(32767, Math.floor((m.multiplier + 2 ** 15) / 2 ** 16));
          assert.equal(BigInt(multipliedWide(acc, { multiplier, shift: 15 - m.shift })), expected);
        },
      ),
      { numRuns: 3000 },
    );
  });

  it('are what the formulas say, by the interpreter', () => {
    for (const { label, network, runs, reference } of all) {
      for (const [i, inputs] of reference ? runs.entries() : []) {
        const found = Array.from(interpret(network, inputs).get('y')!);
        assert.deepEqual(found, reference!([...inputs.values()]), `${label}: run ${i}`);
      }
    }
  });

  it('need sums of 64 bits in code only where what they can become does', () => {
    const isLong = ({ network }: Lowered): boolean =>
      network.nodes.some((n) => n.kind === 'dense' && n.requant.some((q) => q.wide?.isShort === false));
    const long = all.filter(isLong);
    assert.ok(long.length > 0 && long.every((c) => c.label.includes(`1x${LONG} by`)));
  });

  it('are the same by the C, under the sanitizers of the PC', () => {
    const list = all.map((c) => ({
      ...c,
      bundle: compileBundle(c.network, { name: c.name, target: portableTarget(0) }),
    }));
    const models = new HostModels(list.map((c) => c.bundle));
    try {
      const runs = list.flatMap((c) => c.runs.map((inputs) => ({ c, inputs, bundle: c.bundle })));
      const outputs = models.run(
        runs.map(({ c, inputs, bundle }) => ({ bundle, inputs: bytesOf(c, inputs) })),
      );
      runs.forEach(({ c, inputs }, i) => assertOutput(c, inputs, outputs[i]!));
    } finally {
      models.remove();
    }
  });

  it('are the same by the code for Cortex-M0+ on the simulated core', () => {
    const list = all.map((c, i) => ({
      ...c,
      bundle: compileBundle(c.network, {
        name: c.name,
        target: targetFor('cortex-m0plus', i % 2 === 0 ? 20000 : 0),
      }),
    }));
    const models = new CompiledModels(list.map((c) => c.bundle));
    for (const c of list) {
      for (const inputs of c.runs) assertOutput(c, inputs, models.run(c.bundle, bytesOf(c, inputs)).outputs);
    }
  });

  it('are refused by their node where TensorFlow Lite Micro does not take them', () => {
    const int16 = (scale: number, zero = 0): TfliteTensorSpec => ({
      ...{ shape: [1, 2, 2, 1], type: 'INT16', scales: [scale], zeroPoints: [zero] },
    });
    const weights: TfliteTensorSpec = { shape: [1, 1, 1, 1], type: 'INT8', data: [100], scales: [0.01] };
    const bias = (type: 'INT32' | 'INT64', data: number): TfliteTensorSpec => ({
      ...{ shape: [1], type, data: [data], scales: [0.01] },
    });
    const refusal = (op: string, [x, y, ...more]: TfliteTensorSpec[]): string => {
      const tensors = [{ ...x!, name: 'x' }, { ...y!, name: 'y' }, ...more];
      const options = { beta: 1, strideW: 1, strideH: 1, multiplier: 1 };
      const operator = { op, inputs: [0, ...more.map((_, k) => k + 2)], outputs: [1], options };
      const bytes = tfliteModel({ tensors, operators: [operator], inputs: [0], outputs: [1] });
      try {
        const graph = importTflite(bytes, { name: 'net' });
        assert.ok(isIntegerGraph(graph));
        tfliteIntegers(graph);
        return '';
      } catch (e) {
        assert.ok(e instanceof UserError && e.code === 'model', String(e));
        return e.message;
      }
    };
    const some = int16(0.001);
    const constant = { ...some, data: [1, 2, 3, 4] };
    assert.equal(refusal('ABS', [some, some]), '');
    assert.equal(
      refusal('ABS', [some, { ...some, type: 'INT8' }]),
      "ABS node 'ABS_0' has numbers of INT16 and of INT8, 'y'; both have to be of one type.",
    );
    assert.equal(
      refusal('ABS', [int16(0.001, 5), some]),
      "ABS node 'ABS_0' has numbers of INT16 with the zero point 5, 'x'; 0 is needed.",
    );
    assert.equal(
      refusal('ELU', [some, some]),
      "ELU node 'ELU_0' has numbers of INT16; it is computed exactly in int8 only.",
    );
    assert.equal(
      refusal('ABS', [some, { ...some, type: 'INT32' }]),
      "ABS node 'ABS_0' has numbers of INT32, 'y'; int8, uint8 and int16 with one scale are computed exactly.",
    );
    assert.equal(refusal('QUANTIZE', [some, { ...some, type: 'INT32' }]), '');
    assert.equal(
      refusal('QUANTIZE', [
        some,
        { shape: some.shape, type: 'INT32', scales: [0.001], zeroPoints: [2 ** 31 - 1] },
      ]),
      "QUANTIZE node 'QUANTIZE_0' has results that do not fit 32 bits.",
    );
    assert.equal(
      refusal('LOGISTIC', [some, some]),
      `LOGISTIC node 'LOGISTIC_0' has an output of scale ${Math.fround(0.001)}; 1/32768 is needed.`,
    );
    assert.match(
      refusal('TANH', [int16(3), int16(2 ** -15)]),
      /^TANH node 'TANH_0' has an input of scale 3, too coarse/,
    );
    assert.match(refusal('SOFTMAX', [some, int16(2 ** -16, -32768)]), /^SOFTMAX node 'SOFTMAX_0' has numbers of INT16 with the zero point -32768, 'y'/); // prettier-ignore
    assert.equal(refusal('CONV_2D', [some, some, weights, bias('INT32', 9)]), '');
    assert.match(refusal('DEPTHWISE_CONV_2D', [some, some, weights, bias('INT32', 9)]), /^DEPTHWISE_CONV_2D node 'DEPTHWISE_CONV_2D_0' has a bias of INT32/); // prettier-ignore
    assert.match(refusal('CONV_2D', [some, some, weights, bias('INT64', 2 ** 31)]), /^Tensor 3, '', holds 2147483648, which does not fit 32 bits/); // prettier-ignore
    for (const scale of [1e-8, 1e-30]) {
      for (const [op, list] of [
        ['QUANTIZE', [some, int16(scale)]],
        ['ADD', [some, int16(scale), constant]],
        ['MUL', [some, int16(scale / 1000), constant]],
        ['CONV_2D', [some, int16(scale / 1000), weights, bias('INT64', 9)]],
      ] as const) {
        assert.match(
          refusal(op, [...list]),
          / node '.*' has (scales too far apart for|sums that do not fit) 32 bits\.$/,
          `${op} ${scale}`,
        );
      }
    }
  });

  function bytesOf(
    { network }: Lowered,
    inputs: ReadonlyMap<string, readonly number[]>,
  ): Map<string, Uint8Array> {
    return new Map([...inputs].map(([name, q]) => [name, toBytes(q, qvalue(network, name).type)]));
  }

  function assertOutput(
    { label, network }: Lowered,
    inputs: ReadonlyMap<string, readonly number[]>,
    outputs: ReadonlyMap<string, Uint8Array>,
  ): void {
    const expected = Array.from(interpret(network, inputs).get('y')!);
    assert.deepEqual(fromBytes(outputs.get('y')!, qvalue(network, 'y').type), expected, label);
  }
});
