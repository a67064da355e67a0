import type { Rounding } from '../options.ts';
import {
  type AccRange,
  type ExactFunction,
  exactly,
  type ExactRequant,
  isFloatScale,
  ratioOf,
  type Requant,
  requantConstant,
  requantFits,
} from '../requantize.ts';
import { limits, type Precision } from '../schemas.ts';

/** A channel to be requantized: how, and what its accumulator can become. */
export type ExactChannel = AccRange & ExactFunction;

/** Outputs that are told apart: below `lo` and above `hi` all are saturated. */
interface Outputs {
  readonly offset: number;
  readonly lo: number;
  readonly hi: number;
}

const MOST_PRE = 20;
const MOST_BITS = 23;
/** Bits below an output's unit that a form needs at least. */
const LEAST_POST = 6;
/** Results of a channel that are looked at again at most; of one with more, all are. */
const MOST_SHARE = 1 / 4;

/** The requantization of a layer's channels that is asked for. */
export function requantsOf(
  channels: readonly ExactChannel[],
  outputs: Outputs,
  rounding: Rounding,
): Requant[] {
  return rounding === 'exact' ? exactRequants(channels, outputs) : fastRequants(channels, outputs);
}

/**
 * The exact requantization of a layer's channels in the 32-bit form of requantize.ts, which all of them share but for
 * multiplier and rounding. Both are monotone in the accumulator, so it is enough to compare them where the result steps. Where the
 * form gives the same for every accumulator of a channel, nothing of the exact one is left; else it is never too low, and `band`
 * tells which results may be too high.
 */
export function exactRequants(channels: readonly ExactChannel[], outputs: Outputs): Requant[] {
  const best = bestForm(channels, outputs, MOST_SHARE);
  if (!best) return alwaysExact(channels);
  const { requants, bands } = best;
  const band = bands.reduce<number>((most, b) => Math.max(most, b ?? 0), 1);
  const isSame = bands.every((b) => b === 0) && requants[0]!.pre === 0;
  return requants.map((r, k) => (isSame ? r : { ...r, exact: within(channels[k]!, band) }));
}

/** The exact requantization without a form of 32 bits: every result is looked at. */
export function alwaysExact(channels: readonly ExactChannel[]): Requant[] {
  return channels.map((c) => ({ pre: 0, multiplier: 0, post: 1, rounding: 0, exact: within(c, 1) }));
}

/**
 * Our own requantization of the same channels: the form alone, rounded half up once. Its results are the exact ones but for sums near
 * where the result steps.
 */
function fastRequants(channels: readonly ExactChannel[], outputs: Outputs): Requant[] {
  const best = bestForm(channels, outputs, Infinity);
  if (!best) return exactRequants(channels, outputs);
  return best.requants.map(({ pre, multiplier, post }) => ({ pre, multiplier, post }));
}

/** The form with the fewest results to be looked at again; undefined where none fits 32 bits. */
function bestForm(channels: readonly ExactChannel[], outputs: Outputs, mostShare: number): Form | undefined {
  const steps = channels.map((c) => stepsOf(c, outputs));
  let best: Form | undefined;
  for (let pre = 0; pre <= MOST_PRE; pre++) {
    const form = formOf(channels, steps, outputs, pre, mostShare);
    if (form && form.share < (best?.share ?? Infinity)) best = form;
    // a longer pre-shift loses bits that a longer multiplier no longer makes up for
    else if (best) break;
    if (best?.share === 0) break;
  }
  return best;
}

function within(channel: ExactChannel, band: number): ExactRequant {
  const { multiplier, shift } = channel;
  return isFloatScale(channel) ? { multiplier, shift, isFloat: true, band } : { multiplier, shift, band };
}

/** The accumulators at which a channel's output steps: numbers[i] is the first that gives output first + i. */
interface Steps {
  readonly first: number;
  readonly numbers: readonly number[];
}

function stepsOf(channel: ExactChannel, { offset, lo, hi }: Outputs): Steps {
  const { min, max } = channel;
  const rounded = exactly(channel);
  const exact = (acc: number): number => rounded(acc) + offset;
  const ratio = ratioOf(channel);
  const first = Math.max(lo, exact(min)) + 1;
  const last = Math.min(hi, exact(max));
  const numbers: number[] = [];
  for (let n = first; n <= last; n++) {
    let acc = Math.min(max, Math.max(min + 1, Math.ceil((n - offset - 0.5) / ratio)));
    while (exact(acc) < n) acc++;
    while (exact(acc - 1) >= n) acc--;
    numbers.push(acc);
  }
  return { first, numbers };
}

/** A form of all channels, and how often a result has to be looked at again. */
interface Form {
  readonly requants: readonly Requant[];
  /** By channel; undefined for one whose results are all looked at. */
  readonly bands: readonly (number | undefined)[];
  readonly share: number;
}

/** @param mostShare of a channel's results that are looked at again @returns undefined where nothing fits 32 bits */
function formOf(
  channels: readonly ExactChannel[],
  steps: readonly Steps[],
  { offset, lo, hi }: Outputs,
  pre: number,
  mostShare: number,
): Form | undefined {
  const fits = (list: readonly Requant[]): boolean =>
    list.every((r, k) => r.multiplier < 2 ** MOST_BITS && requantFits(r, offset, channels[k]!));
  for (let post = 30; post >= LEAST_POST; post--) {
    const plain = channels.map((c): Requant => ({
      pre,
      multiplier: Math.round(ratioOf(c) * 2 ** (pre + post)),
      post,
    }));
    if (!fits(plain)) continue;
    const half = 2 ** (post - 1);
    const bands: (number | undefined)[] = [];
    const raised = plain.map((r, k): Requant => {
      const { low, high } = errorsOf(r, channels[k]!, steps[k]!, { offset, lo, hi });
      const band = low + high;
      bands.push(band <= mostShare * 2 ** post ? band : undefined);
      // with no multiplier nothing is left below `post`: within every band
      return bands[k] === undefined ? { ...r, multiplier: 0, rounding: 0 } : { ...r, rounding: half + low };
    });
    if (mostShare <= 1 && !fits(raised)) continue;
    const widest = bands.reduce<number>((most, b) => Math.max(most, b ?? 0), 0) / 2 ** post;
    const always = bands.filter((b) => b === undefined).length / bands.length;
    return { requants: raised, bands, share: always + (1 - always) * widest };
  }
  return undefined;
}

/** By how much a form is too low and too high at most, in units of 2^-post, where it matters. */
function errorsOf(
  r: Requant,
  channel: ExactChannel,
  { first, numbers }: Steps,
  { offset, lo, hi }: Outputs,
): { low: number; high: number } {
  const unit = 2 ** r.post;
  const constant = requantConstant(r, offset);
  // what a pre-shift cuts off is made up for by the rounding: the accumulator is needed as it is
  const at = (acc: number): number => (acc >> r.pre) * r.multiplier + constant;
  let [low, high] = [0, 0];
  for (const [i, acc] of numbers.entries()) {
    const n = first + i;
    low = Math.max(low, n * unit - at(acc));
    high = Math.max(high, at(acc - 1) - (n * unit - 1));
  }
  const rounded = exactly(channel);
  const least = rounded(channel.min) + offset;
  if (least > lo) low = Math.max(low, least * unit - at(channel.min));
  const most = rounded(channel.max) + offset;
  if (most < hi) high = Math.max(high, at(channel.max) - ((most + 1) * unit - 1));
  return { low, high };
}

/**
 * The average of `count` numbers, their sum divided with halves away from zero: as a multiplication where one gives the same
 * for every sum (tensorflow/lite/kernels/internal/reference/integer_ops/pooling.h).
 */
export function average(count: number, precision: Precision = 'int8'): Requant {
  const size = -limits(precision).qmin;
  const most = size * count;
  for (let post = 1; post < 31; post++) {
    const multiplier = Math.ceil(2 ** post / count);
    const rounding = Math.floor(count / 2) * multiplier;
    if (most * multiplier + rounding >= 2 ** 31) break;
    let isExact = true;
    for (let k = 1; k <= size && isExact; k++) {
      const first = k * count - Math.floor(count / 2);
      const at = (sum: number): number => Math.floor((sum * multiplier + rounding) / 2 ** post);
      isExact = at(first) === k && at(first - 1) === k - 1;
    }
    if (isExact && Math.floor((most * multiplier + rounding) / 2 ** post) === size) {
      return { pre: 0, multiplier, post, rounding, isSymmetric: true };
    }
  }
  return { pre: 0, multiplier: 1, post: 1, isSymmetric: true, divisor: count };
}
