import type { Graph } from '../../extension/model/graph.ts';
import { DEFAULT_QUANTIZE_OPTIONS, type QuantizeOptions } from '../../extension/quantize/options.ts';
import { profile } from '../../extension/quantize/profile.ts';
import { quantize } from '../../extension/quantize/quantize.ts';
import { AccuracyMeter } from '../../extension/workflow/report/accuracy.ts';

type Inputs = ReadonlyMap<string, Float32Array>;

/**
 * Signal to quantization noise of a network's first output in dB; Infinity where the two are equal.
 * @param samples what ranges are measured with, and both networks compared on
 */
export function outputSqnr(
  graph: Graph,
  options: Partial<QuantizeOptions>,
  samples: readonly Inputs[],
): number {
  const quantized = quantize(graph, profile(graph, samples), { ...DEFAULT_QUANTIZE_OPTIONS, ...options });
  const meter = new AccuracyMeter(graph, quantized, { task: 'raw' });
  samples.forEach((inputs, i) => meter.add({ name: `${i}`, label: undefined, inputs }));
  return meter.result().values.get(graph.outputs[0]!)!.sqnrDb ?? Infinity;
}
