import type { InferenceReport } from '../../inference/report.ts';
import { top1 } from '../report/accuracy.ts';

/** The PC's own results for the test image, by class. */
export interface Expected {
  /** What the board must print: raw integers of the quantized network (thousandths for a float output). */
  readonly quantized: readonly number[];
  /**
   * Set for a bundle made by Glow, whose integers nothing on the PC repeats: `quantized` are then the float network's values
   * in the board's numbers, near what it prints, and only Top1 must be equal.
   */
  readonly reference?: 'float';
  /** Real values of the float network. */
  readonly float: readonly number[];
}

export interface Comparison {
  /** Every confidence and Top1 of the board are the interpreter's. */
  readonly match: boolean;
  /** Classes whose confidence differs or is missing. */
  readonly differing: readonly number[];
  readonly top1: { readonly quantized: number; readonly float: number };
}

/** Compares what the board printed with the PC's results. */
export function compare(report: InferenceReport, expected: Expected): Comparison {
  const printed = new Map(report.confidences.map((c) => [c.classIndex, c.value]));
  const differing = [...expected.quantized.keys()].filter((i) => printed.get(i) !== expected.quantized[i]);
  if (expected.reference === 'float') return compareWithFloat(report, expected, printed);
  const best = { quantized: top1(expected.quantized), float: top1(expected.float) };
  const isSame = differing.length === 0 && printed.size === expected.quantized.length;
  return { match: isSame && report.top1 === best.quantized, differing, top1: best };
}

function compareWithFloat(
  report: InferenceReport,
  expected: Expected,
  printed: ReadonlyMap<number, number>,
): Comparison {
  const missing = [...expected.float.keys()].filter((i) => !printed.has(i));
  const best = top1(expected.float);
  const isWhole = missing.length === 0 && printed.size === expected.float.length;
  return {
    match: isWhole && report.top1 === best,
    differing: missing,
    top1: { quantized: top1(expected.quantized), float: best },
  };
}
