import { elements, NO_CLAMP } from '../graph.ts';
import type { OperatorContext } from './context.ts';
import type { Real } from './operand.ts';
import type { Two } from './placeWindow.ts';

/** A transposed convolution of a map, as all formats tell it. */
export interface TransposedConvolution {
  /** [out][height][width][in / groups] */
  readonly weights: Float32Array;
  readonly bias: Float32Array;
  readonly groups: number;
  readonly kernel: Two;
  readonly strides: Two;
  readonly dilations: Two;
  /** Rows above and columns left of the result that are cut off. */
  readonly before: Two;
  /** Height and width of the result; what the kernel does not reach is the bias. */
  readonly out: Two;
}

/** @param map [1, H, W, C] */
export function convTransposed(
  ctx: OperatorContext,
  map: Real,
  { out, before, ...convolution }: TransposedConvolution,
  suffix = '',
): Real {
  const { kernel, strides, dilations, bias } = convolution;
  const [bottom, right] = ([0, 1] as const).map((axis) => {
    const whole = (map.shape[axis + 1]! - 1) * strides[axis] + (kernel[axis] - 1) * dilations[axis] + 1;
    return whole - before[axis] - out[axis];
  }) as [number, number];
  const pads = { top: before[0], left: before[1], bottom, right };
  const spec = { kind: 'convTranspose2d', ...convolution, pads, clamp: NO_CLAMP } as const;
  return ctx.emit(spec, [map], [1, ...out, bias.length], suffix);
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
