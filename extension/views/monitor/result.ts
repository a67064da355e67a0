import type { InferenceReport } from '../../inference/report.ts';
import { compare, type Comparison, type Distance } from '../../workflow/compare/compare.ts';
import type { Closeness } from '../../workflow/compare/closeness.ts';
import type { Result } from '../../../webview/shared/messages/monitor.ts';
import { percentsOf } from '../../../webview/shared/task.ts';
import { namedOutputs, reconstructionResult } from './namedOutputs.ts';
import type { Reference } from './reference.ts';

/** Most classes shown; a list of a thousand bars helps nobody and would be slow. */
const MAX_CLASSES = 256;

/** Words of the verdict; the host translates. */
export interface ResultWords {
  readonly match: string;
  /** Of a network whose integers nothing on the PC repeats. */
  readonly top1Matches: string;
  readonly nearlySame: string;
  readonly distance: (distance: Distance) => string;
  readonly differs: (classes: number) => string;
  readonly reconstructionDiffers: string;
  readonly outputDiffers: (name: string, differing: number, elements: number) => string;
  readonly noPcResult: string;
  readonly closeness: (closeness: Closeness) => string;
}

/** A board's report beside the PC's results, ready to be shown. */
export function resultOf(
  report: InferenceReport,
  reference: Reference | undefined,
  labels: readonly string[],
  source: string,
  history: readonly number[],
  words: ResultWords,
): Result {
  const printed = new Map(report.confidences.map((c) => [c.classIndex, c.value]));
  const pc = reference?.pc;
  const real = realOf(reference, [...printed.values()]);
  const comparison = pc && compare(report, pc);
  const namesItself = reference?.output.type === 'index32';
  // the classes that a network names itself have names, but no confidences
  const named = [report.top1, comparison?.top1?.quantized, comparison?.top1?.float];
  const listed = namesItself ? named.filter((k) => k !== undefined) : (pc?.quantized.keys() ?? []);
  const indices = [...new Set([...printed.keys(), ...listed])].sort((a, b) => a - b);
  const scores = reference?.answer?.scores;
  const percents = real && percentsOf([...printed.values()].map(real), scores);
  const percentOf = new Map([...printed.keys()].map((index, i) => [index, percents?.[i]]));
  const classes = indices.slice(0, MAX_CLASSES).map((index) => {
    const raw = printed.get(index);
    const pcRaw = namesItself ? undefined : pc?.quantized[index];
    return {
      index,
      label: labels[index] || undefined,
      raw,
      real: raw === undefined ? undefined : real?.(raw),
      pcRaw,
      pcReal: pcRaw === undefined ? undefined : real?.(pcRaw),
      float: namesItself ? undefined : pc?.float[index],
      differs: comparison?.differing.includes(index) ?? false,
      ...(percents ? { percent: percentOf.get(index) } : {}),
    };
  });
  const top1 = report.top1 ?? best([...printed]);
  const verdict = !comparison ? 'unknown' : comparison.match ? 'match' : 'mismatch';
  const shown = classes.flatMap((c) => (real ? [c.real, c.pcReal, c.float] : [c.raw]));
  return {
    source,
    top1,
    classes,
    ...(percents ? { percentsAre: scores === 'logits' ? 'softmax' : 'probabilities' } : {}),
    outputs: namedOutputs(report, pc, comparison),
    reconstruction: reconstructionResult(report, pc, comparison),
    ...(namesItself ? { namesItself } : {}),
    scale: rangeOf(
      shown.filter((v) => v !== undefined),
      real !== undefined,
    ),
    timeUs: report.timeUs,
    history,
    verdict,
    verdictText: !comparison
      ? words.noPcResult
      : comparison.match
        ? pc?.reference !== 'float'
          ? words.match
          : comparison.top1
            ? words.top1Matches
            : words.nearlySame
        : differenceText(comparison, words),
    closeness: closenessOf(reference?.closeness, comparison?.distance, words),
    ...(pc?.reference === 'float' ? { pcIsFloat: true } : {}),
    floatTop1: comparison?.top1?.float,
  };
}

function closenessOf(
  closeness: Closeness | undefined,
  distance: Distance | undefined,
  words: ResultWords,
): Result['closeness'] {
  if (distance) return { isClose: !distance.isFar, text: words.distance(distance) };
  return closeness && { isClose: closeness.isClose, text: words.closeness(closeness) };
}

function differenceText(comparison: Comparison, words: ResultWords): string {
  const { differing, others, reconstructionIsSame } = comparison;
  const other = others.find((o) => o.differing > 0);
  if (differing.length === 0 && !other && reconstructionIsSame === false) return words.reconstructionDiffers;
  if (differing.length > 0 || !other) return words.differs(differing.length);
  return words.outputDiffers(other.name, other.differing, other.elements);
}

/** How raw confidences become real values; undefined when that is not known. */
function realOf(
  reference: Reference | undefined,
  raw: readonly number[],
): ((q: number) => number) | undefined {
  if (!reference) {
    // NXP's float firmware prints the real values themselves
    return raw.some((v) => !Number.isInteger(v)) ? (q) => q : undefined;
  }
  const { type, scale, offset } = reference.output;
  if (type === 'float32') return raw.every(Number.isInteger) ? (q) => q / 1000 : (q) => q;
  return (q) => scale * (q - offset);
}

/** 0 to 1 for probabilities, -128 to 127 for raw bytes, else what the values span, with 0 in it. */
function rangeOf(values: readonly number[], real: boolean): Result['scale'] {
  const finite = values.filter(Number.isFinite);
  const min = finite.reduce((a, b) => Math.min(a, b), 0);
  const max = finite.reduce((a, b) => Math.max(a, b), 0);
  if (real && min >= -0.01 && max <= 1.01) return { min: 0, max: 1, real };
  if (!real && min < 0 && min >= -128 && max <= 127) return { min: -128, max: 127, real };
  return { min, max: max > min ? max : min + 1, real };
}

/** Class of the largest value, the first one when several are. */
function best(values: readonly (readonly [index: number, value: number])[]): number | undefined {
  let found: readonly [number, number] | undefined;
  for (const entry of values) if (!found || entry[1] > found[1]) found = entry;
  return found?.[0];
}
