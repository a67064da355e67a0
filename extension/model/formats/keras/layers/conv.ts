import { say } from '../../../../common/errors/sentence.ts';
import { NO_CLAMP } from '../../../graph.ts';
import type { Real } from '../../../import/operand.ts';
import type { PlacedWindow } from '../../../import/placeWindow.ts';
import { NO_PADS } from '../../../window.ts';
import type { KerasContext, LayerImporter } from '../context.ts';
import { asMap, asOutput, type Axes, mapSuffix, placedWindow, type WindowSizes } from './spatial.ts';

/** Conv1D, Conv2D: kernels [height, width, channels / groups, filters]. */
export function conv(axes: Axes): LayerImporter {
  return (ctx) => {
    const map = asMap(ctx, axes);
    const channels = map.shape[3]!;
    const [filters] = ctx.sizes('filters', 1, 1) as [number];
    const [groups] = ctx.sizes('groups', 1, 1) as [number];
    if (channels % groups !== 0 || filters % groups !== 0) {
      ctx.refuse(say`has ${groups} groups, which do not fit ${channels} channels and ${filters} filters`);
    }
    const sizes = windowSizes(ctx, axes);
    const kernelShape = [...sizes.kernel, channels / groups, filters];
    return convolved(ctx, map, sizes, { groups, filters, kernelShape }, axes);
  };
}

/** DepthwiseConv1D, DepthwiseConv2D: kernels [height, width, channels, multiplier], a group for each channel. */
export function depthwiseConv(axes: Axes): LayerImporter {
  return (ctx) => {
    const map = asMap(ctx, axes);
    const sizes = windowSizes(ctx, axes);
    return convolved(ctx, map, sizes, depthwiseOf(ctx, map, sizes), axes);
  };
}

/** SeparableConv1D, SeparableConv2D: a depthwise convolution, then one of 1x1 with the bias. */
export function separableConv(axes: Axes): LayerImporter {
  return (ctx) => {
    const map = asMap(ctx, axes);
    const sizes = windowSizes(ctx, axes);
    const depthwise = depthwiseOf(ctx, map, sizes);
    const [filters] = ctx.sizes('filters', 1, 1) as [number];
    const pointShape = [...sizes.kernel.map(() => 1), depthwise.filters, filters];
    const biases = ctx.bool('use_bias', true) ? [[filters]] : [];
    const [kernel, points, bias] = ctx.weights([depthwise.kernelShape, pointShape, ...biases]);
    const inner = emitConv(
      ctx,
      map,
      {
        window: placedWindow(ctx, map, sizes),
        groups: depthwise.groups,
        weights: filtersFirst(kernel!, depthwise.filters),
        bias: new Float32Array(depthwise.filters),
      },
      '/depthwise',
    );
    const pointwise = {
      window: pointWindow(inner),
      groups: 1,
      weights: filtersFirst(points!, filters),
      bias: bias ?? new Float32Array(filters),
    };
    return asOutput(ctx, emitConv(ctx, inner, pointwise, mapSuffix(ctx, axes)), axes);
  };
}

function windowSizes(ctx: KerasContext, axes: Axes): WindowSizes {
  return {
    kernel: ctx.sizes('kernel_size', axes, 1),
    strides: ctx.sizes('strides', axes, 1),
    dilations: ctx.sizes('dilation_rate', axes, 1),
  };
}

interface Kernels {
  readonly groups: number;
  readonly filters: number;
  /** As Keras keeps them. */
  readonly kernelShape: readonly number[];
}

/** A layer of one convolution, with or without a bias. */
function convolved(
  ctx: KerasContext,
  map: Real,
  sizes: WindowSizes,
  { groups, filters, kernelShape }: Kernels,
  axes: Axes,
): Real {
  const biases = ctx.bool('use_bias', true) ? [[filters]] : [];
  const [kernel, bias] = ctx.weights([kernelShape, ...biases]);
  const window = placedWindow(ctx, map, sizes);
  const weights = filtersFirst(kernel!, filters);
  const convolution = { window, groups, weights, bias: bias ?? new Float32Array(filters) };
  return asOutput(ctx, emitConv(ctx, map, convolution, mapSuffix(ctx, axes)), axes);
}

function depthwiseOf(ctx: KerasContext, map: Real, { kernel }: WindowSizes): Kernels {
  const channels = map.shape[3]!;
  const [multiplier] = ctx.sizes('depth_multiplier', 1, 1) as [number];
  return { groups: channels, filters: channels * multiplier, kernelShape: [...kernel, channels, multiplier] };
}

function pointWindow(map: Real): PlacedWindow {
  const [, height, width] = map.shape as [number, number, number, number];
  return {
    kernel: [1, 1],
    strides: [1, 1],
    dilations: [1, 1],
    pads: NO_PADS,
    overhang: [0, 0],
    out: [height, width],
  };
}

/**
 * A kernel [height, width, inputs, filters] in the IR's order, [filters][height][width][inputs]. A depthwise kernel is the same with
 * one input: [height, width, 1, channels · multiplier].
 */
function filtersFirst(kernel: Float32Array, filters: number): Float32Array {
  const rest = kernel.length / filters;
  const to = new Float32Array(kernel.length);
  for (let i = 0; i < rest; i++)
    for (let m = 0; m < filters; m++) to[m * rest + i] = kernel[i * filters + m]!;
  return to;
}

interface Convolution {
  readonly window: PlacedWindow;
  readonly groups: number;
  readonly weights: Float32Array;
  readonly bias: Float32Array;
}

function emitConv(ctx: KerasContext, map: Real, convolution: Convolution, suffix: string): Real {
  const { window, groups, weights, bias } = convolution;
  const { kernel, strides, dilations, pads, out } = window;
  return ctx.emit(
    { kind: 'conv2d', weights, bias, kernel, strides, dilations, pads, groups, clamp: NO_CLAMP },
    [map],
    [1, ...out, bias.length],
    suffix,
  );
}
