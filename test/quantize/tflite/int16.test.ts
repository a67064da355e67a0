import assert from 'node:assert/strict';
import fc from 'fast-check';
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
import { tfliteModel } from '../../model/tflite/writer.ts';
import { bigMultiplier, roundedOnce } from './bigArithmetic.ts';
import {
  convolution,
  fullyConnected,
  type Int16Case,
  others,
  pairs,
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
    ...some(10, () => rescaled(r)),
    ...some(8, () => pairs(r)),
    ...some(12, () => others(r)),
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
