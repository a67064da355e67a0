import { defaultsOf, numberLists, oneOf, type ValuesOf } from '../../common/choice.ts';

/** Most numbers for one input: one for each channel or column. */
const MAX_NUMBERS = 4096;
const MAX_INPUTS = 64;
const LIMITS = { maxLists: MAX_INPUTS, maxItems: MAX_NUMBERS };

/**
 * What can be chosen of how numbers are normalized before they go into the model. Numbers stand by the name of an input, or
 * under '' for all inputs that are not named: those that have numbers of their own, of whichever way, take none of the other way's.
 */
export const NORMALIZE_CHOICES = {
  mean: numberLists(LIMITS, {
    description:
      "Mean that is subtracted from an input's numbers: one for all, or one for each channel or column",
    otherwise: '0',
  }),
  std: numberLists(LIMITS, {
    description: 'Standard deviation that they are then divided by: one for all, or one for each',
    otherwise: '1',
  }),
  minmax: numberLists(
    { ...LIMITS, maxItems: 2 },
    { description: 'Two numbers of which the first becomes 0, and the second 1, in place of mean and std' },
  ),
  from: oneOf(['samples'], undefined, {
    description: 'Where mean and std come from when none is given',
    meanings: {
      samples: 'they are measured over the samples once, for each channel or column, and then remembered',
    },
  }),
};

/** Choices of one of these say otherwise what those of the others do. */
const WAYS: readonly (readonly (keyof typeof NORMALIZE_CHOICES)[])[] = [
  ['mean', 'std'],
  ['minmax'],
  ['from'],
];

/** Keys whose earlier values count no more, once these are chosen. */
export function outdatedBy(chosen: readonly string[]): readonly string[] {
  const taken = WAYS.filter((way) => way.some((key) => chosen.includes(key)));
  return taken.length === 0 ? [] : WAYS.filter((way) => !taken.includes(way)).flat();
}

/** How numbers are normalized. */
export type NormalizeOptions = ValuesOf<typeof NORMALIZE_CHOICES>;

export const DEFAULT_NORMALIZE_OPTIONS: NormalizeOptions = defaultsOf(NORMALIZE_CHOICES);
