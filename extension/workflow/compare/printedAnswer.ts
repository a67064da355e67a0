import type { Answer, Placeholder } from '../../bundle/bundle.ts';
import { meanSquaredError } from '../../bundle/reconstruction.ts';
import type { InferenceReport } from '../../inference/report.ts';
import { isPrintedAsClasses } from '../../project/bundleView.ts';
import { identifier } from '../../project/names.ts';
import { top1 } from '../report/accuracy.ts';
import { printedOf } from './compare.ts';

/** What a network answers for a sample: a class by its number, or a verdict; undefined where its numbers are all it says. */
export type Said = number | 'usual' | 'anomalous' | undefined;

/** An answer as firmware has printed it. */
export interface PrintedAnswer {
  /** The first output in real units; NaN for what was not printed. */
  readonly values: readonly number[];
  readonly said: Said;
}

/** What firmware has printed of a network's first output. @param elements how many it has */
export function printedAnswer(
  report: InferenceReport,
  output: Placeholder,
  answer: Answer,
  elements: number,
): PrintedAnswer {
  const printed = isPrintedAsClasses(output, answer)
    ? new Map(report.confidences.map((c) => [c.classIndex, c.value]))
    : printedOf(report, { name: identifier(output.cName), quantized: new Array<number>(elements) })?.values;
  // a float is printed in thousandths
  const [scale, offset] = output.type === 'float32' ? [0.001, 0] : [output.scale, output.offset];
  const values = Array.from({ length: elements }, (_, i) => scale * ((printed?.get(i) ?? NaN) - offset));
  return { values, said: saidOf(answer, values, report.reconstruction?.isAnomalous) };
}

/** What the float network says of a sample. @param input the sample in real units */
export function floatSaid(answer: Answer, input: Float32Array, output: readonly number[]): Said {
  const limit = answer.threshold?.value;
  const isOver = limit === undefined ? undefined : meanSquaredError(input, output) > limit;
  return saidOf(answer, output, isOver);
}

function saidOf({ task }: Answer, values: readonly number[], isAnomalous: boolean | undefined): Said {
  if (task === 'classify') return top1(values);
  if (task !== 'anomaly' || isAnomalous === undefined) return undefined;
  return isAnomalous ? 'anomalous' : 'usual';
}
