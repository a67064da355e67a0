import type { Channels } from '../../common/affine.ts';
import { UserError } from '../../common/error.ts';
import { say, type Sentence } from '../../common/errors/sentence.ts';
import { count, type ModelInput } from '../fit.ts';
import type { DataOptions } from '../options.ts';

/** One number for all elements. */
export const TOGETHER: Channels = { count: 1, inner: 1 };

/** The last dimension: channels of NHWC, columns of a table. */
function last({ shape }: ModelInput): Channels {
  return { count: shape.at(-1) ?? 1, inner: 1 };
}

/** The first dimension behind the batch: channels of NCHW, rows of features. */
function first({ shape }: ModelInput): Channels {
  return { count: shape[1] ?? 1, inner: count(shape.slice(2)) };
}

/** Which dimension's numbers `of` many may be, the likelier one first. */
export function channelsOf(
  input: ModelInput,
  of: number,
  { image }: Pick<DataOptions, 'image'>,
): Channels | undefined {
  if (of === 1) return TOGETHER;
  const likely = isNchw(input, image) ? [first(input), last(input)] : [last(input), first(input)];
  return likely.find((c) => c.count === of);
}

/**
 * The channels of an input that have numbers of their own, where these are measured: those of a picture, else the last dimension.
 * More than `most`, such as the pixels of a flat picture or the samples of a waveform, are as one.
 */
export function measuredChannels(
  input: ModelInput,
  { image }: Pick<DataOptions, 'image'>,
  most: number,
): Channels {
  const channels = isNchw(input, image) ? first(input) : last(input);
  return channels.count > most ? TOGETHER : channels;
}

/** Whether an input is a picture with its channels in front. */
function isNchw({ shape }: ModelInput, image: DataOptions['image']): boolean {
  if (shape.length !== 4) return false;
  return image.layout === 'NCHW' || (image.layout === undefined && !isDepth(shape[3]!) && isDepth(shape[1]!));
}

function isDepth(n: number): boolean {
  return n === 1 || n === 3;
}

/** @param what is given, such as `means` @returns the error for numbers that no dimension of an input has as many as */
export function unfitNumbers(what: Sentence, given: number, input: ModelInput): UserError {
  const { name, shape } = input;
  const wanted = [...new Set([1, last(input).count, first(input).count])];
  return new UserError(
    'usage',
    say`${given} ${what} were given for input '${name}' of shape ${shape.join('x')}, which takes ${wanted.join(' or ')}.`,
    say`Give one number, or one for each channel or column.`,
  );
}
