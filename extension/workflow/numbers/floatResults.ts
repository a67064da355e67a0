import { breather } from '../../common/breather.ts';
import type { WorkContext } from '../../common/work.ts';
import { type Inputs, SampleReader } from '../../data/reader.ts';
import { evaluate } from '../../model/evaluate.ts';
import { classOutput } from '../data/classifier.ts';
import type { MeasuredModel } from './measureRanges.ts';

/** What the float network makes of one sample. */
export interface FloatResult {
  /** The sample in the placeholders' shapes, in real values. */
  readonly real: Inputs;
  /** The confidences, by class. */
  readonly float: Float32Array;
}

/** Runs the float model over samples. @throws UserError `input` when one cannot be read or has the wrong size, `cancelled` */
export async function floatResults(
  { graph, samples, ...options }: MeasuredModel,
  { signal, progress }: WorkContext = {},
): Promise<FloatResult[]> {
  const { name: output } = classOutput(graph);
  const reader = new SampleReader(graph.inputs, options);
  const breathe = breather(signal);
  const results: FloatResult[] = [];
  for (const sample of samples) {
    const real = await reader.read(sample);
    results.push({ real, float: evaluate(graph, real).get(output)! });
    progress?.(`${results.length} of ${samples.length} samples`, results.length / samples.length);
    await breathe();
  }
  return results;
}
