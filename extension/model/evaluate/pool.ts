import { elements } from '../graph.ts';
import type { PoolNode, Shape } from '../graph.ts';
import type { Tensor } from '../evaluate.ts';

/** Max or average pooling of an NHWC map. Padding never wins a maximum; it counts in an average only if told so. */
export function pool(node: PoolNode, x: Tensor, outShape: Shape): Float32Array {
  const [, height, width, channels] = x.shape as [number, number, number, number];
  const [, outHeight, outWidth] = outShape as [number, number, number, number];
  const [kernelHeight, kernelWidth] = node.kernel;
  const [strideY, strideX] = node.strides;
  const [dilationY, dilationX] = node.dilations;
  const max = node.kind === 'maxpool';
  const data = x.data;
  const out = new Float32Array(elements(outShape));
  let at = 0;
  for (let oy = 0; oy < outHeight; oy++) {
    for (let ox = 0; ox < outWidth; ox++) {
      for (let c = 0; c < channels; c++) {
        let best = -Infinity;
        let sum = 0;
        let count = 0;
        for (let ky = 0; ky < kernelHeight; ky++) {
          const y = oy * strideY - node.pads.top + ky * dilationY;
          if (y < 0 || y >= height) continue;
          for (let kx = 0; kx < kernelWidth; kx++) {
            const column = ox * strideX - node.pads.left + kx * dilationX;
            if (column < 0 || column >= width) continue;
            const v = data[(y * width + column) * channels + c]!;
            if (v > best) best = v;
            sum += v;
            count++;
          }
        }
        if (max) out[at++] = best;
        else out[at++] = sum / (node.countIncludePad ? kernelHeight * kernelWidth : count);
      }
    }
  }
  return out;
}
