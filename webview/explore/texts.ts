import { decibels, integer, NONE, percent, steadyPercent } from '../format.ts';
import { t } from '../l10n.ts';
import { type Cost, costOf, type Quality, qualityOf, type VariantFigures } from '../shared/exploration.ts';
import type { PlotTexts } from '../shared/pictures/explorationPlot.ts';

/** What plots and tables call costs and qualities. @param isCounted cycles were counted on the simulated board */
export function plotTexts(isCounted: boolean): PlotTexts {
  return {
    costs: {
      cycles: isCounted ? t('Cycles, counted') : t('Cycles, predicted'),
      flash: t('Flash of the model, bytes'),
      ram: t('RAM of the model, bytes'),
    },
    qualities: {
      accuracy: t('Accuracy'),
      sameTop1: t('Same Top1 as float'),
      sqnr: t('SQNR'),
    },
    exact: t('exact'),
    number: integer,
    share: percent,
  };
}

/** @param isCounted cycles were counted on the simulated board, where the variant fits it: then a prediction is called so */
export function costText(figures: VariantFigures, cost: Cost, isCounted: boolean): string {
  const text = integer(costOf(figures, cost, isCounted));
  if (cost !== 'cycles') return t('{0} B', text);
  return isCounted && figures.measuredCycles === undefined ? t('about {0}', text) : text;
}

export function qualityText(figures: VariantFigures, quality: Quality): string {
  const value = qualityOf(figures, quality);
  if (value === undefined) return NONE;
  if (quality !== 'sqnr') return steadyPercent(value);
  return Number.isFinite(value) ? decibels(value) : t('exact');
}
