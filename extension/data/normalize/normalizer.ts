import type { Affine, Channels } from '../../common/affine.ts';
import { UserError } from '../../common/error.ts';
import { say, type Sentence } from '../../common/errors/sentence.ts';
import type { ModelInput } from '../fit.ts';
import type { DataOptions } from '../options.ts';
import { channelsOf, TOGETHER, unfitNumbers } from './channels.ts';
import type { NormalizeOptions } from './options.ts';

/** How the numbers of an input become what the model takes: (x - mean) / std, in float64, rounded to float32. */
export interface Normalizer {
  readonly channels: Channels;
  /** One for each of the channels. */
  readonly mean: readonly number[];
  readonly std: readonly number[];
}

/**
 * How the inputs of a model are normalized, by name; those that are not are not in it.
 * @throws UserError 'usage' for inputs that the model does not have, numbers that no dimension has as many as, a standard deviation of 0,
 *   and choices that contradict one another; for what is still to be measured
 */
export function normalizersOf(
  inputs: readonly ModelInput[],
  options: Pick<DataOptions, 'image' | 'normalize'>,
): ReadonlyMap<string, Normalizer> {
  const { normalize } = options;
  requireKnown(inputs, normalize);
  const found = new Map<string, Normalizer>();
  for (const input of inputs) {
    const normalizer = normalizerOf(input, options);
    if (normalizer) found.set(input.name, normalizer);
  }
  return found;
}

/** @throws UserError 'usage' where the numbers shall come from samples that nobody has measured */
export function requireSettled({ from }: NormalizeOptions): void {
  if (from === undefined) return;
  throw new UserError(
    'usage',
    say`The numbers to normalize with shall be measured over the samples, which is done by a port of the model alone.`,
    say`Port the model first, which remembers them in glowport.json, or give them.`,
  );
}

/** Whether choices say how to normalize, or where that comes from. */
export function isNormalizing({ mean, std, minmax, from }: NormalizeOptions): boolean {
  return from !== undefined || [mean, std, minmax].some((lists) => Object.keys(lists).length > 0);
}

/** @throws UserError 'usage' */
function requireKnown(inputs: readonly ModelInput[], { mean, std, minmax, from }: NormalizeOptions): void {
  const isGiven = [mean, std, minmax].some((lists) => Object.keys(lists).length > 0);
  if (from !== undefined && isGiven) {
    throw new UserError(
      'usage',
      say`The numbers to normalize with are given, and shall be measured, too.`,
      say`Give them, or let them be measured.`,
    );
  }
  const names = inputs.map((i) => i.name);
  const unknown = [mean, std, minmax].flatMap((lists) =>
    Object.keys(lists).filter((name) => name !== '' && !names.includes(name)),
  )[0];
  if (unknown !== undefined) {
    throw new UserError(
      'usage',
      say`Numbers to normalize with were given for input '${unknown}'; the model has the inputs ${names}.`,
      say`Name one of these, or none for all.`,
    );
  }
}

function normalizerOf(
  input: ModelInput,
  options: Pick<DataOptions, 'image' | 'normalize'>,
): Normalizer | undefined {
  const { mean, std, minmax } = numbersFor(input, options.normalize);
  if (minmax) {
    if (mean ?? std) {
      throw new UserError(
        'usage',
        say`Input '${input.name}' has numbers for mean or standard deviation, and others for minimum and maximum.`,
        say`Give one or the other.`,
      );
    }
    const [low, high] = minmax;
    if (low === undefined || high === undefined || minmax.length > 2 || !(high > low)) {
      throw new UserError(
        'usage',
        say`The numbers ${minmax.join(',')} are no minimum and maximum.`,
        say`Give two, the smaller one first.`,
      );
    }
    return { channels: TOGETHER, mean: [low], std: [high - low] };
  }
  if (!mean && !std) return undefined;
  const most = Math.max(mean?.length ?? 1, std?.length ?? 1);
  const spread = (
    numbers: readonly number[] | undefined,
    byDefault: number,
    what: Sentence,
  ): readonly number[] => {
    if (numbers === undefined || numbers.length === 1)
      return new Array<number>(most).fill(numbers?.[0] ?? byDefault);
    if (numbers.length === most && channelsOf(input, most, options)) return numbers;
    throw unfitNumbers(what, numbers.length, input);
  };
  const all = { mean: spread(mean, 0, say`means`), std: spread(std, 1, say`standard deviations`) };
  const bad = all.std.find((v) => !(v > 0));
  if (bad !== undefined) {
    throw new UserError(
      'usage',
      say`A standard deviation of ${bad} was given for input '${input.name}'.`,
      say`Give numbers above 0; a column that never changes has 1.`,
    );
  }
  return { ...all, channels: channelsOf(input, most, options) ?? TOGETHER };
}

/** The numbers that count for an input: its own before those for all, and of those for all none of a way that its own are not of. */
function numbersFor(
  { name }: ModelInput,
  { mean, std, minmax }: NormalizeOptions,
): { readonly [K in 'mean' | 'std' | 'minmax']: readonly number[] | undefined } {
  const isOwn = (lists: NormalizeOptions['mean']): boolean => Object.hasOwn(lists, name);
  const [hasMoments, hasEnds] = [isOwn(mean) || isOwn(std), isOwn(minmax)];
  const of = (lists: NormalizeOptions['mean'], isHidden: boolean): readonly number[] | undefined =>
    isOwn(lists) ? lists[name] : isHidden ? undefined : lists[''];
  return { mean: of(mean, hasEnds), std: of(std, hasEnds), minmax: of(minmax, hasMoments) };
}

/** Normalized numbers, as many as there are. */
export function normalized(values: Float32Array, { channels, mean, std }: Normalizer): Float32Array {
  return values.map((v, i) => {
    const c = Math.floor(i / channels.inner) % channels.count;
    return (v - mean[c]!) / std[c]!;
  });
}

/** The same as one product and one sum, for each channel. */
export function affinesOf({ mean, std }: Normalizer): Affine[] {
  return mean.map((m, c) => ({ factor: 1 / std[c]!, shift: -m / std[c]! }));
}

/** Whether it changes no number. */
export function isIdle({ mean, std }: Normalizer): boolean {
  return mean.every((v) => v === 0) && std.every((v) => v === 1);
}
