import { say } from '../../../common/errors/sentence.ts';
import { NO_CLAMP } from '../../graph.ts';
import { placeWindow, type PlacedWindow, type Two } from '../../import/placeWindow.ts';
import type { FloatConstant, Operand, Real } from '../../import/operand.ts';
import { BATCH_OF_ONE } from '../../import/refusal.ts';
import type { TfliteContext } from './context.ts';
import { withActivation } from './fused.ts';

/** What the options of convolutions and poolings share. */
interface WindowOptions {
  readonly padding: 'SAME' | 'VALID';
  readonly strideHeight: number;
  readonly strideWidth: number;
  readonly dilationHeight?: number;
  readonly dilationWidth?: number;
}

/** CONV_2D, grouped where the weights have fewer channels than the input. Weights: [out, height, width, in / groups]. */
export function conv2d(ctx: TfliteContext<'CONV_2D'>): Operand {
  const x = mapOf(ctx);
  const w = weightsOf(ctx);
  const [outChannels, height, width, perGroup] = w.shape as [number, number, number, number];
  const channels = x.shape[3]!;
  const groups = perGroup > 0 ? channels / perGroup : 0;
  if (!Number.isInteger(groups) || groups < 1 || outChannels % groups !== 0) {
    ctx.refuse(say`has weights [${w.shape}], which do not fit ${channels} input channels`);
  }
  return convolved(ctx, x, { data: w.data, outChannels, kernel: [height, width], groups });
}

/** DEPTHWISE_CONV_2D. Weights: [1, height, width, in · multiplier], the outputs of a channel side by side. */
export function depthwiseConv2d(ctx: TfliteContext<'DEPTHWISE_CONV_2D'>): Operand {
  const x = mapOf(ctx);
  const w = weightsOf(ctx);
  const [one, height, width, outChannels] = w.shape as [number, number, number, number];
  const channels = x.shape[3]!;
  if (one !== 1 || outChannels % channels !== 0) {
    ctx.refuse(say`has weights [${w.shape}], which do not fit ${channels} input channels`);
  }
  const taps = height * width;
  const data = new Float32Array(w.data.length);
  for (let t = 0; t < taps; t++) {
    for (let m = 0; m < outChannels; m++) data[m * taps + t] = w.data[t * outChannels + m]!;
  }
  return convolved(ctx, x, { data, outChannels, kernel: [height, width], groups: channels });
}

interface Kernels {
  /** [out][height][width][in / groups] */
  readonly data: Float32Array;
  readonly outChannels: number;
  readonly kernel: Two;
  readonly groups: number;
}

function convolved(
  ctx: TfliteContext<'CONV_2D' | 'DEPTHWISE_CONV_2D'>,
  x: Real,
  { data, outChannels, kernel, groups }: Kernels,
): Operand {
  const { kernel: taps, strides, dilations, pads, out } = windowOf(ctx, x, kernel, ctx.options);
  const window = { kernel: taps, strides, dilations, pads };
  const bias = biasOf(ctx, outChannels);
  const spec = { kind: 'conv2d', weights: data, bias, ...window, groups, clamp: NO_CLAMP } as const;
  return withActivation(ctx, ctx.options.activation, (suffix) =>
    ctx.emit(spec, [x], [1, ...out, outChannels], suffix),
  );
}

/** The k-th operand, or zeros. */
export function biasOf(ctx: TfliteContext, outputs: number, k = 2): Float32Array {
  if (!ctx.inputs[k]) return new Float32Array(outputs);
  const { data } = ctx.floats(k, say`the bias`);
  if (data.length !== outputs) ctx.refuse(say`has ${data.length} bias values for ${outputs} outputs`);
  return data;
}

/** AVERAGE_POOL_2D, whose padding does not count, and MAX_POOL_2D. */
export function pool2d(
  kind: 'avgpool' | 'maxpool',
): (ctx: TfliteContext<'AVERAGE_POOL_2D' | 'MAX_POOL_2D'>) => Operand {
  return (ctx) => {
    const x = mapOf(ctx);
    const { filterHeight, filterWidth, activation } = ctx.options;
    const { kernel, strides, dilations, pads, out } = windowOf(
      ctx,
      x,
      [filterHeight, filterWidth],
      ctx.options,
    );
    const spec = { kind, kernel, strides, dilations, pads, countIncludePad: false } as const;
    return withActivation(ctx, activation, (suffix) => ctx.emit(spec, [x], [1, ...out, x.shape[3]!], suffix));
  };
}

/** The k-th operand, a map of one sample. */
export function mapOf(ctx: TfliteContext, k = 0): Real {
  const x = ctx.real(k);
  if (x.shape.length !== 4) {
    ctx.refuse(
      say`works on a tensor of ${x.shape.length} dimensions; [1, height, width, channels] is needed`,
    );
  }
  if (x.shape[0] !== 1) {
    ctx.refuse(
      say`works on a batch of ${x.shape[0]!}; microcontrollers take one sample at a time`,
      BATCH_OF_ONE,
    );
  }
  return x;
}

export function weightsOf(ctx: TfliteContext): FloatConstant {
  const w = ctx.floats(1, say`the weights`);
  if (w.shape.length !== 4) ctx.refuse(say`has weights of ${w.shape.length} dimensions; 4 are needed`);
  return w;
}

function windowOf(ctx: TfliteContext, x: Real, kernel: Two, options: WindowOptions): PlacedWindow {
  const { padding, strideHeight, strideWidth, dilationHeight = 1, dilationWidth = 1 } = options;
  const sizes = [...kernel, strideHeight, strideWidth, dilationHeight, dilationWidth];
  if (sizes.some((n) => !(n >= 1 && n <= 65_535))) {
    ctx.refuse(say`has kernel, strides and dilations of [${sizes}]; numbers from 1 to 65535 are needed`);
  }
  const window = {
    kernel,
    strides: [strideHeight, strideWidth],
    dilations: [dilationHeight, dilationWidth],
    padding: padding === 'SAME' ? 'same upper' : 'valid',
    ceil: false,
  } as const;
  return placeWindow(ctx, window, [x.shape[1]!, x.shape[2]!]);
}
