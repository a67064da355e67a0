import type { ElementType, Placeholder } from './bundle.ts';

/** Least and largest number of each type. */
const LIMITS: Readonly<Record<Exclude<ElementType, 'float32'>, readonly [least: number, largest: number]>> = {
  int8: [-128, 127],
  int16: [-32768, 32767],
  int32: [-(2 ** 31), 2 ** 31 - 1],
  index32: [-(2 ** 31), 2 ** 31 - 1],
};

/** Units that a number may have: below 2^31, so that 32 bits hold them. */
const MOST_UNITS = 2 ** 31;
/** Bits of the factor: its error of 2^-31 is none that a printed digit shows. */
const FACTOR_BITS = 30;
/** A float is printed as thousandths. */
const FLOAT_DECIMALS = 3;

/**
 * How firmware computes the decimal number that an output's integer stands for, in integers alone, for PRINTF has no %f:
 * units = (|q - offset| * factor + half) >> shift, of which a whole has 10^decimals.
 */
export interface Decimal {
  readonly offset: number;
  /** Below 2^31. */
  readonly factor: number;
  /** From 0 to 62; half is 2^(shift - 1), or 0. */
  readonly shift: number;
  /** Digits behind the point; below 0 so many zeros follow the units. */
  readonly decimals: number;
}

/** The largest distance of a number from its zero point. @throws Error for float32, which has none */
export function farthest({ type, offset }: Pick<Placeholder, 'type' | 'offset'>): number {
  if (type === 'float32') throw new Error('a float has no zero point');
  const [least, largest] = LIMITS[type];
  return Math.max(Math.abs(least - offset), Math.abs(largest - offset));
}

/**
 * Decimals for an output: a digit more than tells two neighbours apart, so that rounding takes a tenth of a step at most, unless
 * numbers become too long. What a float output prints are thousandths.
 * @returns undefined for positions, which stand for themselves
 */
export function decimalOf(output: Pick<Placeholder, 'type' | 'scale' | 'offset'>): Decimal | undefined {
  const { type, scale, offset } = output;
  if (type === 'index32') return undefined;
  if (type === 'float32') {
    return { offset: 0, decimals: FLOAT_DECIMALS, ...multiplier(10 ** -FLOAT_DECIMALS, FLOAT_DECIMALS) };
  }
  const wanted = Math.max(0, Math.ceil(-Math.log10(scale)) + 1);
  const most = Math.floor(Math.log10((MOST_UNITS - 1) / (scale * farthest(output))));
  const decimals = Math.min(wanted, most);
  return { offset, decimals, ...multiplier(scale, decimals) };
}

/** scale * 10^decimals as factor / 2^shift, to 31 bits. */
function multiplier(scale: number, decimals: number): Pick<Decimal, 'factor' | 'shift'> {
  const real = decimals < 0 ? scale / 10 ** -decimals : scale * 10 ** decimals;
  const shift = FACTOR_BITS - Math.floor(Math.log2(real));
  const factor = Math.round(real * 2 ** shift);
  // rounded up to the next power of two
  return factor < 2 ** (FACTOR_BITS + 1) ? { factor, shift } : { factor: factor / 2, shift: shift - 1 };
}

/** The very text that firmware prints for an integer. */
export function decimalText(q: number, { offset, factor, shift, decimals }: Decimal): string {
  const half = shift > 0 ? 1n << BigInt(shift - 1) : 0n;
  const units = (BigInt(Math.abs(q - offset)) * BigInt(factor) + half) >> BigInt(shift);
  const sign = q < offset && units > 0n ? '-' : '';
  if (decimals <= 0) return `${sign}${units * 10n ** BigInt(-decimals)}`;
  const digits = String(units).padStart(decimals + 1, '0');
  return `${sign}${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
}
