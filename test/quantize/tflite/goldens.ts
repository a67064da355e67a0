import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { productRoot } from '../../../extension/common/resources.ts';
import { importTflite } from '../../../extension/model/formats/tflite/import.ts';
import { type IntegerGraph, isIntegerGraph } from '../../../extension/model/formats/tflite/integers.ts';
import type { Graph } from '../../../extension/model/graph.ts';
import { finished } from '../../../extension/model/import/finish.ts';
import { roundAway } from '../../../extension/quantize/tflite/fixedPoint.ts';
import { clampInt } from '../../../extension/quantize/requantize.ts';
import { interpret } from '../../../extension/quantize/interpret.ts';
import {
  type QuantizedGraph,
  type QuantizedValue,
  qvalue,
} from '../../../extension/quantize/quantizedGraph.ts';
import { fromBytes, toBytes } from '../../support/quantized.ts';

const folder = path.join(productRoot, 'test/quantize/tflite/golden');

/** An input or output of a network, with the numbers of each run. */
export interface GoldenEnd {
  readonly name: string;
  readonly type: 'int8' | 'uint8' | 'int16' | 'int32' | 'float32';
  readonly runs: readonly (readonly number[])[];
}

export interface Golden {
  readonly operators: readonly string[];
  readonly inputs: readonly GoldenEnd[];
  readonly outputs: readonly GoldenEnd[];
}

type Stored = Omit<Golden, 'inputs' | 'outputs'> & {
  readonly [E in 'inputs' | 'outputs']: readonly (Omit<GoldenEnd, 'runs'> & {
    readonly runs: readonly string[];
  })[];
};

const NUMBERS = {
  int8: Int8Array,
  uint8: Uint8Array,
  int16: Int16Array,
  int32: Int32Array,
  float32: Float32Array,
} as const;

/** Every golden by the name of its network. */
export function goldens(): ReadonlyMap<string, Golden> {
  const all = JSON.parse(readFileSync(path.join(folder, 'goldens.json'), 'utf8')) as Readonly<
    Record<string, Stored>
  >;
  const end = (e: Stored['inputs'][number]): GoldenEnd => ({
    ...e,
    runs: e.runs.map((run) => numbers(run, e.type)),
  });
  return new Map(
    Object.entries(all).map(([name, g]) => [
      name,
      { ...g, inputs: g.inputs.map(end), outputs: g.outputs.map(end) },
    ]),
  );
}

/** Of networks that keep a state: the same inputs, each run with the state that the one before left. */
export function streams(): ReadonlyMap<string, Golden> {
  const all = JSON.parse(readFileSync(path.join(folder, 'streams.json'), 'utf8')) as Readonly<
    Record<string, Readonly<Record<string, readonly string[]>>>
  >;
  const cleared = goldens();
  return new Map(
    Object.entries(all).map(([name, runs]) => {
      const golden = cleared.get(name)!;
      const outputs = golden.outputs.map((o) => ({
        ...o,
        runs: runs[o.name]!.map((run) => numbers(run, o.type)),
      }));
      return [name, { ...golden, outputs }];
    }),
  );
}

function numbers(base64: string, type: GoldenEnd['type']): readonly number[] {
  return Array.from(new NUMBERS[type](Uint8Array.from(Buffer.from(base64, 'base64')).buffer));
}

/** The network of a golden; undefined for one that computes in float, and only quantizes what comes out. */
export function goldenNetwork(name: string): IntegerGraph | undefined {
  return readIntegers(path.join(folder, `${name}.tflite`), name);
}

/** The network of a golden as it is imported. */
export function goldenGraph(name: string): Graph {
  return finished(importTflite(new Uint8Array(readFileSync(path.join(folder, `${name}.tflite`))), { name }));
}

export function readIntegers(file: string, name: string): IntegerGraph | undefined {
  const graph = finished(importTflite(new Uint8Array(readFileSync(file)), { name }));
  return isIntegerGraph(graph) ? graph : undefined;
}

/** Numbers of an input as the quantized network takes them: uint8 ones are less by 128, real ones quantized as QUANTIZE does. */
export function asGiven(
  { type }: Pick<GoldenEnd, 'type'>,
  run: readonly number[],
  v: QuantizedValue,
): Int32Array {
  if (type === 'uint8') return Int32Array.from(run, (q) => q - 128);
  if (type !== 'float32') return Int32Array.from(run);
  const q = (x: number): number => roundAway(Math.fround(x / Math.fround(v.scale))) + v.offset;
  return Int32Array.from(run, (x) => clampInt(q(x), v.lo, v.hi));
}

/** The quantized network's numbers as the file has its output. */
export function asFile({ type }: Pick<GoldenEnd, 'type'>, q: ArrayLike<number>, v: QuantizedValue): number[] {
  if (type === 'uint8') return Array.from(q, (x) => x + 128);
  if (type === 'float32') return Array.from(q, (x) => Math.fround(Math.fround(v.scale) * (x - v.offset)));
  return Array.from(q);
}

/** A run of a network: its inputs as numbers and as bytes of the placeholders, and the numbers expected of each output. */
interface Run {
  readonly numbers: ReadonlyMap<string, Int32Array>;
  readonly given: ReadonlyMap<string, Uint8Array>;
  readonly expected: ReadonlyMap<string, readonly number[]>;
}

export function runsOf({ inputs, outputs }: Golden, network: QuantizedGraph): Run[] {
  const read = inputs.filter((i) => network.inputs.includes(i.name));
  return inputs[0]!.runs.map((_, r) => {
    const numbers = new Map(read.map((i) => [i.name, asGiven(i, i.runs[r]!, qvalue(network, i.name))]));
    return {
      numbers,
      given: new Map([...numbers].map(([name, q]) => [name, toBytes(q, qvalue(network, name).type)])),
      expected: new Map(outputs.map((o) => [o.name, o.runs[r]!])),
    };
  });
}

/** Holds what compiled code has computed in a run to what is expected. */
export function assertOutputs(
  name: string,
  { outputs }: Golden,
  network: QuantizedGraph,
  found: ReadonlyMap<string, Uint8Array>,
  expected: ReadonlyMap<string, readonly number[]>,
): void {
  for (const output of outputs) {
    const v = qvalue(network, output.name);
    const q = fromBytes(found.get(output.name)!, v.type);
    assert.deepEqual(asFile(output, q, v), expected.get(output.name), `${name}: ${output.name}`);
  }
}

/** Holds what the interpreter computes to what is expected. */
export function assertGolden(name: string, network: QuantizedGraph, golden: Golden): void {
  for (const [r, { numbers }] of runsOf(golden, network).entries()) {
    const values = interpret(network, numbers);
    for (const output of golden.outputs) {
      const v = qvalue(network, output.name);
      const found = asFile(output, values.get(output.name)!, v);
      assert.deepEqual(found, output.runs[r], `${name}: run ${r} of ${output.name}`);
    }
  }
}
