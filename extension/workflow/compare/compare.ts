import { say, type Sentence } from '../../common/errors/sentence.ts';
import type { InferenceReport } from '../../inference/report.ts';
import { areNearlySame, classOf } from '../report/accuracy.ts';

/** The PC's own results for the test image, by class; none of a network whose result is no list of classes, but positions for many. */
export interface Expected {
  /** What the board must print: raw integers of the quantized network (thousandths for a float output). */
  readonly quantized: readonly number[];
  /** The result is the class itself (ArgMax): the only number of `quantized` and `float`, which the board prints as Top1. */
  readonly isClass?: true;
  /**
   * Set for a bundle made by Glow, whose integers nothing on the PC repeats: `quantized` are then the float network's values
   * in the board's numbers, near what it prints; only Top1 must be equal, and how far the rest is apart is measured.
   */
  readonly reference?: 'float';
  /** With `reference`: the real value of one in `quantized`, and of a 255th of the output's range. */
  readonly unit?: number;
  readonly step?: number;
  /** Real values of the float network. */
  readonly float: readonly number[];
  /**
   * Further outputs, which are no classes; absent when there are none. With `reference` positions, of which nearly all must be
   * equal.
   */
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
  /** Undefined where the result names no class. */
  readonly top1: NamedClasses | undefined;
  /** Only where nothing on the PC repeats the board's integers. */
  readonly distance?: Distance;
}

/** The classes that both networks name. */
interface NamedClasses {
  readonly quantized: number;
  readonly float: number;
}

/** How far a board's outputs are from the float network's, for one picture. */
export interface Distance {
  /** Largest difference, in steps of which the output's range has 255. */
  readonly steps: number;
  /** The same in real numbers. */
  readonly real: number;
  /** The class that differs so. */
  readonly classIndex: number;
  /** More than quantization of a whole network usually does. */
  readonly isFar: boolean;
}

/** How far, as the end of a sentence: `no output is further than 2.0 of 255 steps (0.16) from the float network's`. */
export function apartness({ steps, real, isFar }: Distance): Sentence {
  const far = [steps.toFixed(1), real.toPrecision(2)] as const;
  return isFar
    ? say`an output is ${far[0]} of 255 steps (${far[1]}) from the float network's`
    : say`no output is further than ${far[0]} of 255 steps (${far[1]}) from the float network's`;
}

/** Of 255; see docs/glow.md for what Glow's networks were measured to be apart. */
const FEW_STEPS = 8;

export interface ComparedOutput {
  readonly name: string;
  readonly elements: number;
  readonly differing: number;
}

/** Compares what the board printed with the PC's results. */
export function compare(report: InferenceReport, expected: Expected): Comparison {
  const printed = new Map(report.confidences.map((c) => [c.classIndex, c.value]));
  const confidences = expected.isClass ? [] : expected.quantized;
  const differing = [...confidences.keys()].filter((i) => printed.get(i) !== confidences[i]);
  if (expected.reference === 'float' && !expected.isClass) return compareWithFloat(report, expected, printed);
  const best = namedClasses(expected);
  const isSame = differing.length === 0 && printed.size === confidences.length;
  const others = (expected.others ?? []).map((output) => compareOutput(report, output));
  const areSame = others.every((o) => o.differing === 0);
  return { match: isSame && areSame && report.top1 === best?.quantized, differing, others, top1: best };
}

function namedClasses({ quantized, float, isClass }: Expected): NamedClasses | undefined {
  if (quantized.length === 0) return undefined;
  const isPosition = isClass === true;
  return { quantized: classOf(quantized, isPosition), float: classOf(float, isPosition) };
}

/** How many confidences a board prints of what is expected. */
export function confidenceCount({ quantized, isClass }: Expected): number {
  return isClass ? 0 : quantized.length;
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
  const isWhole = missing.length === 0 && printed.size === expected.float.length;
  const others = (expected.others ?? []).map((output) => compareOutput(report, output));
  const areNear = others.every((o) => areNearlySame(o.differing, o.elements));
  const best = namedClasses(expected);
  return {
    match: isWhole && areNear && report.top1 === best?.float,
    differing: missing,
    others,
    top1: best,
    ...(best ? { distance: distanceOf(expected, printed) } : {}),
  };
}

function distanceOf(
  { quantized, unit = 1, step = 1 }: Expected,
  printed: ReadonlyMap<number, number>,
): Distance {
  const apart = quantized.map((value, i) => Math.abs((printed.get(i) ?? value) - value));
  const classIndex = apart.reduce((worst, d, i) => (d > apart[worst]! ? i : worst), 0);
  const real = (apart[classIndex] ?? 0) * unit;
  const steps = real / step;
  return { steps, real, classIndex, isFar: steps > FEW_STEPS };
}
