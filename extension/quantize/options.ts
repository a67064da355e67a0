import { defaultsOf, flag, oneOf, type ValuesOf } from '../common/choice.ts';
import { RANGE_CHOICES } from './ranges.ts';
import { BIAS_PRECISIONS, PRECISIONS, SCHEMAS } from './schemas.ts';

const ROUNDINGS = ['exact', 'fast'] as const;
export type Rounding = (typeof ROUNDINGS)[number];

/** What can be chosen of quantization. */
export const QUANTIZE_CHOICES = {
  /** Schema of activations. */
  schema: oneOf(SCHEMAS, 'asymmetric', { description: 'Quantization schema of activations' }),
  /** Schema of weights. Glow uses one schema for both; symmetric weights save the zero-point correction. */
  weightSchema: oneOf(SCHEMAS, 'symmetric', { description: 'Quantization schema of weights' }),
  precision: oneOf(PRECISIONS, 'int8', { description: 'Precision of activations and weights' }),
  biasPrecision: oneOf(BIAS_PRECISIONS, 'int32', { description: 'Precision of biases' }),
  /** One weight scale per output channel (Glow's -enable-channelwise) instead of one per tensor. */
  channelwise: flag(true, {
    description: 'One weight scale per output channel',
    off: 'one weight scale per tensor',
  }),
  range: oneOf(RANGE_CHOICES, 'minmax', {
    description: 'How the represented range is chosen from the measured one',
    meanings: {
      minmax: 'the whole of it',
      percentile: 'without its outermost 0.01 %',
      mse: 'for the least squared error',
    },
  }),
  /** Of a network that is quantized already: the requantization of its format, or ours, which never computes a result twice. */
  rounding: oneOf(ROUNDINGS, 'exact', {
    description: 'How the results of a network that is quantized already are rounded',
    meanings: {
      exact: 'as TensorFlow Lite Micro or onnxruntime does, bit for bit',
      fast: "in GlowPort's way, which takes less time and flash, and now and then is 1 beside it",
    },
  }),
  /** Leave inputs and outputs float32 (without Glow's -convert-placeholders); needs an FPU to be sensible. */
  floatPlaceholders: flag(false, {
    description: 'Leave input and output float32, for cores with an FPU',
    off: 'quantize them',
  }),
};

export type QuantizeOptions = ValuesOf<typeof QUANTIZE_CHOICES>;

export const DEFAULT_QUANTIZE_OPTIONS: QuantizeOptions = defaultsOf(QUANTIZE_CHOICES);

/** Of how many of a network's values its file has the parameters. */
export type GivenPart = 'none' | 'some' | 'all';

/** Choices that change nothing of a network. In one that is int8 in part, the rest becomes int8 too. */
const IDLE: Readonly<Record<GivenPart, readonly (keyof QuantizeOptions)[]>> = {
  none: ['rounding'],
  some: ['precision'],
  all: ['schema', 'weightSchema', 'precision', 'biasPrecision', 'channelwise', 'range'],
};

/** Whether a choice changes something of a network. */
export function matters(key: keyof QuantizeOptions, given: GivenPart): boolean {
  return !IDLE[given].includes(key);
}

/** Choices that were made and change nothing of a network, in the order of QUANTIZE_CHOICES. */
export function idleChoices(options: QuantizeOptions, given: GivenPart): readonly string[] {
  return IDLE[given].filter((key) => options[key] !== DEFAULT_QUANTIZE_OPTIONS[key]);
}
