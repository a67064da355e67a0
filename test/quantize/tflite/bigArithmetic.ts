/** TensorFlow Lite Micro's requantization in integers of any size: what fixedPoint.ts and the code for boards are held to. */

/** A multiplier as multiplier · 2^(shift - 31). */
export interface BigMultiplier {
  readonly multiplier: number;
  readonly shift: number;
}

/** `QuantizeMultiplier` of a positive number. */
export function bigMultiplier(real: number): BigMultiplier {
  let shift = 0;
  for (; real >= 1; real /= 2) shift++;
  for (; real < 0.5; real *= 2) shift--;
  const multiplier = Math.floor(real * 2 ** 31 + 0.5);
  const whole = multiplier === 2 ** 31 ? { multiplier: 2 ** 30, shift: shift + 1 } : { multiplier, shift };
  return whole.shift < -31 ? { multiplier: 0, shift: 0 } : whole;
}

/** Of an int32 accumulator: rounded twice. */
export function roundedTwice(acc: number, { multiplier, shift }: BigMultiplier): bigint {
  const product = BigInt(acc) * 2n ** BigInt(Math.max(0, shift)) * BigInt(multiplier);
  const nudge = product >= 0n ? 2n ** 30n : 1n - 2n ** 30n;
  const high = (product + nudge) / 2n ** 31n; // BigInt division cuts off, as C's does
  const bits = BigInt(Math.max(0, -shift));
  const mask = 2n ** bits - 1n;
  const threshold = (mask >> 1n) + (high < 0n ? 1n : 0n);
  return (high >> bits) + ((high & mask) > threshold ? 1n : 0n);
}

/** Of an int64 accumulator: rounded once, with a multiplier of 15 bits. */
export function roundedOnce(acc: number, { multiplier, shift }: BigMultiplier): bigint {
  const reduced = multiplier < 0x7fff0000 ? (multiplier + 0x8000) >> 16 : 0x7fff;
  const total = BigInt(15 - shift);
  return (BigInt(acc) * BigInt(reduced) + (1n << (total - 1n))) >> total;
}
