import type { BoardData } from '../../board/catalogue.ts';
import type { ErrorData } from '../../common/error.ts';
import type { Sentence } from '../../common/errors/sentence.ts';
import type { GivenPart } from '../../quantize/options.ts';
import {
  areCounted,
  type Cost,
  COSTS,
  frontOf as frontOfMeasured,
  type MeasuredVariant,
  costOf,
  qualitiesOf,
  type Quality,
  qualityOf,
  type VariantFigures,
} from '../../../webview/shared/exploration.ts';
import type { PortChoices } from '../choices/choices.ts';
import type { Variant } from './variants.ts';

export { type Quality, qualityOf } from '../../../webview/shared/exploration.ts';

/** What a variant was found to be, and how it fits the board. */
export interface ExploredFigures extends VariantFigures {
  readonly fit: { readonly fits: boolean; readonly reasons: readonly Sentence[] };
}

/** A variant and its figures, or why it has none. */
export interface ExploredVariant {
  /** From 1, in the order of `variantsFor`; it stays the same from run to run. */
  readonly number: number;
  readonly variant: Variant;
  /** In a few words. */
  readonly words: Sentence;
  /** What is chosen now. */
  readonly isChosen: boolean;
  readonly outcome: { readonly figures: ExploredFigures } | { readonly refusal: ErrorData };
}

/** What exploring a network's quantization found. */
export interface Exploration {
  /** What a port would be made with besides the variant. */
  readonly choices: PortChoices;
  /** The model file's name. */
  readonly model: string;
  readonly board: BoardData;
  readonly given: GivenPart;
  readonly variants: readonly ExploredVariant[];
}

export function figuresOf({ outcome }: ExploredVariant): ExploredFigures | undefined {
  return 'figures' in outcome ? outcome.figures : undefined;
}

/** By which quality variants are told first; undefined where none could be quantized. */
export function mainQuality(variants: readonly ExploredVariant[]): Quality | undefined {
  return qualitiesOf(variants.flatMap((v) => figuresOf(v) ?? []))[0];
}

/** Numbers of the variants on the Pareto front, of those that fit the board. */
export function frontOf(
  variants: readonly ExploredVariant[],
  quality: Quality,
  costs: readonly Cost[] = COSTS,
): Set<number> {
  return frontOfMeasured(measured(variants), quality, costs);
}

/** Those that have figures, for plots and fronts. */
export function measured(variants: readonly ExploredVariant[]): MeasuredVariant[] {
  return variants.flatMap((v) => {
    const figures = figuresOf(v);
    return figures ? [{ number: v.number, isChosen: v.isChosen, fits: figures.fit.fits, figures }] : [];
  });
}

/**
 * Variants from the best to the worst: those of the front, then the others that fit, those that do not, and those that cannot be;
 * within each by quality, noise, cycles and flash.
 */
export function ranked({ variants }: Pick<Exploration, 'variants'>): ExploredVariant[] {
  const quality = mainQuality(variants);
  if (quality === undefined) return [...variants];
  const front = frontOf(variants, quality);
  const isCounted = areCounted(measured(variants));
  const rank = (v: ExploredVariant): number[] => {
    const figures = figuresOf(v);
    if (!figures) return [3, v.number];
    const group = front.has(v.number) ? 0 : figures.fit.fits ? 1 : 2;
    const least = [-qualityOf(figures, quality)!, -qualityOf(figures, 'sqnr')!];
    return [group, ...least, costOf(figures, 'cycles', isCounted), figures.flashBytes, v.number];
  };
  const byRank = (a: readonly number[], b: readonly number[]): number => {
    const i = a.findIndex((n, k) => n !== b[k]);
    return i < 0 ? 0 : a[i]! < b[i]! ? -1 : 1;
  };
  return variants
    .map((v) => ({ v, by: rank(v) }))
    .sort((a, b) => byRank(a.by, b.by))
    .map(({ v }) => v);
}
