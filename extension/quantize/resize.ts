import type { Between, ResizeNode } from '../model/graph.ts';
import type { QResize, QShares, QuantizedValue } from './quantizedGraph.ts';

/** Bits that the shares of both axes may take together: their product times the largest number, and rounding, fit 32 bits. */
const SHARE_BITS = { int8: 22, int16: 16 } as const;
/** More than these bits of one axis change nothing that a byte shows. */
const MOST_BITS = 14;

/** Shares in fixed point: exact where the bits suffice, else rounded; what one axis does not need, the other may take. */
export function lowerResize(
  { rows, columns }: ResizeNode,
  x: QuantizedValue,
): Pick<QResize, 'kind' | 'rows' | 'columns'> {
  const all = SHARE_BITS[x.type === 'int8' ? 'int8' : 'int16'];
  const bits = Math.min(MOST_BITS, all / (isMoved(rows) && isMoved(columns) ? 2 : 1));
  return { kind: 'resize', rows: shares(rows, bits), columns: shares(columns, bits) };
}

function isMoved({ share }: Between): boolean {
  return share.some((s) => s !== 0);
}

/** @param most bits */
function shares({ low, share }: Between, most: number): QShares {
  let bits = 0;
  while (bits < most && !share.every((s) => Number.isInteger(s * 2 ** bits))) bits++;
  return { low, share: Int32Array.from(share, (s) => Math.round(s * 2 ** bits)), bits };
}

/**
 * Bilinear interpolation of an NHWC map of integers, one rounding, ties toward +infinity:
 *
 *     ((1 - v)(1 - h) a + (1 - v) h b + v (1 - h) c + v h d + half) >> (bits of v + bits of h)
 */
export function resizeInts(
  { rows, columns }: QResize,
  x: ArrayLike<number>,
  [, , width, channels]: readonly number[],
): Int32Array {
  const bits = rows.bits + columns.bits;
  const half = bits > 0 ? 2 ** (bits - 1) : 0;
  const out = new Int32Array(rows.low.length * columns.low.length * channels!);
  let o = 0;
  for (const [oy, y] of rows.low.entries()) {
    const v = rows.share[oy]!;
    const below = v > 0 ? width! * channels! : 0;
    for (const [ox, left] of columns.low.entries()) {
      const h = columns.share[ox]!;
      const right = h > 0 ? channels! : 0;
      const [up, left1] = [2 ** rows.bits - v, 2 ** columns.bits - h];
      const at = (y * width! + left) * channels!;
      for (let p = at; p < at + channels!; p++) {
        const upper = x[p]! * left1 + x[p + right]! * h;
        const lower = x[p + below]! * left1 + x[p + below + right]! * h;
        out[o++] = (upper * up + lower * v + half) >> bits;
      }
    }
  }
  return out;
}
