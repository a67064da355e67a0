import type { Costs } from './costs.ts';

export const CORTEX_M7: Costs = {
  call: 40,
  signedLoad: 1,
  twoBounds: 5,
  fill: { call: 20, word: 5, element: 8.2 },
  unrolled: {
    ...{ load: 2, mac: 3.6, cheapMac: 2, macBytes: 7 },
    ...{ position: 8, pixel: 4, maximum: 12, output: 14, outputBytes: 22 },
  },
  depthwise: { mac: 7.6, macBytes: 12, output: 30, pixel: 8 },
  patch: { pixel: 8, gather: { call: 0, run: 0, element: 8.2 } },
  dot: { call: 30, sum: 5, input: 8, mac: 4.4, block: 0, output: 20, maximum: 12, channelBytes: 30 },
  nest: {
    ...{
      innerLoop: 0,
      outerLoop: 0,
      strided: 1,
      move: 8.2,
      copy: 6,
      copyWide: 4,
      setByte: 2,
      set: 6.2,
      requant: 14,
    },
    ...{ lookup: 12.2, interpolate: 28.2, add: 30.2, mul: 28.2, quantize: 250, dequantize: 200 },
  },
  pool: { maximum: 6.1, maximumLooped: 8.5, sum: 4.3, sumLooped: 6.2, pixel: 1, output: 3, average: 19 },
  clippedPool: { row: 3.5, column: 8.8, element: 3, output: 3, average: 14 },
  softmax: { group: 40, element: 130, interpolation: 0 },
};
