import type { QConv2d } from '../../../quantize/quantizedGraph.ts';
import { imageOf } from '../../values/layout.ts';
import type { Operand, Step } from '../../values/step.ts';
import { type WindowWalk, windowWalk } from '../../values/windowWalk.ts';

/** What the loops of every convolution kernel need of their step; distances in elements. */
export interface ConvShape extends WindowWalk {
  readonly x: Operand;
  readonly y: Operand;
  readonly image: ReturnType<typeof imageOf>;
  readonly result: ReturnType<typeof imageOf>;
  /** The window of the max pooling behind the convolution; [1, 1] without. */
  readonly pool: readonly [height: number, width: number];
  /** Weights of an output channel. */
  readonly taps: number;
  /** Output pixels, pooled. */
  readonly pixels: number;
  /** How far the pointer to the input goes on from a pixel to the next, and then from the end of a row to the next. */
  readonly inputStep: number;
  readonly inputRowEnd: number;
  /** The same of the output's, which stands at the next pixel already. */
  readonly outputRowEnd: number;
}

export function convShape(step: Step<QConv2d>): ConvShape {
  const { node, output: y } = step;
  const x = step.inputs[0]!;
  const image = imageOf(x.layout);
  const result = imageOf(y.layout);
  const walk = windowWalk(node, x.layout);
  const pool = step.pool?.kernel ?? [1, 1];
  const inputStep = pool[1] * walk.stepX;
  return {
    ...walk,
    ...{ x, y, image, result, pool, inputStep },
    taps: (node.kernel[0] * node.kernel[1] * image.c) / node.groups,
    pixels: result.h * result.w,
    inputRowEnd: pool[0] * walk.stepY - result.w * inputStep,
    outputRowEnd: result.row - result.w * result.column,
  };
}

/** Offsets of all taps of a window from its first, a pixel's channels side by side: in the order of an ungrouped filter's weights. */
export function tapOffsets(node: QConv2d, { image, tapRow, tapColumn }: ConvShape): number[] {
  const [kh, kw] = node.kernel;
  const offsets: number[] = [];
  for (let ky = 0; ky < kh; ky++) {
    for (let kx = 0; kx < kw; kx++) {
      for (let c = 0; c < image.c; c++) offsets.push(ky * tapRow + kx * tapColumn + c);
    }
  }
  return offsets;
}
