import { elements } from '../graph.ts';
import type { Conv2dNode, Shape } from '../graph.ts';
import { allTaps, eachTap } from '../window.ts';
import type { Tensor } from './tensor.ts';

/**
 * Grouped 2D convolution of an NHWC map; output channel m belongs to group floor(m / (M / groups)). Each window is
 * gathered once (im2col of one pixel, zeros for padding), then every filter is one scalar product over it.
 */
export function conv2d(node: Conv2dNode, x: Tensor, outShape: Shape): Float32Array {
  const channels = x.shape[3]!;
  const outHeight = outShape[1]!;
  const outWidth = outShape[2]!;
  const outChannels = outShape[3]!;
  const { weights, bias, groups } = node;
  const perGroup = channels / groups;
  const outPerGroup = outChannels / groups;
  const size = node.kernel[0] * node.kernel[1] * perGroup;
  const window = new Float64Array(size);
  const taps = windowTaps(node, x.shape, outShape, perGroup);
  const out = new Float32Array(elements(outShape));
  for (let oy = 0; oy < outHeight; oy++) {
    for (let ox = 0; ox < outWidth; ox++) {
      const pixel = (oy * outWidth + ox) * outChannels;
      for (let g = 0; g < groups; g++) {
        taps(window, x.data, oy, ox, g * perGroup);
        const end = (g + 1) * outPerGroup;
        let m = g * outPerGroup;
        for (; m + 3 < end; m += 4) {
          const row = m * size;
          products4(window, weights, bias, row, m, size, out, pixel + m);
        }
        for (; m < end; m++) {
          const row = m * size;
          let sum = bias[m]!;
          for (let i = 0; i < size; i++) sum += window[i]! * weights[row + i]!;
          out[pixel + m] = sum;
        }
      }
    }
  }
  return out;
}

/** Four filters over one window: each element of the window is read once. */
function products4(
  window: Float64Array,
  weights: Float32Array,
  bias: Float32Array,
  row: number,
  m: number,
  size: number,
  out: Float32Array,
  at: number,
): void {
  let a = bias[m]!;
  let b = bias[m + 1]!;
  let c = bias[m + 2]!;
  let d = bias[m + 3]!;
  for (let i = 0, w = row; i < size; i++, w++) {
    const v = window[i]!;
    a += v * weights[w]!;
    b += v * weights[w + size]!;
    c += v * weights[w + 2 * size]!;
    d += v * weights[w + 3 * size]!;
  }
  out[at] = a;
  out[at + 1] = b;
  out[at + 2] = c;
  out[at + 3] = d;
}

type Taps = (window: Float64Array, data: Float32Array, oy: number, ox: number, firstChannel: number) => void;

/** Fills a window with `count` channels from `firstChannel` on, in the order of the weights; zeros for the padding. */
function windowTaps(node: Conv2dNode, shape: Shape, outShape: Shape, count: number): Taps {
  const [, height, width, channels] = shape as [number, number, number, number];
  const rows = allTaps(node, 0, outShape[1]!, height);
  const columns = allTaps(node, 1, outShape[2]!, width);
  return (window, data, oy, ox, firstChannel) => {
    window.fill(0);
    eachTap(node, rows[oy]!, columns[ox]!, width, (pixel, tap) => {
      const from = pixel * channels + firstChannel;
      const to = tap * count;
      for (let c = 0; c < count; c++) window[to + c] = data[from + c]!;
    });
  };
}
