import assert from 'node:assert/strict';
import type { Bundle } from '../../extension/bundle/bundle.ts';
import { compileBundle } from '../../extension/compiler/compile.ts';
import type { Graph } from '../../extension/model/graph.ts';
import { interpret } from '../../extension/quantize/interpret.ts';
import { DEFAULT_QUANTIZE_OPTIONS, type QuantizeOptions } from '../../extension/quantize/options.ts';
import { profile } from '../../extension/quantize/profile.ts';
import { quantize } from '../../extension/quantize/quantize.ts';
import type { QuantizedGraph } from '../../extension/quantize/quantizedGraph.ts';
import { RANGE_CHOICES } from '../../extension/quantize/ranges.ts';
import { SCHEMAS } from '../../extension/quantize/schemas.ts';
import { fromBytes, quantizeInputs, toBytes } from './quantized.ts';
import { Random } from './random.ts';
import { portableTarget } from './targets.ts';
import { GraphMaker, type Kind, KINDS, randomInputs } from './randomGraph.ts';
import { targetFor } from '../../extension/compiler/target/targets.ts';

/** A random network, quantized and compiled in a random way. */
export interface Case {
  readonly label: string;
  readonly graph: Graph;
  readonly options: QuantizeOptions;
  readonly quantized: QuantizedGraph;
  readonly bundle: Bundle;
}

/** Options of a seed: now and then something else than the defaults. */
export function randomOptions(r: Random): QuantizeOptions {
  return {
    ...DEFAULT_QUANTIZE_OPTIONS,
    schema: r.pick(SCHEMAS),
    weightSchema: r.pick(SCHEMAS),
    channelwise: r.bool(0.7),
    precision: r.bool(0.75) ? 'int8' : 'int16',
    biasPrecision: r.pick(['int8', 'int16', 'int32', 'int32']),
    range: r.pick(RANGE_CHOICES),
    floatPlaceholders: r.bool(0.15),
  };
}

function makeCase(label: string, graph: Graph, r: Random, options: QuantizeOptions): Case {
  const samples = Array.from({ length: 3 }, () => randomInputs(graph, r));
  const quantized = quantize(graph, profile(graph, samples), options);
  const name = `net_${label.replace(/\W+/g, '_')}`;
  // with and without room to unroll, so that every kernel variant is taken
  // and without assembly, so that its C twin is taken too
  const assembly = r.bool(0.6);
  const unrollBytes = r.bool() ? 20000 : 0;
  const target = assembly ? targetFor('cortex-m0plus', unrollBytes) : portableTarget(unrollBytes);
  return {
    label,
    graph,
    options,
    quantized,
    bundle: compileBundle(quantized, { name, target, reuseInputs: r.bool(0.3) }),
  };
}

/** One operator with random shapes, data and options; seed 0 has the default options. */
export function operatorCase(kind: Kind, seed: number): Case {
  const r = new Random(1000 * KINDS.indexOf(kind) + seed);
  const maker = new GraphMaker(r);
  const input =
    ['softmax', 'dense'].includes(kind) && r.bool() ? maker.input([1, r.int(2, 40)]) : maker.image();
  // placeholders are int8, inner values uint8: kernels differ
  const x = r.bool() ? maker.append('leakyRelu', input) : input;
  const y = maker.append(kind, x);
  const graph = maker.finish([r.bool() ? maker.append('leakyRelu', y) : y]);
  return makeCase(`${kind} ${seed}`, graph, r, seed === 0 ? DEFAULT_QUANTIZE_OPTIONS : randomOptions(r));
}

/** Several layers, with values read more than once. @param change what is done to the network before it is quantized */
export function chainCase(seed: number, change = (graph: Graph): Graph => graph): Case {
  const r = new Random(99_000 + seed);
  const maker = new GraphMaker(r);
  // the first dimension need not be one sample
  const values = [r.bool(0.8) ? maker.image() : maker.input([r.int(2, 3), r.int(1, 5), r.int(1, 6)])];
  for (let i = r.int(2, 7); i > 0; i--) values.push(maker.append(r.pick(KINDS), r.pick(values.slice(-2))));
  const outputs = r.bool(0.3) && values.length > 3 ? [values.at(-1)!, values.at(-2)!] : [values.at(-1)!];
  const graph = change(maker.finish(outputs));
  return makeCase(`chain ${seed}`, graph, r, seed % 3 === 0 ? DEFAULT_QUANTIZE_OPTIONS : randomOptions(r));
}

/** Random inputs of a case as quantized numbers, and as the bytes of its input placeholders. */
export function caseInputs(
  c: Case,
  random: Random,
): { values: Map<string, Int32Array | Float32Array>; bytes: Map<string, Uint8Array> } {
  const values = quantizeInputs(c.quantized, randomInputs(c.graph, random));
  const bytes = c.bundle.placeholders
    .filter((p) => p.direction === 'input')
    .map((p) => [p.name, toBytes(values.get(p.name)!, p.type)] as const);
  return { values, bytes: new Map(bytes) };
}

/** Asserts that every element of every output is the interpreter's. */
export function assertOutputs(
  c: Case,
  inputs: ReadonlyMap<string, ArrayLike<number>>,
  outputs: ReadonlyMap<string, Uint8Array>,
): void {
  const expected = interpret(c.quantized, inputs);
  for (const p of c.bundle.placeholders) {
    if (p.direction === 'input') continue;
    assert.deepEqual(
      fromBytes(outputs.get(p.name)!, p.type),
      Array.from(expected.get(p.name)!),
      `${c.label}: ${p.name} of ${c.graph.nodes.map((n) => n.kind).join(', ')} with ${JSON.stringify(c.options)}`,
    );
  }
}
