import type { Rounding } from '../options.ts';
import {
  precisionOf,
  type QAdd,
  type QTfliteAdd,
  type QuantizedValue,
  type SumForm,
} from '../quantizedGraph.ts';
import { STORAGE_BIAS } from '../requantize.ts';
import { type Multiplier, multiplied, quantizeMultiplier, RatioTooLarge } from './fixedPoint.ts';

/** Bits by which operands are moved up before they are requantized (tensorflow/lite/micro/kernels/add_common.cc). */
const LEFT = { int8: 20, int16: 15 } as const;
/** Up to which the sum of two operands so moved, each below 2^28, or 2^30, in half of its scale, stays within 32 bits. */
const MOST_SHIFT = { int8: 2, int16: 0 } as const;
const INT32_LIMIT = 2 ** 31 - 1;

/** p and q without their zero points; the sum without that of the output. */
export function tfliteSum(
  { left, a, b, out, subtracts }: Pick<QTfliteAdd, 'left' | 'a' | 'b' | 'out' | 'subtracts'>,
  p: number,
  q: number,
): number {
  const first = multiplied(p * 2 ** left, a);
  const second = multiplied(q * 2 ** left, b);
  return multiplied(subtracts ? first - second : first + second, out);
}

/**
 * ADD and SUB. Of int16 there is no form in 32 bits, which would need all of them for its operands. SUB divides its scales in float32,
 * ADD in float64 (tensorflow/lite/micro/kernels/sub_common.cc, add_common.cc).
 *
 * @throws RatioTooLarge where the sum would not fit 32 bits
 */
export function lowerSum(
  a: QuantizedValue,
  b: QuantizedValue,
  y: QuantizedValue,
  subtracts: boolean,
  rounding: Rounding,
): Spec<QTfliteAdd> | Spec<QAdd> {
  const round = subtracts ? Math.fround : (x: number): number => x;
  const precision = precisionOf(y);
  const left = LEFT[precision];
  const twice = 2 * Math.max(a.scale, b.scale);
  const sum = {
    left,
    a: quantizeMultiplier(round(a.scale / twice)),
    b: quantizeMultiplier(round(b.scale / twice)),
    out: quantizeMultiplier(round(twice / round(2 ** left * y.scale))),
    subtracts,
  };
  if (sum.out.shift > MOST_SHIFT[precision]) throw new RatioTooLarge(`shift ${sum.out.shift}`);
  const form = precision === 'int8' ? formOf(sum, a, b, y) : undefined;
  const { lo, hi } = y;
  if (rounding === 'fast' && form) {
    const { ma, mb, constant, post, low } = form;
    return { kind: 'add', ma, mb, constant: constant - low, post, lo, hi };
  }
  return { kind: 'tfliteAdd', ...sum, form, lo, hi };
}

type Spec<N> = Omit<N, 'name' | 'inputs' | 'output'>;
type Sum = Pick<QTfliteAdd, 'left' | 'a' | 'b' | 'out' | 'subtracts'>;

/** The form with the smallest share of results that have to be looked at again, tried over all pairs of operands. */
function formOf(
  sum: Sum,
  a: QuantizedValue,
  b: QuantizedValue,
  y: QuantizedValue,
): (SumForm & { readonly low: number }) | undefined {
  const real = ({ multiplier, shift }: Multiplier): number => multiplier * 2 ** (shift - 31);
  const ratio = (m: Multiplier): number => real(m) * real(sum.out) * 2 ** sum.left;
  for (let post = 24; post >= 8; post--) {
    const ma = Math.round(ratio(sum.a) * 2 ** post);
    const mb = Math.round(ratio(sum.b) * 2 ** post) * (sum.subtracts ? -1 : 1);
    const zero = y.offset * 2 ** post - a.offset * ma - b.offset * mb;
    const half = 2 ** (post - 1);
    const reach =
      (Math.abs(ma) + Math.abs(mb)) * 2 * STORAGE_BIAS + Math.abs(zero) + (STORAGE_BIAS + 2) * 2 ** post;
    if (reach > INT32_LIMIT) continue;
    let low = 0;
    let high = 0;
    for (let p = a.lo; p <= a.hi; p++) {
      for (let q = b.lo; q <= b.hi; q++) {
        const exact = tfliteSum(sum, p - a.offset, q - b.offset) + y.offset;
        if (exact < y.lo || exact > y.hi) continue;
        const v = p * ma + q * mb + zero + half;
        low = Math.max(low, exact * 2 ** post - v);
        high = Math.max(high, v - ((exact + 1) * 2 ** post - 1));
      }
    }
    const band = low + high;
    return band < half ? { ma, mb, constant: zero + half + low, post, band, low } : undefined;
  }
  return undefined;
}
