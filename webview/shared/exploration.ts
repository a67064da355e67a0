/** What exploring a network's quantization found, for the page, the command line and the drawings of both. */

import type { SizeBasis } from './firmwareText.ts';

/** What a variant costs on the board; less is better. */
export const COSTS = ['cycles', 'flash', 'ram'] as const;
export type Cost = (typeof COSTS)[number];

/**
 * How good a variant's results are; more is better. `accuracy`: share of the labelled samples that it classifies right;
 * `sameTop1`: share of the samples for which it names the float network's class; `sqnr`: signal to quantization noise of the
 * output that is worst, in dB.
 */
export const QUALITIES = ['accuracy', 'sameTop1', 'sqnr'] as const;
export type Quality = (typeof QUALITIES)[number];

/** What a variant of the quantization is, measured over the samples and on the board. Sizes in bytes. */
export interface VariantFigures {
  readonly samples: number;
  /** The result is a list of classes, so that Top1 and labels mean something. */
  readonly namesClasses: boolean;
  readonly sameTop1: number;
  /** Of the samples whose label is known; undefined when none is. */
  readonly labelled:
    { readonly samples: number; readonly correct: number; readonly floatCorrect: number } | undefined;
  /** Of the output that is worst, in dB; undefined: every output is exact. */
  readonly sqnrDb: number | undefined;
  /** Core cycles of one inference, as the compiler predicts them. */
  readonly predictedCycles: number;
  /** The same counted on the simulated board; undefined where nothing was run. */
  readonly measuredCycles?: number | undefined;
  /** The model alone: its code and constants; its placeholders and activations. */
  readonly flashBytes: number;
  readonly ramBytes: number;
  /** The whole firmware, RAM with its stack. */
  readonly firmware: {
    readonly basis: SizeBasis;
    readonly flashBytes: number;
    readonly ramBytes: number;
  };
}

/** A variant that has figures, as plots and fronts take it. */
export interface MeasuredVariant {
  readonly number: number;
  readonly isChosen: boolean;
  readonly fits: boolean;
  readonly figures: VariantFigures;
}

/** A variant's cost. @param isCounted see `areCounted`: counted cycles are compared with no predictions of others */
export function costOf(figures: VariantFigures, cost: Cost, isCounted: boolean): number {
  if (cost === 'flash') return figures.flashBytes;
  if (cost === 'ram') return figures.ramBytes;
  return (isCounted ? figures.measuredCycles : undefined) ?? figures.predictedCycles;
}

/** Whether cycles were counted of all variants that fit the board, so that they are no predictions. */
export function areCounted(variants: readonly Pick<MeasuredVariant, 'fits' | 'figures'>[]): boolean {
  const able = variants.filter((v) => v.fits);
  return able.length > 0 && able.every((v) => v.figures.measuredCycles !== undefined);
}

/** A variant's quality: a share from 0 to 1, or dB (Infinity: no error); undefined where it says nothing. */
export function qualityOf(figures: VariantFigures, quality: Quality): number | undefined {
  const { labelled, namesClasses, sameTop1, samples, sqnrDb } = figures;
  if (quality === 'sqnr') return sqnrDb ?? Infinity;
  if (!namesClasses) return undefined;
  if (quality === 'sameTop1') return samples > 0 ? sameTop1 / samples : undefined;
  return labelled && labelled.correct / labelled.samples;
}

/**
 * The qualities that all variants have, the one that says most first: what tells them apart comes before what is the same for all,
 * such as an accuracy that no variant loses anything of.
 */
export function qualitiesOf(variants: readonly VariantFigures[]): Quality[] {
  if (variants.length === 0) return [];
  const all = QUALITIES.filter((q) => variants.every((f) => qualityOf(f, q) !== undefined));
  const isSame = (q: Quality): boolean => new Set(variants.map((f) => qualityOf(f, q))).size === 1;
  return [...all.filter((q) => !isSame(q)), ...all.filter(isSame)];
}

/**
 * The Pareto front: variants that no other one is at least as good as in everything and better than in something. Of those that
 * are equal in all of it, the ones with least noise.
 * @param isCounted see `costOf` @returns their places in the list
 */
export function paretoFront(
  variants: readonly VariantFigures[],
  costs: readonly Cost[],
  quality: Quality,
  isCounted = false,
): Set<number> {
  const noise = (f: VariantFigures): number => -(qualityOf(f, 'sqnr') ?? 0);
  // everything as a cost; what only breaks ties comes last
  const rows = variants.map((f) => [
    ...costs.map((c) => costOf(f, c, isCounted)),
    -(qualityOf(f, quality) ?? -Infinity),
  ]);
  const isBetter = (a: number, b: number): boolean => {
    const [x, y] = [rows[a]!, rows[b]!];
    if (x.some((v, i) => v > y[i]!)) return false;
    return x.some((v, i) => v < y[i]!) || noise(variants[a]!) < noise(variants[b]!);
  };
  const all = [...variants.keys()];
  return new Set(all.filter((b) => !all.some((a) => isBetter(a, b))));
}

/** Numbers of the variants on the Pareto front, of those that fit the board. */
export function frontOf(
  variants: readonly MeasuredVariant[],
  quality: Quality,
  costs: readonly Cost[],
): Set<number> {
  const able = variants.filter((v) => v.fits);
  const front = paretoFront(
    able.map((v) => v.figures),
    costs,
    quality,
    areCounted(variants),
  );
  return new Set(able.filter((_, i) => front.has(i)).map((v) => v.number));
}
