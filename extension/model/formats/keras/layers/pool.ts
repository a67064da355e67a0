import { say } from '../../../../common/errors/sentence.ts';
import { wholeMap } from '../../../import/reduce.ts';
import type { LayerImporter } from '../context.ts';
import { asMap, asOutput, type Axes, mapSuffix, placedWindow } from './spatial.ts';

type Kind = 'maxpool' | 'avgpool';

/** MaxPooling and AveragePooling, 1D and 2D; padding counts in neither, as in TensorFlow. */
export function pool(kind: Kind, axes: Axes): LayerImporter {
  return (ctx) => {
    const map = asMap(ctx, axes);
    if (ctx.string('padding', 'valid') === 'causal') ctx.refuse(say`pads in the way 'causal'`);
    const size = ctx.sizes('pool_size', axes, 2);
    const sizes = { kernel: size, strides: ctx.sizes('strides', axes, size), dilations: size.map(() => 1) };
    const { kernel, strides, dilations, pads, out } = placedWindow(ctx, map, sizes);
    const node = { kind, kernel, strides, dilations, pads, countIncludePad: false } as const;
    return asOutput(ctx, ctx.emit(node, [map], [1, ...out, map.shape[3]!], mapSuffix(ctx, axes)), axes);
  };
}

/** GlobalMaxPooling and GlobalAveragePooling: one number a channel, [1, C], or a map of one pixel with keepdims. */
export function globalPool(kind: Kind, axes: Axes): LayerImporter {
  return (ctx) => {
    const map = asMap(ctx, axes);
    const [, height, width, channels] = map.shape as [number, number, number, number];
    const y = ctx.emit(wholeMap(kind, height, width), [map], [1, 1, 1, channels], '/pool');
    const kept = ctx.bool('keepdims', false) ? new Array<number>(axes).fill(1) : [];
    return ctx.reshape(y, ctx.channelsFirst ? [1, channels, ...kept] : [1, ...kept, channels]);
  };
}
