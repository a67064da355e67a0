import { isWide } from '../../common/wideType.ts';
import { elements } from '../../model/graph.ts';
import { NO_PADS, type Pads } from '../../model/window.ts';
import type { QuantizedValue } from '../../quantize/quantizedGraph.ts';

/** How a value lies in memory. Distances and sizes are in elements of `type`. */
export interface Layout {
  readonly type: 'uint8_t' | 'int8_t' | 'int16_t' | 'int32_t' | 'float';
  readonly bytesPerElement: 1 | 2 | 4;
  /** stored = q + bias. Inner int8 values are stored as uint8 (bias 128): LDRB has an immediate offset, LDRSB has none. */
  readonly bias: number;
  /** The value's shape, NHWC or flat. */
  readonly shape: readonly number[];
  /** Distance between neighbours along each dimension. */
  readonly strides: readonly number[];
  /** Offset of element 0 (there may be a border before it). */
  readonly origin: number;
  /** Elements including the border. */
  readonly size: number;
  /** True when the elements stand one after the other. */
  readonly contiguous: boolean;
}

/** Border around an image, in pixels, that padded convolutions read instead of testing for the edge. */
export type Border = Pads;

export const NO_BORDER: Border = NO_PADS;

/** The smallest border that holds both. */
export function wider(a: Border, b: Border): Border {
  return {
    top: Math.max(a.top, b.top),
    left: Math.max(a.left, b.left),
    bottom: Math.max(a.bottom, b.bottom),
    right: Math.max(a.right, b.right),
  };
}

export function hasBorder(b: Border): boolean {
  return b.top + b.left + b.bottom + b.right > 0;
}

/** Layout of a placeholder: plain int8, int16, int32 or float32, as the bundle's users see it. */
export function placeholderLayout(v: QuantizedValue): Layout {
  if (v.type === 'float32') return dense(v.shape, 'float', 4, 0);
  if (isWide(v.type)) return dense(v.shape, 'int32_t', 4, 0);
  return v.type === 'int8' ? dense(v.shape, 'int8_t', 1, 0) : dense(v.shape, 'int16_t', 2, 0);
}

/**
 * Layout of an inner value. The right border of a row and the left border of the next are the same pixels: the row
 * distance is width + max(left, right), not width + left + right.
 */
export function innerLayout(v: QuantizedValue, border: Border): Layout {
  if (isWide(v.type)) return placeholderLayout(v);
  const type = v.type === 'int8' ? 'uint8_t' : 'int16_t';
  const bytes = v.type === 'int8' ? 1 : 2;
  const bias = v.type === 'int8' ? 128 : 0;
  if (!hasBorder(border)) return dense(v.shape, type, bytes, bias);
  const [, h, w, c] = v.shape as [number, number, number, number];
  const row = (w + Math.max(border.left, border.right)) * c;
  const origin = border.top * row + border.left * c;
  const size = origin + (h - 1 + border.bottom) * row + (w + border.right) * c;
  return {
    type,
    bytesPerElement: bytes,
    bias,
    shape: v.shape,
    strides: [size, row, c, 1],
    origin,
    size,
    contiguous: false,
  };
}

/** The same memory under another shape; only contiguous values are ever reshaped. */
export function reshapeLayout(l: Layout, shape: readonly number[]): Layout {
  return l.contiguous ? dense(shape, l.type, l.bytesPerElement, l.bias) : l;
}

function dense(
  shape: readonly number[],
  type: Layout['type'],
  bytesPerElement: 1 | 2 | 4,
  bias: number,
): Layout {
  const strides = shape.map((_, k) => elements(shape.slice(k + 1)));
  return { type, bytesPerElement, bias, shape, strides, origin: 0, size: elements(shape), contiguous: true };
}

/** Bytes of a value in memory, rounded up to whole words (borders are filled by words). */
export function byteSize(l: Layout): number {
  return Math.ceil((l.size * l.bytesPerElement) / 4) * 4;
}

/** Height, width and channels of an image; a flat value is 1 x 1 x n. */
export function imageOf(l: Layout): { h: number; w: number; c: number; row: number; column: number } {
  if (l.shape.length === 4) {
    const [, h, w, c] = l.shape as [number, number, number, number];
    return { h, w, c, row: l.strides[1]!, column: l.strides[2]! };
  }
  const n = elements(l.shape);
  return { h: 1, w: 1, c: n, row: n, column: n };
}
