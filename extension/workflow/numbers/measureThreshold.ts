import type { Threshold } from '../../../webview/shared/task.ts';
import { meanSquaredError, reconstructionError, reconstructionOf } from '../../bundle/reconstruction.ts';
import { breather } from '../../common/breather.ts';
import { spread } from '../../common/lists.ts';
import type { WorkContext } from '../../common/work.ts';
import type { DataOptions } from '../../data/options.ts';
import { SampleReader } from '../../data/reader.ts';
import type { Sample } from '../../data/sample.ts';
import { evaluate } from '../../model/evaluate.ts';
import type { Graph } from '../../model/graph.ts';
import { interpret } from '../../quantize/interpret.ts';
import { type QuantizedGraph, qvalue } from '../../quantize/quantizedGraph.ts';
import { quantizedInputs } from '../report/accuracy.ts';
import { affordable } from './affordable.ts';

/** A network whose output is its input again, and samples of the usual kind. */
export interface ReconstructedSamples extends DataOptions {
  readonly graph: Graph;
  /** Undefined when Glow compiled it: the float network's errors are taken then. */
  readonly quantized: QuantizedGraph | undefined;
  readonly samples: readonly Sample[];
}

/** Share of the samples whose error is not above the threshold. */
const USUAL = 0.99;
/** Operations over all samples, some ten seconds. */
const MAX_OPERATIONS = 2e9;

/**
 * The reconstruction error that 99 of 100 samples do not exceed (nearest rank), of samples spread evenly when there are very many.
 *
 * @throws UserError `input` for a sample that cannot be read, `cancelled`
 */
export async function measureThreshold(
  { graph, quantized, samples, ...options }: ReconstructedSamples,
  { signal, progress }: WorkContext = {},
): Promise<Threshold> {
  const reader = new SampleReader(graph.inputs, options);
  const breathe = breather(signal);
  const chosen = spread(samples, affordable(graph, MAX_OPERATIONS));
  const errors: number[] = [];
  for (const [i, sample] of chosen.entries()) {
    const inputs = await reader.read(sample);
    errors.push(quantized ? quantizedError(quantized, inputs) : floatError(graph, inputs));
    progress?.(`${i + 1} of ${chosen.length} samples`, (i + 1) / chosen.length);
    await breathe();
  }
  errors.sort((a, b) => a - b);
  return {
    value: errors[Math.ceil(USUAL * errors.length) - 1]!,
    basis: quantized ? 'quantized' : 'float',
    samples: errors.length,
  };
}

/** As the board computes it, in real units; of real numbers where the placeholders are. */
function quantizedError(quantized: QuantizedGraph, inputs: ReadonlyMap<string, Float32Array>): number {
  const [input, output] = [qvalue(quantized, quantized.inputs[0]!), qvalue(quantized, quantized.outputs[0]!)];
  const given = quantizedInputs(quantized, inputs);
  const from = { ...input, values: given.get(input.name)! };
  const to = { ...output, values: interpret(quantized, given).get(output.name)! };
  if (input.type === 'float32') return meanSquaredError(from.values, to.values);
  const of = reconstructionOf(input, output, { task: 'anomaly' });
  return reconstructionError(of, from, to) * of.unit ** 2;
}

/** Of the float network. */
function floatError(graph: Graph, inputs: ReadonlyMap<string, Float32Array>): number {
  return meanSquaredError(
    inputs.get(graph.inputs[0]!.name)!,
    evaluate(graph, inputs).get(graph.outputs[0]!)!,
  );
}
