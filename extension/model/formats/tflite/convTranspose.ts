import { say } from '../../../common/errors/sentence.ts';
import { convTransposed } from '../../import/convTranspose.ts';
import type { Operand } from '../../import/operand.ts';
import type { Two } from '../../import/placeWindow.ts';
import type { TfliteContext } from './context.ts';
import { biasOf, mapOf, weightsOf } from './conv.ts';
import { withActivation } from './fused.ts';

/** TRANSPOSE_CONV of the third operand to the shape that the first says. Weights: [out, height, width, in]. */
export function transposeConv(ctx: TfliteContext<'TRANSPOSE_CONV'>): Operand {
  const x = mapOf(ctx, 2);
  const w = weightsOf(ctx);
  const { padding, strideHeight, strideWidth, activation } = ctx.options;
  const [outputs, height, width, channels] = w.shape as [number, number, number, number];
  const shape = ctx.ints(0, say`the shape of its output`);
  const [batch, ...sizes] = shape;
  if (shape.length !== 4 || batch !== 1 || sizes[2] !== outputs || channels !== x.shape[3]) {
    ctx.refuse(say`makes [${shape}] of [${x.shape}] with weights [${w.shape}], which do not fit`);
  }
  const strides: Two = [strideHeight, strideWidth];
  const kernel: Two = [height, width];
  const before = ([0, 1] as const).map((axis) => {
    const [size, stride, span] = [sizes[axis]!, strides[axis], kernel[axis]];
    if (!(stride >= 1) || !(span >= 1)) ctx.refuse(say`has strides [${strides}] and a kernel of [${kernel}]`);
    // as a convolution of this output would be padded
    const count = padding === 'SAME' ? Math.ceil(size / stride) : Math.floor((size - span) / stride) + 1;
    if (count !== x.shape[axis + 1])
      ctx.refuse(say`makes ${size} elements of ${x.shape[axis + 1]!} in steps of ${stride}`);
    return Math.floor(Math.max(0, (count - 1) * stride + span - size) / 2);
  }) as [number, number];
  const convolution = {
    weights: w.data,
    bias: biasOf(ctx, outputs, 3),
    groups: 1,
    kernel,
    strides,
    dilations: [1, 1],
    before,
    out: [sizes[0]!, sizes[1]!],
  } as const;
  return withActivation(ctx, activation, (suffix) => convTransposed(ctx, x, convolution, suffix));
}
