import type { Costs } from './costs.ts';

/** Cortex-M0+ without flash wait states, with the one-cycle multiplier; gcc 12, counted on the simulated core. */
export const CORTEX_M0PLUS: Costs = {
  call: 18,
  signedLoad: 0.4,
  twoBounds: 3.5,
  // what layers of quantized networks take more than is predicted for their sums (those of test/compiler/costs.test.ts, in C): 80 to
  // 140 cycles a result, and 400 to 480
  exact: { fixed: 100, float: 440 },
  fill: { call: 66, word: 2.7, element: 1.8 },
  unrolled: {
    ...{ load: 2.5, mac: 3.9, cheapMac: 2.8, macBytes: 7 },
    ...{ position: 2.5, pixel: 3, maximum: 5.4, output: 9.2, outputBytes: 22 },
  },
  depthwise: { mac: 8.9, macBytes: 12, output: 19.8, pixel: 20 },
  patch: { pixel: 3.5, gather: { call: 0, run: 5.9, element: 9.6 } },
  dot: { call: 30, sum: 2.8, input: 7, mac: 6, block: 1.5, output: 9.5, maximum: 24, channelBytes: 30 },
  nest: {
    ...{
      innerLoop: 0.3,
      outerLoop: 3.9,
      strided: 1.9,
      move: 8.4,
      copy: 7.6,
      copyWide: 6,
      setByte: 0.6,
      set: 4.5,
    },
    ...{ requant: 7.4, lookup: 11.7, interpolate: 29.9, add: 21, mul: 22.5, quantize: 250, dequantize: 200 },
    ...{ extreme: 31, divide: 205, prelu: 23 },
  },
  pool: { maximum: 6.1, maximumLooped: 8.5, sum: 4.3, sumLooped: 6.2, pixel: 1, output: 3, average: 19 },
  clippedPool: { row: 3.5, column: 8.8, element: 3, output: 3, average: 14 },
  logSoftmax: { group: 150, element: 40 },
  normalize: { group: 420, element: 45 },
  softmax: { group: 0, element: 104, interpolation: 58 },
};
