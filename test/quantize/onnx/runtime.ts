/** onnxruntime's numbers of a quantized network, and ours beside them. */
import assert from 'node:assert/strict';
import * as ort from 'onnxruntime-node';
import { importOnnx } from '../../../extension/model/formats/onnx/import.ts';
import { quantizedToEven } from '../../../extension/model/functions.ts';
import { finished } from '../../../extension/model/import/finish.ts';
import { interpret } from '../../../extension/quantize/interpret.ts';
import { DEFAULT_QUANTIZE_OPTIONS } from '../../../extension/quantize/options.ts';
import { quantize } from '../../../extension/quantize/quantize.ts';
import { type QuantizedGraph, qvalue } from '../../../extension/quantize/quantizedGraph.ts';
import { needsRanges } from '../../../extension/quantize/valueParams.ts';
import { elements } from '../../../extension/model/graph.ts';

/** 'disabled' computes each operator by itself; 'all' makes operators on integers of those between conversions. */
export type Level = 'disabled' | 'all';
export type Inputs = ReadonlyMap<string, Float32Array>;

/** A network all of whose values have parameters of the file. */
export function quantizedOnnx(bytes: Uint8Array): QuantizedGraph {
  const graph = finished(importOnnx(bytes, { name: 'network' }));
  assert.ok(!needsRanges(graph), 'every value has parameters of its own');
  return quantize(graph, new Map(), DEFAULT_QUANTIZE_OPTIONS);
}

/** Inputs as the network takes them. */
export function givenTo(network: QuantizedGraph, inputs: Inputs): Map<string, Int32Array> {
  return new Map(
    network.inputs.map((name) => [
      name,
      Int32Array.from(inputs.get(name)!, (v) => quantizedToEven(v, qvalue(network, name))),
    ]),
  );
}

/** What onnxruntime computes for each sample, as q of each output of the network. */
export async function onnxruntime(
  bytes: Uint8Array,
  network: QuantizedGraph,
  samples: readonly Inputs[],
  level: Level,
): Promise<Int32Array[][]> {
  const session = await ort.InferenceSession.create(bytes, {
    graphOptimizationLevel: level,
    ...{ intraOpNumThreads: 1, interOpNumThreads: 1, logSeverityLevel: 4 },
  });
  try {
    const results: Int32Array[][] = [];
    for (const sample of samples) {
      const feeds = Object.fromEntries(
        network.inputs.map((name) => {
          const { shape } = qvalue(network, name);
          return [name, new ort.Tensor('float32', sample.get(name)!, shape)];
        }),
      );
      const run = await session.run(feeds);
      results.push(
        network.outputs.map((name) => {
          const { scale, offset } = qvalue(network, name);
          const reals = run[name]!.data as Float32Array;
          return Int32Array.from(reals, (v) => Math.round(v / scale) + offset);
        }),
      );
    }
    return results;
  } finally {
    await session.release();
  }
}

/** Fails where a number is more than `within` beside onnxruntime's. @returns how many were compared, and how many are others */
export async function assertAgrees(
  bytes: Uint8Array,
  samples: readonly Inputs[],
  level: Level,
  within = 0,
): Promise<{ compared: number; others: number }> {
  const network = quantizedOnnx(bytes);
  const expected = await onnxruntime(bytes, network, samples, level);
  let [compared, others] = [0, 0];
  for (const [i, sample] of samples.entries()) {
    const values = interpret(network, givenTo(network, sample));
    for (const [k, name] of network.outputs.entries()) {
      const actual = values.get(name)!;
      assert.equal(actual.length, elements(qvalue(network, name).shape));
      for (const [j, e] of expected[i]![k]!.entries()) {
        compared++;
        if (actual[j] !== e) others++;
        assert.ok(
          Math.abs(actual[j]! - e) <= within,
          `${level}, sample ${i}, ${name}[${j}]: ${actual[j]}, not ${e}`,
        );
      }
    }
  }
  return { compared, others };
}
