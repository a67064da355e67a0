import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { Bundle } from '../../extension/bundle/bundle.ts';
import { compileBundle } from '../../extension/compiler/compile.ts';
import { evaluate } from '../../extension/model/evaluate.ts';
import { elements } from '../../extension/model/graph.ts';
import type { Graph } from '../../extension/model/graph.ts';
import { importedOnnx } from '../support/importedOnnx.ts';
import { interpret } from '../../extension/quantize/interpret.ts';
import { DEFAULT_QUANTIZE_OPTIONS } from '../../extension/quantize/options.ts';
import { profile } from '../../extension/quantize/profile.ts';
import { quantize } from '../../extension/quantize/quantize.ts';
import { qvalue } from '../../extension/quantize/quantizedGraph.ts';
import type { QuantizedGraph } from '../../extension/quantize/quantizedGraph.ts';
import { CompiledModels } from '../support/compiledModel.ts';
import { dequantizeAll, fromBytes, quantizeInputs, toBytes } from '../support/quantized.ts';
import { random, randomFloats } from './oracle.ts';
import { targetFor } from '../../extension/compiler/target/targets.ts';

const NAMES = ['lenet', 'residual', 'mobile', 'keywords', 'perceptron', 'shuffle', 'mixer'];

interface Ported {
  readonly graph: Graph;
  readonly samples: readonly Map<string, Float32Array>[];
  readonly quantized: QuantizedGraph;
  readonly bundle: Bundle;
}

/** From the file to C, profiled on random samples. */
function port(name: string): Ported {
  const file = new URL(`exported/${name}_16.onnx`, import.meta.url);
  const graph = importedOnnx(readFileSync(file), { name });
  const next = random(5);
  const samples = Array.from({ length: 20 }, () => {
    return new Map(graph.inputs.map((i) => [i.name, randomFloats(elements(i.shape), next, 2)]));
  });
  const quantized = quantize(graph, profile(graph, samples), DEFAULT_QUANTIZE_OPTIONS);
  const target = targetFor('cortex-m0plus', 8192);
  return { graph, samples, quantized, bundle: compileBundle(quantized, { name, target }) };
}

describe("model: torch's networks on the simulated core", () => {
  const ported = new Map<string, Ported>();
  let compiled: CompiledModels;

  before(() => {
    for (const name of NAMES) ported.set(name, port(name));
    compiled = new CompiledModels([...ported.values()].map((p) => p.bundle));
  });

  for (const name of NAMES) {
    it(`${name} equals the interpreter bit for bit and follows the float network`, () => {
      const { graph, samples, quantized, bundle } = ported.get(name)!;
      let error = 0;
      let signal = 0;
      for (const sample of samples.slice(0, 5)) {
        const q = quantizeInputs(quantized, sample);
        const bytes = bundle.placeholders
          .filter((p) => p.direction === 'input')
          .map((p) => [p.name, toBytes(q.get(p.name)!, p.type)] as const);
        const { outputs } = compiled.run(bundle, new Map(bytes));
        const expected = interpret(quantized, q);
        const real = evaluate(graph, sample);
        for (const p of bundle.placeholders.filter((b) => b.direction === 'output')) {
          const ints = expected.get(p.name)!;
          assert.deepEqual(fromBytes(outputs.get(p.name)!, p.type), [...ints]);
          dequantizeAll(ints, qvalue(quantized, p.name)).forEach((v, i) => {
            error += (v - real.get(p.name)![i]!) ** 2;
            signal += real.get(p.name)![i]! ** 2;
          });
        }
      }
      assert.ok(
        error < 0.01 * signal,
        `noise is ${((100 * error) / signal).toFixed(2)} % of the signal's power`,
      );
    });
  }
});
