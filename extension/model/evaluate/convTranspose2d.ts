import { elements } from '../graph.ts';
import type { ConvTranspose2dNode, Shape } from '../graph.ts';
import type { Tensor } from './tensor.ts';

/** Transposed convolution of an NHWC map: every pixel adds to all outputs that its taps reach, grouped as conv2d is. */
export function convTranspose2d(node: ConvTranspose2dNode, x: Tensor, outShape: Shape): Float32Array {
  const [, height, width, channels] = x.shape as [number, number, number, number];
  const [, outHeight, outWidth, outChannels] = outShape as [number, number, number, number];
  const { weights, bias, groups, kernel, strides, dilations, pads } = node;
  const perGroup = channels / groups;
  const outPerGroup = outChannels / groups;
  const taps = kernel[0] * kernel[1];
  const sums = Float64Array.from({ length: elements(outShape) }, (_, i) => bias[i % outChannels]!);
  const add = (pixel: number, tap: number, out: number): void => {
    for (let m = 0; m < outChannels; m++) {
      const from = pixel * channels + Math.floor(m / outPerGroup) * perGroup;
      const row = (m * taps + tap) * perGroup;
      let sum = 0;
      for (let c = 0; c < perGroup; c++) sum += x.data[from + c]! * weights[row + c]!;
      sums[out * outChannels + m]! += sum;
    }
  };
  for (let pixel = 0; pixel < height * width; pixel++) {
    const top = Math.floor(pixel / width) * strides[0] - pads.top;
    const left = (pixel % width) * strides[1] - pads.left;
    for (let tap = 0; tap < taps; tap++) {
      const oy = top + Math.floor(tap / kernel[1]) * dilations[0];
      const ox = left + (tap % kernel[1]) * dilations[1];
      if (oy >= 0 && oy < outHeight && ox >= 0 && ox < outWidth) add(pixel, tap, oy * outWidth + ox);
    }
  }
  return Float32Array.from(sums);
}
