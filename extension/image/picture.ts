import { UserError } from '../common/error.ts';
import type { Image } from './image.ts';
import type { ImageOptions } from './options.ts';
import { imageGeometry } from './tensor.ts';

/**
 * What a tensor looks like: the way back from `imageToTensor`, but for scaling. Real numbers are rounded to 8 bits a channel.
 * @param range what black and white are; undefined for a shape that is no picture's
 */
export function pictureOf(
  values: Float32Array,
  {
    shape,
    layout,
    channelOrder,
    range: [min, max],
  }: Pick<ImageOptions, 'layout' | 'channelOrder'> & {
    readonly shape: readonly number[];
    readonly range: readonly [min: number, max: number];
  },
): Image | undefined {
  const geometry = geometryOf(shape, layout);
  if (!geometry) return undefined;
  const { width, height, channels } = geometry;
  const pixels = width * height;
  const scale = max > min ? 255 / (max - min) : 0;
  const data = new Uint8Array(pixels * channels);
  for (let p = 0; p < pixels; p++) {
    for (let c = 0; c < channels; c++) {
      const to = channelOrder === 'BGR' ? channels - 1 - c : c;
      const from = geometry.layout === 'NHWC' ? p * channels + c : c * pixels + p;
      data[p * channels + to] = Math.min(255, Math.max(0, Math.round((values[from]! - min) * scale)));
    }
  }
  return { width, height, channels, data };
}

function geometryOf(
  shape: readonly number[],
  layout: ImageOptions['layout'],
): ReturnType<typeof imageGeometry> | undefined {
  try {
    return imageGeometry(shape, layout);
  } catch (e) {
    if (e instanceof UserError) return undefined;
    throw e;
  }
}
