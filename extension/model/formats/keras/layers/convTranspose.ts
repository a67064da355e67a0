import { say } from '../../../../common/errors/sentence.ts';
import { convTransposed, outputsFirst } from '../../../import/convTranspose.ts';
import { two } from '../../../import/placeWindow.ts';
import type { KerasContext, LayerImporter } from '../context.ts';
import { asMap, asOutput, type Axes, mapSuffix } from './spatial.ts';

/** Conv1DTranspose, Conv2DTranspose: kernels [height, width, filters, channels]. */
export function convTranspose(axes: Axes): LayerImporter {
  return (ctx) => {
    const map = asMap(ctx, axes);
    const channels = map.shape[3]!;
    const [filters] = ctx.sizes('filters', 1, 1) as [number];
    if (ctx.number('groups', 1) !== 1) ctx.refuse(say`works in groups, which is not supported`);
    const kernelShape = ctx.sizes('kernel_size', axes, 1);
    const [strides, dilations] = [ctx.sizes('strides', axes, 1), ctx.sizes('dilation_rate', axes, 1)];
    const useBias = ctx.bool('use_bias', true);
    const [w, bias] = ctx.weights([[...kernelShape, filters, channels], ...(useBias ? [[filters]] : [])]);
    const placed = kernelShape.map((kernel, k) => {
      const span = (kernel - 1) * dilations[k]! + 1;
      return placedAxis(ctx, k, axes, map.shape[k + 3 - axes]!, span, strides[k]!);
    });
    const kernel = two(kernelShape, 1);
    const taps = kernel[0] * kernel[1];
    const y = convTransposed(
      ctx,
      map,
      {
        weights: outputsFirst(w!, [1, channels, filters, taps], [0, 1, channels, filters * channels]),
        bias: bias ?? new Float32Array(filters),
        groups: 1,
        kernel,
        strides: two(strides, 1),
        dilations: two(dilations, 1),
        before: two(
          placed.map((p) => p.before),
          0,
        ),
        out: two(
          placed.map((p) => p.out),
          1,
        ),
      },
      mapSuffix(ctx, axes),
    );
    return asOutput(ctx, y, axes);
  };
}

/**
 * TensorFlow's way: the result is what a convolution of that padding would make `size` elements of.
 * @param k which axis
 * @param span of the dilated kernel
 */
function placedAxis(
  ctx: KerasContext,
  k: number,
  axes: Axes,
  size: number,
  span: number,
  stride: number,
): { before: number; out: number } {
  const padding = ctx.string('padding', 'valid');
  if (padding !== 'valid' && padding !== 'same')
    ctx.refuse(say`pads in the way '${padding}'; valid and same are supported`);
  const same = padding === 'same';
  const given = ctx.numbers('output_padding');
  const extra = given && (given.length === 1 ? given[0]! : given[k]);
  if (given && (given.length > axes || !Number.isInteger(extra) || extra! < 0 || extra! >= stride)) {
    ctx.refuse(say`has output_padding [${given}]; numbers below the strides are needed`);
  }
  const whole = (size - 1) * stride + span;
  const [least, most] = same ? [(size - 1) * stride + 1, size * stride] : [whole, whole + stride - 1];
  const usual = same ? most : Math.max(whole, size * stride);
  const padded = extra === undefined ? usual : (size - 1) * stride + (same ? span % 2 : span) + extra;
  const told = ctx.numbers('output_size')?.[k]; // by Keras 1
  if (told !== undefined && (!Number.isInteger(told) || told < least || told > most)) {
    ctx.refuse(say`has an output of ${told} elements, where ${least} to ${most} are possible`);
  }
  const out = told ?? padded;
  return { out, before: same ? Math.floor(Math.max(0, whole - out) / 2) : 0 };
}
