import { type Cost, costOf, type Quality, qualityOf, type VariantFigures } from '../exploration.ts';
import type { Picture } from './svg.ts';
import { type PlotOptions, plotPicture } from './plotPicture.ts';

/** A variant as a plot shows it. */
export interface PlottedVariant {
  readonly number: number;
  readonly isChosen: boolean;
  readonly fits: boolean;
  readonly figures: VariantFigures;
}

export interface PlotTexts {
  readonly costs: Readonly<Record<Cost, string>>;
  readonly qualities: Readonly<Record<Quality, string>>;
  readonly exact: string;
}

/** Variants by a cost and a quality that all of them have. @param front numbers of those on the front of these two */
export function explorationPlot(
  variants: readonly PlottedVariant[],
  front: ReadonlySet<number>,
  { cost, quality }: { readonly cost: Cost; readonly quality: Quality },
  texts: PlotTexts,
  options: Pick<PlotOptions, 'width' | 'height' | 'attributes'>,
): Picture {
  const points = variants.map(({ number, figures, fits, isChosen }) => ({
    ...{ number, fits, isChosen, isFront: front.has(number) },
    x: costOf(figures, cost),
    y: qualityOf(figures, quality)!,
  }));
  return plotPicture(points, {
    ...options,
    x: { title: texts.costs[cost], text: (n) => n.toLocaleString('en-US') },
    y: {
      title: texts.qualities[quality],
      text: quality === 'sqnr' ? (n) => `${n} dB` : percentText,
      ...(quality === 'sqnr' ? {} : { end: 1 }),
    },
    exact: texts.exact,
  });
}

/** 0.985 as `98.5 %`. */
function percentText(share: number): string {
  return `${Number((share * 100).toFixed(2))} %`;
}
