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
  /** Further outputs, which are no classes; absent when there are none. */
  readonly others?: readonly ExpectedOutput[];
}

/** A further output as the PC computes it. */
export interface ExpectedOutput {
  /** As the board prints it: its name in C. */
  readonly name: string;
  readonly quantized: readonly number[];
  readonly float: readonly number[];
}

export interface Comparison {
  /** Every confidence and Top1 of the board are the interpreter's. */
  readonly match: boolean;
  /** Classes whose confidence differs or is missing. */
  readonly differing: readonly number[];
  /** Further outputs, and how many elements of each differ or are missing. */
  readonly others: readonly ComparedOutput[];
  readonly top1: { readonly quantized: number; readonly float: number };
}

export interface ComparedOutput {
  readonly name: string;
  readonly elements: number;
  readonly differing: number;
}

/** Compares what the board printed with the PC's results. */
export function compare(report: InferenceReport, expected: Expected): Comparison {
  const printed = new Map(report.confidences.map((c) => [c.classIndex, c.value]));
  const differing = [...expected.quantized.keys()].filter((i) => printed.get(i) !== expected.quantized[i]);
  if (expected.reference === 'float') return compareWithFloat(report, expected, printed);
  const best = { quantized: top1(expected.quantized), float: top1(expected.float) };
  const isSame = differing.length === 0 && printed.size === expected.quantized.length;
  const others = (expected.others ?? []).map((output) => compareOutput(report, output));
  const areSame = others.every((o) => o.differing === 0);
  return { match: isSame && areSame && report.top1 === best.quantized, differing, others, top1: best };
}

function compareOutput(report: InferenceReport, { name, quantized }: ExpectedOutput): ComparedOutput {
  const { others = [] } = report;
  // behind a reset the only element of an output may have the rest of a cut line in front of its name
  const found =
    others.find((o) => o.name === name) ??
    others.find((o) => quantized.length === 1 && o.name.endsWith(name) && o.values.size === 1);
  const printed = found?.values;
  const differing = quantized.filter((value, i) => printed?.get(i) !== value).length;
  return { name, elements: quantized.length, differing };
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
    others: [],
    top1: { quantized: top1(expected.quantized), float: best },
  };
}
