import { elements } from '../graph.ts';
import type { PoolNode, Shape } from '../graph.ts';
import { allTaps, eachTap, tapCount } from '../window.ts';
import type { Tensor } from './tensor.ts';

/** Max or average pooling of an NHWC map. Padding never wins a maximum; it counts in an average only if told so. */
export function pool(node: PoolNode, x: Tensor, outShape: Shape): Float32Array {
  const [, height, width, channels] = x.shape as [number, number, number, number];
  const [, outHeight, outWidth] = outShape as [number, number, number, number];
  const rows = allTaps(node, 0, outHeight, height);
  const columns = allTaps(node, 1, outWidth, width);
  const max = node.kind === 'maxpool';
  const { data } = x;
  const out = new Float32Array(elements(outShape));
  const result = new Float64Array(channels);
  for (let oy = 0; oy < outHeight; oy++) {
    for (let ox = 0; ox < outWidth; ox++) {
      result.fill(max ? -Infinity : 0);
      eachTap(node, rows[oy]!, columns[ox]!, width, (pixel) => {
        for (let c = 0; c < channels; c++) {
          const v = data[pixel * channels + c]!;
          if (!max) result[c]! += v;
          else if (v > result[c]!) result[c] = v;
        }
      });
      const count = node.countIncludePad
        ? node.kernel[0] * node.kernel[1]
        : tapCount(rows[oy]!, columns[ox]!);
      const at = (oy * outWidth + ox) * channels;
      for (let c = 0; c < channels; c++) out[at + c] = max ? result[c]! : result[c]! / count;
    }
  }
  return out;
}
