import { BLOCK, type Component } from './frame.ts';
import { COEFFICIENTS } from './zigzag.ts';

/** A component's samples, rows top to bottom; rows are as long as their blocks. */
export interface Plane {
  readonly width: number;
  readonly height: number;
  /** Samples from one row to the next. */
  readonly stride: number;
  readonly data: Uint8Array;
}

/** Fractional bits of the constants, and of what the columns leave for the rows. */
const CONST_BITS = 13;
const COLUMN_BITS = 2;
/** Both passes together are 8 times too large. */
const SCALE_BITS = 3;
/** Samples are stored around zero. */
const CENTRE = 128;

/**
 * A component's samples from its coefficients: times their steps, then the inverse DCT in the integers of libjpeg's "islow",
 * the one that other decoders are measured by, and bit for bit equal to it.
 *
 * Algorithm: C. Loeffler, A. Ligtenberg, G. Moschytz, "Practical Fast 1-D DCT Algorithms with 11 Multiplications", ICASSP 1989,
 * figure 1, in the variant with 12 multiplications.
 *
 * @param coefficients 64 for each of mcuColumns x mcuRows blocks
 * @param steps of the quantization, row by row
 */
export function inverseDct(component: Component, coefficients: Int16Array, steps: Uint16Array): Plane {
  const { width, height, columns, rows, mcuColumns } = component;
  const stride = columns * BLOCK;
  // a clamped array takes what lies outside a byte as its nearest
  const data = new Uint8ClampedArray(stride * rows * BLOCK);
  const block = new Int32Array(COEFFICIENTS);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const from = (row * mcuColumns + column) * COEFFICIENTS;
      for (let k = 0; k < COEFFICIENTS; k++) block[k] = coefficients[from + k]! * steps[k]!;
      for (let x = 0; x < BLOCK; x++) transform(block, x, BLOCK, CONST_BITS - COLUMN_BITS);
      for (let y = 0; y < BLOCK; y++) transform(block, y * BLOCK, 1, CONST_BITS + COLUMN_BITS + SCALE_BITS);
      const to = row * BLOCK * stride + column * BLOCK;
      for (let k = 0; k < COEFFICIENTS; k++) data[to + (k >> 3) * stride + (k & 7)] = block[k]! + CENTRE;
    }
  }
  return { width, height, stride, data: new Uint8Array(data.buffer) };
}

/** The inverse DCT of 8 values in place, `step` apart, rounded to `shift` bits less than the constants give. */
function transform(block: Int32Array, at: number, step: number, shift: number): void {
  const half = 1 << (shift - 1);
  const dc = block[at]!;
  const c1 = block[at + step]!;
  const c2 = block[at + 2 * step]!;
  const c3 = block[at + 3 * step]!;
  const c4 = block[at + 4 * step]!;
  const c5 = block[at + 5 * step]!;
  const c6 = block[at + 6 * step]!;
  const c7 = block[at + 7 * step]!;
  if ((c1 | c2 | c3 | c4 | c5 | c6 | c7) === 0) {
    const flat = ((dc << CONST_BITS) + half) >> shift;
    for (let i = 0; i < BLOCK; i++) block[at + i * step] = flat;
    return;
  }

  // even part: c2 and c6 are turned by 6/16 of pi
  const turned = (c2 + c6) * 4433; // sqrt(2) cos(6 pi/16)
  const low = turned + c2 * 6270; // sqrt(2) (sin(6 pi/16) - cos(6 pi/16))
  const high = turned - c6 * 15137; // sqrt(2) (sin(6 pi/16) + cos(6 pi/16))
  const sum = (dc + c4) * (1 << CONST_BITS);
  const difference = (dc - c4) * (1 << CONST_BITS);
  const e0 = sum + low;
  const e1 = difference + high;
  const e2 = difference - high;
  const e3 = sum - low;

  // odd part: the constants are sums of sqrt(2) cos(n pi/16) for n of 1, 3, 5, 7
  const all = (c1 + c3 + c5 + c7) * 9633;
  const d17 = (c1 + c7) * -7373;
  const d35 = (c3 + c5) * -20995;
  const d37 = (c3 + c7) * -16069 + all;
  const d15 = (c1 + c5) * -3196 + all;
  const o0 = c1 * 12299 + d17 + d15;
  const o1 = c3 * 25172 + d35 + d37;
  const o2 = c5 * 16819 + d35 + d15;
  const o3 = c7 * 2446 + d17 + d37;

  block[at] = (e0 + o0 + half) >> shift;
  block[at + step] = (e1 + o1 + half) >> shift;
  block[at + 2 * step] = (e2 + o2 + half) >> shift;
  block[at + 3 * step] = (e3 + o3 + half) >> shift;
  block[at + 4 * step] = (e3 - o3 + half) >> shift;
  block[at + 5 * step] = (e2 - o2 + half) >> shift;
  block[at + 6 * step] = (e1 - o1 + half) >> shift;
  block[at + 7 * step] = (e0 - o0 + half) >> shift;
}
