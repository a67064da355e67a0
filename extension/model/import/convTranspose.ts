import { say } from '../../common/errors/sentence.ts';
import { elements, type GivenIntegers, NO_CLAMP } from '../graph.ts';
import type { OperatorContext } from './context.ts';
import { gatheredReal, part } from './gather.ts';
import type { Real } from './operand.ts';
import type { Two } from './placeWindow.ts';

/** A transposed convolution of a map, as all formats tell it. */
export interface TransposedConvolution {
  /** [out][height][width][in / groups] */
  readonly weights: Float32Array;
  readonly bias: Float32Array;
  /** Of a quantized file. */
  readonly given?: GivenIntegers | undefined;
  readonly groups: number;
  readonly kernel: Two;
  readonly strides: Two;
  readonly dilations: Two;
  /** Rows above and columns left of the result that are cut off. */
  readonly before: Two;
  /** Height and width of the result; what the kernel does not reach is the bias. */
  readonly out: Two;
}

/** Ordinary convolutions that one transposed one may become: one for each step of its strides, up to the size of the result. */
const MOST_PHASES = 256;

/** @param map [1, H, W, C] */
export function convTransposed(
  ctx: OperatorContext,
  map: Real,
  { out, before, ...convolution }: TransposedConvolution,
  suffix = '',
): Real {
  const { kernel, strides, dilations, bias, groups } = convolution;
  const [rows, columns] = ([0, 1] as const).map((axis) => {
    const span = (kernel[axis] - 1) * dilations[axis] + 1;
    const whole = (map.shape[axis + 1]! - 1) * strides[axis] + span;
    // what is cut off beyond the kernel's own border is computed, and cut then
    const first = Math.min(before[axis], span - 1);
    const last = Math.min(whole - before[axis] - out[axis], span - 1);
    return { first, last, size: whole - first - last, from: before[axis] - first };
  }) as [Placed, Placed];
  const phases = Math.min(strides[0], rows.size) * (groups === 1 ? 1 : Math.min(strides[1], columns.size));
  if (phases > MOST_PHASES) {
    ctx.refuse(
      say`has strides [${strides}], which take ${phases} convolutions; at most ${MOST_PHASES} are made`,
    );
  }
  const pads = { top: rows.first, left: columns.first, bottom: rows.last, right: columns.last };
  const spec = { kind: 'convTranspose2d', ...convolution, pads, clamp: NO_CLAMP } as const;
  const shape = [1, rows.size, columns.size, bias.length];
  const isWhole = rows.size === out[0] && columns.size === out[1];
  const y = ctx.emit(spec, [map], shape, isWhole ? suffix : '/whole');
  const cut = [undefined, part(rows.from, out[0]), part(columns.from, out[1]), undefined];
  return gatheredReal(ctx, y, cut, { suffix });
}

/** An axis of the result: what is cut off at its ends at once, how long it is then, and where the rest begins. */
interface Placed {
  readonly first: number;
  readonly last: number;
  readonly size: number;
  readonly from: number;
}

/**
 * Weights with the input's channels before the outputs, [groups][in / groups][out / groups][taps] with the steps that each has, in
 * the order of `TransposedConvolution`.
 */
export function outputsFirst(
  w: Float32Array,
  [groups, perGroup, outPerGroup, taps]: readonly [number, number, number, number],
  step: readonly [number, number, number, number],
): Float32Array {
  const to = new Float32Array(elements([groups, perGroup, outPerGroup, taps]));
  for (let g = 0, at = 0; g < groups; g++) {
    for (let m = 0; m < outPerGroup; m++) {
      for (let t = 0; t < taps; t++) {
        for (let c = 0; c < perGroup; c++)
          to[at++] = w[g * step[0] + c * step[1] + m * step[2] + t * step[3]]!;
      }
    }
  }
  return to;
}
