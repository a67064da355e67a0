import {
  areCounted,
  type Cost,
  costOf,
  type MeasuredVariant,
  type Quality,
  qualityOf,
} from '../exploration.ts';
import type { Picture } from './svg.ts';
import { type PlotOptions, plotPicture } from './plotPicture.ts';

export interface PlotTexts {
  readonly costs: Readonly<Record<Cost, string>>;
  readonly qualities: Readonly<Record<Quality, string>>;
  readonly exact: string;
  /** How whole numbers and shares are written. */
  readonly number: (value: number) => string;
  readonly share: (value: number) => string;
}

/** Variants by a cost and a quality that all of them have. @param front numbers of those on the front of these two */
export function explorationPlot(
  variants: readonly MeasuredVariant[],
  front: ReadonlySet<number>,
  { cost, quality }: { readonly cost: Cost; readonly quality: Quality },
  texts: PlotTexts,
  options: Pick<PlotOptions, 'width' | 'height' | 'attributes'>,
): Picture {
  const isCounted = areCounted(variants);
  const points = variants.map(({ number, figures, fits, isChosen }) => ({
    ...{ number, fits, isChosen, isFront: front.has(number) },
    x: costOf(figures, cost, isCounted),
    y: qualityOf(figures, quality)!,
  }));
  return plotPicture(points, {
    ...options,
    x: { title: texts.costs[cost], text: texts.number },
    y: {
      title: texts.qualities[quality],
      text: quality === 'sqnr' ? (n) => `${n} dB` : texts.share,
      ...(quality === 'sqnr' ? {} : { end: 1 }),
    },
    exact: texts.exact,
  });
}
