import { elements } from '../graph.ts';
import type { Conv2dNode, Shape } from '../graph.ts';
import type { Tensor } from '../evaluate.ts';

/**
 * Grouped 2D convolution of an NHWC map; output channel m belongs to group floor(m / (M / groups)). Each window is
 * gathered once (im2col of one pixel, zeros for padding), then every filter is one scalar product over it.
 */
export function conv2d(node: Conv2dNode, x: Tensor, outShape: Shape): Float32Array {
  const [, height, width, channels] = x.shape as [number, number, number, number];
  const [, outHeight, outWidth, outChannels] = outShape as [number, number, number, number];
  const [kernelHeight, kernelWidth] = node.kernel;
  const { weights, bias, groups } = node;
  const perGroup = channels / groups;
  const outPerGroup = outChannels / groups;
  const kernelSize = kernelHeight * kernelWidth * perGroup;
  const window = new Float64Array(kernelSize);
  const out = new Float32Array(elements(outShape));
  for (let oy = 0; oy < outHeight; oy++) {
    const top = oy * node.strides[0] - node.pads.top;
    for (let ox = 0; ox < outWidth; ox++) {
      const left = ox * node.strides[1] - node.pads.left;
      const pixel = (oy * outWidth + ox) * outChannels;
      for (let g = 0; g < groups; g++) {
        gather(window, node, x.data, height, width, channels, perGroup, top, left, g * perGroup);
        for (let m = g * outPerGroup; m < (g + 1) * outPerGroup; m++) {
          const row = m * kernelSize;
          let sum = bias[m]!;
          for (let i = 0; i < kernelSize; i++) sum += window[i]! * weights[row + i]!;
          out[pixel + m] = sum;
        }
      }
    }
  }
  return out;
}

/** The `perGroup` channels from `first` on under a window whose corner is (top, left), in the order of the weights. */
function gather(
  window: Float64Array,
  node: Conv2dNode,
  data: Float32Array,
  height: number,
  width: number,
  channels: number,
  perGroup: number,
  top: number,
  left: number,
  first: number,
): void {
  const [kernelHeight, kernelWidth] = node.kernel;
  const [dilationY, dilationX] = node.dilations;
  let at = 0;
  for (let ky = 0; ky < kernelHeight; ky++) {
    const y = top + ky * dilationY;
    for (let kx = 0; kx < kernelWidth; kx++) {
      const column = left + kx * dilationX;
      if (y < 0 || y >= height || column < 0 || column >= width) {
        for (let c = 0; c < perGroup; c++) window[at++] = 0;
      } else {
        const from = (y * width + column) * channels + first;
        for (let c = 0; c < perGroup; c++) window[at++] = data[from + c]!;
      }
    }
  }
}
