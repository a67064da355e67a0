import { say } from '../../common/errors/sentence.ts';
import { corrupt, Damaged } from '../damaged.ts';

/** Samples along a side of a block. */
export const BLOCK = 8;
const MAX_FACTOR = 4;
const SAMPLE_BITS = 8;

/** One of a picture's colours, as the frame header states it. */
export interface Component {
  /** What scans call it. */
  readonly id: number;
  /** Sampling factors across and down, 1 to 4; the picture's full size has the frame's largest. */
  readonly h: number;
  readonly v: number;
  /** Number of its quantization table. */
  readonly quantization: number;
  /** Its own size in samples. */
  readonly width: number;
  readonly height: number;
  /** Blocks that cover this size: those that a scan of this component alone has. */
  readonly columns: number;
  readonly rows: number;
  /** Blocks of all MCUs: those that a scan of several components has. */
  readonly mcuColumns: number;
  readonly mcuRows: number;
}

/** A picture's frame header (SOFn; T.81, B.2.2). */
export interface Frame {
  readonly isProgressive: boolean;
  /** In pixels. */
  readonly width: number;
  readonly height: number;
  /** Largest sampling factors of the components. */
  readonly maxH: number;
  readonly maxV: number;
  /** MCUs across and down, in scans of several components. */
  readonly mcusAcross: number;
  readonly mcusDown: number;
  readonly components: readonly Component[];
}

/**
 * Reads a frame header.
 *
 * @param segment what follows the segment's length
 * @throws Damaged
 */
export function readFrame(segment: Uint8Array, isProgressive: boolean): Frame {
  const count = segment[5] ?? 0;
  if (count === 0 || segment.length < 6 + 3 * count) throw corrupt();
  if (segment[0] !== SAMPLE_BITS) throw new Damaged(say`${segment[0]!} bits a sample are not supported`);
  const [height, width] = [1, 3].map((at) => (segment[at]! << 8) | segment[at + 1]!) as [number, number];
  const stated = Array.from({ length: count }, (_, i) => {
    const [id, factors, quantization] = segment.subarray(6 + 3 * i) as unknown as [number, number, number];
    return { id, h: factors >> 4, v: factors & 15, quantization };
  });
  if (stated.some(({ h, v }) => h < 1 || v < 1 || h > MAX_FACTOR || v > MAX_FACTOR)) throw corrupt();
  const maxH = stated.reduce((most, { h }) => Math.max(most, h), 1);
  const maxV = stated.reduce((most, { v }) => Math.max(most, v), 1);
  const mcusAcross = Math.ceil(width / (BLOCK * maxH));
  const mcusDown = Math.ceil(height / (BLOCK * maxV));
  const components = stated.map((component) => {
    const { h, v } = component;
    const size = { width: Math.ceil((width * h) / maxH), height: Math.ceil((height * v) / maxV) };
    const [columns, rows] = [Math.ceil(size.width / BLOCK), Math.ceil(size.height / BLOCK)];
    return { ...component, ...size, columns, rows, mcuColumns: mcusAcross * h, mcuRows: mcusDown * v };
  });
  return { isProgressive, width, height, maxH, maxV, mcusAcross, mcusDown, components };
}
