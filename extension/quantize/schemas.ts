import { UserError } from '../common/error.ts';
import { say } from '../common/errors/sentence.ts';

/** Glow's quantization schemas (glow/Quantization/Base: `quantization::Schema`), under the names its tools take. */
export const SCHEMAS = [
  'asymmetric',
  'symmetric',
  'symmetric_with_uint8',
  'symmetric_with_power2_scale',
] as const;
export type Schema = (typeof SCHEMAS)[number];

/** Precision of activations and weights. */
export const PRECISIONS = ['int8', 'int16'] as const;
export type Precision = (typeof PRECISIONS)[number];
export const BIAS_PRECISIONS = [...PRECISIONS, 'int32'] as const;
export type BiasPrecision = (typeof BIAS_PRECISIONS)[number];

/** real = scale * (q - offset), qmin <= q <= qmax. */
export interface QuantParams {
  readonly scale: number;
  readonly offset: number;
}

export interface Limits {
  readonly qmin: number;
  readonly qmax: number;
}

/** Range of a signed integer type. */
export function limits(precision: BiasPrecision): Limits {
  if (precision === 'int8') return { qmin: -128, qmax: 127 };
  if (precision === 'int16') return { qmin: -32768, qmax: 32767 };
  return { qmin: -2147483648, qmax: 2147483647 };
}

/**
 * Scale and offset that represent the real range [min, max] (widened to hold 0, which must be exact: padding and
 * ReLU depend on it).
 *
 * asymmetric: the whole integer range is used; symmetric: offset 0, so that |min| and |max| both fit;
 * symmetric_with_uint8: symmetric, but a range without negatives takes offset qmin and so the full 8 bits;
 * symmetric_with_power2_scale: symmetric with the scale rounded up to a power of two.
 * int16 is always symmetric, as TFLite's 16x8 scheme is: with an offset, q - offset needs 17 bits and the product of two
 * of them no longer fits 32.
 */
export function chooseParams(min: number, max: number, schema: Schema, precision: Precision): QuantParams {
  if (!Number.isFinite(min) || !Number.isFinite(max)) {
    throw new UserError(
      'model',
      say`A value has the range [${min}, ${max}], which cannot be quantized.`,
      say`Check the model and the samples for infinities and not-a-numbers.`,
    );
  }
  const lo = Math.min(min, 0);
  const hi = Math.max(max, 0);
  const { qmin, qmax } = limits(precision);
  const effective = precision === 'int16' && schema !== 'symmetric_with_power2_scale' ? 'symmetric' : schema;
  if (effective === 'asymmetric' || (effective === 'symmetric_with_uint8' && lo === 0)) {
    const scale = positiveScale((hi - lo) / (qmax - qmin), qmax);
    return { scale, offset: Math.min(qmax, Math.max(qmin, Math.round(qmin - lo / scale))) };
  }
  const scale = positiveScale(Math.max(-lo, hi) / qmax, qmax);
  if (effective !== 'symmetric_with_power2_scale') return { scale, offset: 0 };
  return { scale: 2 ** Math.ceil(Math.log2(scale)), offset: 0 };
}

/** Smallest float32 with all its bits. */
const SMALLEST = 2 ** -126;

/** A value that is always 0 is given the range of one unit; float32, because headers and float placeholders state it so. */
function positiveScale(scale: number, qmax: number): number {
  return Math.fround(scale > 0 ? Math.max(scale, SMALLEST) : 1 / qmax);
}

/** Nearest quantized number, ties toward +infinity, saturated. */
export function quantizeReal(real: number, p: QuantParams, { qmin, qmax }: Limits): number {
  const q = Math.floor(real / p.scale + 0.5) + p.offset;
  return q < qmin ? qmin : q > qmax ? qmax : q;
}

/** real = scale * (q - offset). */
export function dequantize(q: number, p: QuantParams): number {
  return p.scale * (q - p.offset);
}
