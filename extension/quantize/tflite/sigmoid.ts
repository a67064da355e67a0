/** Entries of the table are so far apart: table[i] is the sigmoid of i / 24. */
const STEPS = 24;
const ENTRIES = 256;

/**
 * The sigmoid of i / 24 in 65536ths, each raised by half of what a straight line to the next lacks in the middle, which halves the
 * error of interpolation; the last is the largest number (`sigmoid_table_uint16`, tensorflow/lite/kernels/internal/common.h).
 */
export const SIGMOID_TABLE: Uint16Array = Uint16Array.from({ length: ENTRIES }, (_, i) => {
  if (i === ENTRIES - 1) return 65535;
  const at = (k: number): number => 65536 / (1 + Math.exp(-k / STEPS));
  return Math.round(at(i) - ((at(i) + at(i + 1)) / 2 - at(i + 0.5)) / 2);
});

/** A table index below this is interpolated; from it on a function has its limit. */
const LIMIT = ENTRIES - 1;

/** How an int16 number becomes the table's input, in 12288ths: (q · multiplier + half) >> shift. */
export interface SigmoidInput {
  readonly multiplier: number;
  readonly shift: number;
}

/** @param q int16 @returns the argument of `sigmoid` and `hyperbolicTangent` */
export function sigmoidInput(q: number, { multiplier, shift }: SigmoidInput): number {
  return (q * multiplier + (shift > 0 ? 2 ** (shift - 1) : 0)) >> shift;
}

/** `Logistic` of int16 (reference/integer_ops/logistic.h). @param v in 12288ths @returns 32768ths */
export function sigmoid(v: number): number {
  const result = interpolated(Math.abs(v), 9, 32767 * 1024);
  return (v >= 0 ? result + 512 : 2 ** 25 - result + 511) >> 10;
}

/** `Tanh` of int16: 2 · sigmoid(2 · x) - 1 (reference/integer_ops/tanh.h). @param v in 12288ths @returns 32768ths */
export function hyperbolicTangent(v: number): number {
  const result = interpolated(Math.abs(v), 8, 65535 * 256);
  return (v >= 0 ? result - 2 ** 23 + 128 : 2 ** 23 - result + 127) >> 8;
}

/** The table at size / 2^bits, times 2^bits. */
function interpolated(size: number, bits: number, limit: number): number {
  const i = Math.floor(size / 2 ** bits);
  if (i >= LIMIT) return limit;
  const [a, b] = [SIGMOID_TABLE[i]!, SIGMOID_TABLE[i + 1]!];
  return a * 2 ** bits + (size % 2 ** bits) * (b - a);
}
