import { breather } from '../../common/breather.ts';
import type { WorkContext } from '../../common/work.ts';
import { evaluate } from '../../model/evaluate.ts';
import { classOutput, onlyInput } from '../data/classifier.ts';
import { loadImage } from '../data/samples.ts';
import type { MeasuredModel } from './measureRanges.ts';

/** What the float network makes of one picture. */
export interface FloatResult {
  /** The picture in the placeholder's shape, in real values. */
  readonly real: Float32Array;
  /** The confidences, by class. */
  readonly float: Float32Array;
}

/** Runs the float model over pictures. @throws UserError `input` when one cannot be read or has the wrong size, `cancelled` */
export async function floatResults(
  { graph, files, image }: MeasuredModel,
  { signal, progress }: WorkContext = {},
): Promise<FloatResult[]> {
  const { name: output } = classOutput(graph);
  const { name: input } = onlyInput(graph);
  const breathe = breather(signal);
  const results: FloatResult[] = [];
  for (const file of files) {
    const inputs = await loadImage(graph, file, image);
    results.push({ real: inputs.get(input)!, float: evaluate(graph, inputs).get(output)! });
    progress?.(`${results.length} of ${files.length} images`, results.length / files.length);
    await breathe();
  }
  return results;
}
