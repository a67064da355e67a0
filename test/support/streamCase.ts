import assert from 'node:assert/strict';
import type { Bundle } from '../../extension/bundle/bundle.ts';
import { compileBundle } from '../../extension/compiler/compile.ts';
import type { Target } from '../../extension/compiler/target/target.ts';
import { elements } from '../../extension/model/graph.ts';
import { interpret, type QStates, statesAfter, type Tensor } from '../../extension/quantize/interpret.ts';
import { type QuantizedGraph, qvalue } from '../../extension/quantize/quantizedGraph.ts';
import { CompiledModels } from './compiledModel.ts';
import { HostModels } from './hostModels.ts';
import { toBytes } from './quantized.ts';
import { Random } from './random.ts';

/** A network that keeps a state, and some inferences that follow one another. */
export interface StreamCase {
  readonly label: string;
  readonly quantized: QuantizedGraph;
  readonly bundle: Bundle;
  readonly runs: readonly {
    readonly inputs: ReadonlyMap<string, Uint8Array>;
    readonly outputs: ReadonlyMap<string, Uint8Array>;
  }[];
}

/** Inferences with random numbers, some of them at the ends of the range, and what the interpreter makes of them. */
export function streamCase(
  label: string,
  quantized: QuantizedGraph,
  options: { readonly target: Target; readonly reuseInputs?: boolean },
  inferences = 5,
): StreamCase {
  const bundle = compileBundle(quantized, { name: label, ...options });
  const random = new Random(label.length);
  let states: QStates | undefined;
  const runs = Array.from({ length: inferences }, (_, k) => {
    const given = new Map(quantized.inputs.map((name) => [name, randomData(quantized, name, random, k)]));
    const values = interpret(quantized, given, states);
    states = statesAfter(quantized, values);
    const bytes = (names: readonly string[], of: ReadonlyMap<string, Tensor>) =>
      new Map(names.map((name) => [name, toBytes(of.get(name)!, qvalue(quantized, name).type)]));
    return { inputs: bytes(quantized.inputs, given), outputs: bytes(quantized.outputs, values) };
  });
  return { label, quantized, bundle, runs };
}

function randomData(graph: QuantizedGraph, name: string, random: Random, k: number): Tensor {
  const { shape, type, lo, hi } = qvalue(graph, name);
  const n = elements(shape);
  if (type === 'float32') return random.floats(n, -1.2, 1.7);
  return Int32Array.from({ length: n }, () => (k === 2 ? random.pick([lo, hi]) : random.int(lo, hi)));
}

/** The C computes the same on the PC, under the sanitizers. */
export function assertOnHost(cases: readonly StreamCase[]): void {
  const models = new HostModels(cases.map((c) => c.bundle));
  try {
    for (const { label, bundle, runs } of cases) {
      const found = models.run(runs.map(({ inputs }, k) => ({ bundle, inputs, goesOn: k > 0 })));
      for (const [k, { outputs }] of runs.entries())
        assert.deepEqual(found[k], outputs, `${label}: inference ${k}`);
    }
  } finally {
    models.remove();
  }
}

/** The code for Cortex-M0+ computes the same on the simulated core, and once more when it was reset. */
export function assertOnCore(cases: readonly StreamCase[]): void {
  const models = new CompiledModels(cases.map((c) => c.bundle));
  for (const { label, bundle, runs } of cases) {
    for (const round of [0, 1]) {
      for (const [k, { inputs, outputs }] of runs.entries()) {
        const found = models.run(bundle, inputs, k > 0);
        assert.deepEqual(found.outputs, outputs, `${label}: inference ${k}, round ${round}`);
      }
    }
  }
}
