import { say } from '../../common/errors/sentence.ts';
import type { TfliteNode } from '../../model/formats/tflite/context.ts';
import type { TfliteOperator } from '../../model/formats/tflite/model.ts';
import type { QShares, QuantizedValue } from '../quantizedGraph.ts';
import { type TfliteLowering, wrong } from './lowering.ts';
import { requireSame } from './move.ts';

type Options = TfliteOperator<'RESIZE_BILINEAR'>['options'];

/** Bits behind the point of a position. */
const BITS = 10;

/** RESIZE_BILINEAR: of the numbers as they are, positions in fixed point (tensorflow/lite/kernels/internal/reference/resize_bilinear.h). */
export function resizeBilinear(
  lowering: TfliteLowering,
  node: TfliteNode,
  { options }: TfliteOperator<'RESIZE_BILINEAR'>,
): void {
  const x = lowering.operand(node, 0);
  const y = lowering.result(node);
  requireSame(node, x, y);
  if (options.alignCorners && options.halfPixelCenters)
    throw wrong(node, say`aligns corners and has half pixel centers`);
  const [batch, height, width, channels] = x.shape as [number, number, number, number];
  const rows = shares(height, y.shape[1]!, options);
  const columns = shares(width, y.shape[2]!, options);
  const resized = (map: QuantizedValue, to: QuantizedValue): QuantizedValue =>
    lowering.emit(node, [map], to, { kind: 'resize', halves: 'away', rows, columns });
  if (batch === 1) {
    resized(x, y);
    return;
  }
  // the samples of a batch side by side, as channels of one map
  const side = [height, width, batch, channels];
  const front = lowering.inner(node, 'side_by_side', { ...x, shape: side });
  lowering.emit(node, [x], front, { kind: 'transpose', perm: [1, 2, 0, 3] });
  const map = lowering.reshaped(node, front, [1, height, width, batch * channels], 'map');
  const size = [y.shape[1]!, y.shape[2]!];
  const large = resized(
    map,
    lowering.inner(node, 'resized', { ...y, shape: [1, ...size, batch * channels] }),
  );
  const back = lowering.reshaped(node, large, [...size, batch, channels], 'samples');
  lowering.emit(node, [back], y, { kind: 'transpose', perm: [2, 0, 1, 3] });
}

/** Where the elements of an axis lie on the old one; beyond its ends they are the first and the last. */
function shares(from: number, to: number, { alignCorners, halfPixelCenters }: Options): QShares {
  const isAligned = alignCorners && to > 1;
  const [whole, parts] = isAligned ? [from - 1, to - 1] : [from, to];
  const step = Math.floor((whole * 2 ** BITS + Math.floor(parts / 2)) / parts);
  const start = halfPixelCenters ? Math.floor(step / 2) - 2 ** (BITS - 1) : 0;
  const last = (from - 1) * 2 ** BITS;
  const positions = Array.from({ length: to }, (_, i) => Math.min(last, Math.max(0, start + i * step)));
  const unit = positions.reduce((bits, p) => Math.min(bits, trailingZeros(p)), BITS);
  const bits = BITS - unit;
  return {
    low: Int32Array.from(positions, (p) => p >> BITS),
    share: Int32Array.from(positions, (p) => (p & (2 ** BITS - 1)) >> unit),
    bits,
  };
}

/** How often 2 divides a number; at most as often as a position has bits. */
function trailingZeros(n: number): number {
  let bits = 0;
  while (bits < BITS && (n & (1 << bits)) === 0) bits++;
  return bits;
}
