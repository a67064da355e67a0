import { say, type Sentence } from '../../common/errors/sentence.ts';
import type { InferenceReport, PrintedOutput } from '../../inference/report.ts';
import { areNearlySame, classOf } from '../report/accuracy.ts';

/** The PC's own results for the test data, by class; of a network whose first output is no list of classes all stands in `others`. */
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
  /** Outputs that are printed by their names; absent when there are none. */
  readonly others?: readonly ExpectedOutput[];
  /** Of a network whose output is its input again. */
  readonly reconstruction?: ExpectedReconstruction;
}

/** An output that is printed by its name, as the PC computes it. */
export interface ExpectedOutput {
  /** As the board prints it: its name in C. */
  readonly name: string;
  readonly quantized: readonly number[];
  readonly float: readonly number[];
  /** A printed number stands for scale * (number - offset). */
  readonly scale: number;
  readonly offset: number;
  /** The real numbers that the board prints behind the integers; absent where it prints none. */
  readonly reals?: readonly string[];
  /** With `reference` a 255th of the output's range; absent for positions, of which nearly all must be equal. */
  readonly step?: number;
}

/** How far an output is from the input, as the PC computes it. */
export interface ExpectedReconstruction {
  /** What the board must print, in its units; undefined where nothing on the PC repeats it. */
  readonly error: number | undefined;
  /** In the same units; undefined where none is known. */
  readonly threshold: number | undefined;
  readonly isAnomalous: boolean | undefined;
  /** Real value of one of these units. */
  readonly unit: number;
  /** Of the float network: the mean squared error in real units, and what the threshold says of it. */
  readonly float: number;
  readonly isFloatAnomalous: boolean | undefined;
}

export interface Comparison {
  /** Everything that the board printed is the interpreter's; with a float reference: what is equal at least. */
  readonly match: boolean;
  /** Classes whose confidence differs or is missing. */
  readonly differing: readonly number[];
  /** Outputs printed by their names, and how many elements of each differ or are missing. */
  readonly others: readonly ComparedOutput[];
  /** Undefined where the result names no class. */
  readonly top1: NamedClasses | undefined;
  /** Only of a network whose output is its input again: what the board printed of that is the PC's. */
  readonly reconstructionIsSame?: boolean;
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
  /** The class, or the element of the output, that differs so. */
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
  /** Largest difference of what the board printed from the float network, in real units. */
  readonly fromFloat: number;
  /** As Comparison's, of this output. */
  readonly distance?: Distance;
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
  const reconstruction = compareReconstruction(report, expected);
  return {
    match: isSame && areSame && report.top1 === best?.quantized && reconstruction !== false,
    ...{ differing, others, top1: best },
    ...(reconstruction === undefined ? {} : { reconstructionIsSame: reconstruction }),
  };
}

/** @returns undefined of a network that has none to compare */
function compareReconstruction(report: InferenceReport, { reconstruction }: Expected): boolean | undefined {
  if (!reconstruction) return undefined;
  const { error, threshold, isAnomalous, isFloatAnomalous } = reconstruction;
  const printed = report.reconstruction;
  if (!printed || printed.threshold !== threshold) return false;
  if (error === undefined) return printed.isAnomalous === isFloatAnomalous;
  return printed.error === error && printed.isAnomalous === isAnomalous;
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

/** Whether a report has all that a network prints, as many of each: one heard from its middle lacks some, one of another network has others. */
export function hasAllOf(report: InferenceReport, expected: Expected): boolean {
  const { others = [], reconstruction } = expected;
  return (
    report.confidences.length === confidenceCount(expected) &&
    (report.reconstruction !== undefined) === (reconstruction !== undefined) &&
    others.every((output) => printedOf(report, output)?.values.size === output.quantized.length)
  );
}

/** What a board printed of an output; undefined when it printed none of that name. */
export function printedOf(
  { others = [] }: InferenceReport,
  { name, quantized }: Pick<ExpectedOutput, 'name' | 'quantized'>,
): PrintedOutput | undefined {
  // behind a reset the only element of an output may have the rest of a cut line in front of its name
  return (
    others.find((o) => o.name === name) ??
    others.find((o) => quantized.length === 1 && o.name.endsWith(name) && o.values.size === 1)
  );
}

function compareOutput(report: InferenceReport, expected: ExpectedOutput): ComparedOutput {
  const { name, quantized, float, scale, offset, reals, step } = expected;
  const printed = printedOf(report, expected);
  let differing = 0;
  let fromFloat = 0;
  for (const [i, value] of quantized.entries()) {
    const raw = printed?.values.get(i);
    if (raw !== value || (reals && printed?.reals?.get(i) !== reals[i])) differing++;
    if (raw !== undefined) fromFloat = Math.max(fromFloat, Math.abs(scale * (raw - offset) - float[i]!));
  }
  const compared = { name, elements: quantized.length, differing, fromFloat };
  if (step === undefined) return compared;
  // the float network's numbers: what is missing differs, the rest is near or far
  const missing = quantized.filter((_, i) => !printed?.values.has(i)).length;
  const distance = distanceOf({ quantized, unit: scale, step }, printed?.values ?? new Map());
  return { ...compared, differing: missing, distance };
}

function compareWithFloat(
  report: InferenceReport,
  expected: Expected,
  printed: ReadonlyMap<number, number>,
): Comparison {
  const missing = [...expected.float.keys()].filter((i) => !printed.has(i));
  const isWhole = missing.length === 0 && printed.size === expected.float.length;
  const others = (expected.others ?? []).map((output) => compareOutput(report, output));
  const areNear = others.every((o) =>
    o.distance ? o.differing === 0 : areNearlySame(o.differing, o.elements),
  );
  const best = namedClasses(expected);
  const reconstruction = compareReconstruction(report, expected);
  const distances = [
    best ? distanceOf(expected, printed) : [],
    others.flatMap((o) => o.distance ?? []),
  ].flat();
  const [farthest] = distances.sort((a, b) => b.steps - a.steps);
  return {
    match: isWhole && areNear && report.top1 === best?.float && reconstruction !== false,
    ...{ differing: missing, others, top1: best },
    ...(reconstruction === undefined ? {} : { reconstructionIsSame: reconstruction }),
    ...(farthest ? { distance: farthest } : {}),
  };
}

function distanceOf(
  { quantized, unit = 1, step = 1 }: Pick<Expected, 'quantized' | 'unit' | 'step'>,
  printed: ReadonlyMap<number, number>,
): Distance {
  const apart = quantized.map((value, i) => Math.abs((printed.get(i) ?? value) - value));
  const classIndex = apart.reduce((worst, d, i) => (d > apart[worst]! ? i : worst), 0);
  const real = (apart[classIndex] ?? 0) * unit;
  const steps = real / step;
  return { steps, real, classIndex, isFar: steps > FEW_STEPS };
}
