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
import { logSoftmaxRow, lowerLogSoftmax } from '../../../extension/quantize/tflite/logSoftmax.ts';
import { tfliteIntegers } from '../../../extension/quantize/tflite/network.ts';
import {
  lowerSquaredDifference,
  squaredDifference,
} from '../../../extension/quantize/tflite/squaredDifference.ts';
import { CompiledModels } from '../../support/compiledModel.ts';
import { HostModels } from '../../support/hostModels.ts';
import { fromBytes, toBytes } from '../../support/quantized.ts';
import { Random } from '../../support/random.ts';
import { portableTarget } from '../../support/targets.ts';
import { tfliteModel, type TfliteSpec, type TfliteTensorSpec } from '../../model/tflite/writer.ts';
import { RANDOM_OPERATORS, randomOperator } from './randomOperators.ts';

const SEED = Number(process.env['GLOWPORT_SEED'] ?? 1);
/** Networks of each operator. */
const NETWORKS = 4;

interface Case {
  readonly name: string;
  readonly network: QuantizedGraph;
  readonly inputs: ReadonlyMap<string, readonly number[]>;
}

function cases(): Case[] {
  return RANDOM_OPERATORS.flatMap((op, k) =>
    Array.from({ length: NETWORKS }, (_, i) => {
      const random = new Random(1000 * SEED + 50 * k + i);
      const network = integers(randomOperator(op, random));
      const q = (): number => (random.bool(0.2) ? random.pick([-128, 127]) : random.int(-128, 127));
      const inputs = new Map(
        network.inputs.map((name) => [
          name,
          Array.from({ length: elements(qvalue(network, name).shape) }, q),
        ]),
      );
      return { name: `${op.toLowerCase()}_${i}`, network, inputs };
    }),
  );
}

function integers(file: Uint8Array): QuantizedGraph {
  const graph = finished(importTflite(file, { name: 'net' }));
  assert.ok(isIntegerGraph(graph));
  return tfliteIntegers(graph);
}

/** The C under the sanitizers of the PC, and the code for Cortex-M0+ on the simulated core, compute what the interpreter does. */
function assertCompiled(all: readonly Case[]): void {
  const bytes = ({ inputs }: Case): Map<string, Uint8Array> =>
    new Map([...inputs].map(([name, q]) => [name, toBytes(q, 'int8')]));
  const portable = all.map(({ name, network }) =>
    compileBundle(network, { name, target: portableTarget(0) }),
  );
  const host = new HostModels(portable);
  const forChip = all.map(({ name, network }) =>
    compileBundle(network, { name, target: targetFor('cortex-m0plus', 0) }),
  );
  const chip = new CompiledModels(forChip);
  try {
    all.forEach((c, k) => {
      const expected = interpret(c.network, c.inputs);
      const [onHost] = host.run([{ bundle: portable[k]!, inputs: bytes(c) }]);
      const onChip = chip.run(forChip[k]!, bytes(c)).outputs;
      for (const output of c.network.outputs) {
        for (const found of [onHost!, onChip]) {
          assert.deepEqual(fromBytes(found.get(output)!, 'int8'), [...expected.get(output)!], c.name);
        }
      }
    });
  } finally {
    host.remove();
  }
}

describe('quantize/tflite: operators of random shapes and parameters', () => {
  const all = cases();

  it('are computed by compiled code as by the interpreter', () => {
    assertCompiled(all);
  });

  it('and so is LOG_SOFTMAX of numbers so far apart that none counts beside the largest', () => {
    const scales = [16, 20, 32, 1000];
    const row = [7, 6, 7, 5, -128, 127, 127, 126];
    const network = (scale: number): QuantizedGraph => {
      const tensor = { shape: [2, 4], type: 'INT8' as const };
      const tensors = [
        { ...tensor, name: 'x', scales: [scale], zeroPoints: [0] },
        { ...tensor, name: 'y', scales: [1 / 16], zeroPoints: [127] },
      ];
      const operators = [{ op: 'LOG_SOFTMAX', inputs: [0], outputs: [1], options: {} }];
      return integers(tfliteModel({ tensors, operators, inputs: [0], outputs: [1] }));
    };
    const far = scales.map((scale) => ({
      name: `apart_${scale}`,
      network: network(scale),
      inputs: new Map([['x', row]]),
    }));
    // two are 1/2 each, whose logarithm is 11/16; all else is 16 or more below
    const whole = [116, -128, 116, -128, -128, 116, 116, -128];
    for (const { name, network, inputs } of far)
      assert.deepEqual([...interpret(network, inputs).get('y')!], whole, name);
    assertCompiled(far);
  });

  it('LOG_SOFTMAX is the real one to the nearest, or beside it', () => {
    const rows = fc.array(fc.integer({ min: -128, max: 127 }), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(rows, fc.double({ min: -10, max: 4, noNaN: true }), (row, exponent) => {
        const scale = Math.fround(2 ** exponent);
        const largest = Math.max(...row);
        const log = Math.log(row.reduce((s, q) => s + Math.exp((q - largest) * scale), 0));
        const found = logSoftmaxRow(row, lowerLogSoftmax({ scale, offset: 0 }));
        row.forEach((q, i) => {
          const real = Math.max(-128, 127 + 16 * ((q - largest) * scale - log));
          assert.ok(Math.abs(found[i]! - real) <= 0.501, `${found[i]} is not near ${real}`);
        });
      }),
      { numRuns: 500, seed: SEED },
    );
  });

  it('LOG_SOFTMAX of steps wider than its output shifts nothing out of 32 bits, which the sanitizers see', () => {
    const row = [5, -128, 4, 5, 127, 126, 3, 127];
    const wide = [7.9, 8, 15.9, 16, 20, 1000].map((scale, i) => {
      const int8: TfliteTensorSpec = { shape: [1, row.length], type: 'INT8' };
      const spec: TfliteSpec = {
        tensors: [
          { ...int8, name: 'x', scales: [scale], zeroPoints: [0] },
          { ...int8, name: 'y', scales: [1 / 16], zeroPoints: [127] },
        ],
        operators: [{ op: 'LOG_SOFTMAX', inputs: [0], outputs: [1] }],
        ...{ inputs: [0], outputs: [1] },
      };
      const graph = finished(importTflite(tfliteModel(spec), { name: 'net' }));
      assert.ok(isIntegerGraph(graph));
      return compileBundle(tfliteIntegers(graph), { name: `wide_${i}`, target: portableTarget(0) });
    });
    const host = new HostModels(wide);
    try {
      for (const bundle of wide) {
        const [found] = host.run([{ bundle, inputs: new Map([['x', toBytes(row, 'int8')]]) }]);
        // the two largest share all, log 2 below 0; a step of 7.9 is 127 - 16 · (log 2 + 7.9)
        const next = bundle === wide[0] ? -10 : bundle === wide[1] ? -12 : -128;
        const expected = row.map((q) => (q === 127 ? 116 : q === 126 ? next : -128));
        assert.deepEqual([...fromBytes(found!.get('y')!, 'int8')], expected);
      }
    } finally {
      host.remove();
    }
  });

  it('SQUARED_DIFFERENCE is the real one to the nearest, or beside it', () => {
    const q = fc.integer({ min: -128, max: 127 });
    const size = fc.double({ min: -7, max: 0, noNaN: true });
    fc.assert(
      fc.property(q, q, size, size, fc.double({ min: 2, max: 9, noNaN: true }), (p, s, ea, eb, ey) => {
        const [a, b] = [ea, eb].map((e) => ({ scale: Math.fround(2 ** e), offset: 3 })) as [Params, Params];
        const y = {
          scale: Math.fround(Math.max(a.scale, b.scale) ** 2 * 2 ** ey),
          offset: 0,
          lo: -128,
          hi: 127,
        };
        const real = ((p - 3) * a.scale - (s - 3) * b.scale) ** 2 / y.scale;
        const found = squaredDifference(lowerSquaredDifference(a, b, y), p - 3, s - 3);
        // the difference is rounded to 1/64 of the larger scale
        const slack = 0.51 + ((Math.sqrt(real) * Math.max(a.scale, b.scale)) / Math.sqrt(y.scale)) * (1 / 16);
        assert.ok(Math.abs(found - real) <= slack, `${found} is not near ${real}`);
      }),
      { numRuns: 2000, seed: SEED },
    );
  });

  it('RESIZE_BILINEAR weighs four neighbours in 1/1024 of a pixel, halves away from zero', () => {
    for (let i = 0; i < 40; i++) {
      const bytes = randomOperator('RESIZE_BILINEAR', new Random(99 * SEED + i));
      const graph = finished(importTflite(bytes, { name: 'net' }));
      assert.ok(isIntegerGraph(graph));
      const { options } = graph.integers.nodes[0]!.operator as { options: Resize };
      const network = tfliteIntegers(graph);
      const [input] = network.inputs;
      const shape = qvalue(network, input!).shape as Four;
      const random = new Random(i);
      const x = Array.from({ length: elements(shape) }, () => random.int(-128, 127));
      const [output] = network.outputs;
      const found = interpret(network, new Map([[input!, x]])).get(output!)!;
      assert.deepEqual(
        [...found],
        resized(x, shape, qvalue(network, output!).shape as Four, options),
        `${i}`,
      );
    }
  });
});

interface Params {
  readonly scale: number;
  readonly offset: number;
}

type Four = readonly [number, number, number, number];

interface Resize {
  readonly alignCorners: boolean;
  readonly halfPixelCenters: boolean;
}

/** As TensorFlow documents the kernel, in integers of any size. */
function resized(x: readonly number[], [n, h, w, c]: Four, [, oh, ow]: Four, o: Resize): number[] {
  const sample = (k: number): readonly number[] => x.slice(k * h * w * c, (k + 1) * h * w * c);
  return Array.from({ length: n }, (_, k) => ofSample(sample(k), [h, w, c], [oh, ow], o)).flat();
}

function ofSample(
  x: readonly number[],
  [h, w, c]: readonly [number, number, number],
  [oh, ow]: readonly [number, number],
  o: Resize,
): number[] {
  const along = (i: number, from: number, to: number): [number, number, number] => {
    const [a, b] = o.alignCorners && to > 1 ? [from - 1, to - 1] : [from, to];
    const step = Math.trunc((1024 * a + Math.trunc(b / 2)) / b);
    const at = i * step + (o.halfPixelCenters ? Math.trunc(step / 2) - 512 : 0);
    const low = Math.max(0, Math.trunc(at / 1024));
    return [low, Math.min(from - 1, Math.trunc((at + 1023) / 1024)), at - 1024 * low];
  };
  const y: number[] = [];
  for (let i = 0; i < oh; i++) {
    for (let j = 0; j < ow; j++) {
      const [y0, y1, v] = along(i, h, oh);
      const [x0, x1, u] = along(j, w, ow);
      for (let k = 0; k < c; k++) {
        const q = (row: number, column: number): bigint => BigInt(x[(row * w + column) * c + k]!);
        const [dv, du] = [BigInt(v), BigInt(u)];
        const sum =
          (q(y0, x0) * (1024n - du) + q(y0, x1) * du) * (1024n - dv) +
          (q(y1, x0) * (1024n - du) + q(y1, x1) * du) * dv;
        y.push(Number((sum + (sum > 0n ? 1n : -1n) * 2n ** 19n) / 2n ** 20n));
      }
    }
  }
  return y;
}
