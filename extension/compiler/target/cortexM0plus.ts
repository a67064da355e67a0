import type { Costs } from './costs.ts';

/** Cortex-M0+ without flash wait states, with the one-cycle multiplier; gcc 12, counted on the simulated core. */
export const CORTEX_M0PLUS: Costs = {
  call: 40,
  fill: { call: 20, word: 5, element: 8.2 },
  unrolled: {
    ...{ load: 2, mac: 3.6, cheapMac: 2, macBytes: 7 },
    ...{ position: 8, maximum: 12, output: 14, outputBytes: 22 },
  },
  depthwise: { mac: 7.6, macBytes: 12, output: 30, pixel: 8 },
  patch: { pixel: 8, gather: { call: 0, run: 0, element: 8.2 } },
  dot: { call: 30, sum: 5, input: 8, mac: 4.4, block: 0, output: 20, maximum: 12, channelBytes: 30 },
  nest: {
    ...{ innerLoop: 0, outerLoop: 0, move: 8.2, set: 6.2, requant: 14 },
    ...{ lookup: 12.2, interpolate: 28.2, add: 30.2, mul: 28.2, quantize: 250, dequantize: 200 },
  },
  pool: { maximum: 6, sum: 6, column: 0, row: 0, pixel: 0, output: 8, average: 22 },
  clippedPool: { row: 4, column: 4, element: 6, output: 8, average: 22 },
  softmax: { element: 130, interpolation: 0 },
};
