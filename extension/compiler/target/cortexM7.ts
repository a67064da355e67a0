import type { Costs } from './costs.ts';

/**
 * Cortex-M7 with code and data in memory without wait states. Estimated, +-30 %: instructions of gcc 12's code as QEMU
 * executes it, paired by a model of the core's two in-order pipes; no hardware was measured.
 */
export const CORTEX_M7: Costs = {
  call: 20,
  signedLoad: 0.3,
  twoBounds: 1,
  exact: { fixed: 12, float: 12 },
  fill: { call: 12, word: 1.5, element: 1.5 },
  unrolled: {
    ...{ load: 0.7, mac: 1.1, cheapMac: 1, macBytes: 7 },
    ...{ position: 5, pixel: 3, maximum: 3, output: 4.6, outputBytes: 22 },
  },
  depthwise: { mac: 2.3, macBytes: 10, output: 11, pixel: 7 },
  patch: { pixel: 5, gather: { call: 0, run: 1.7, element: 3.5 } },
  dot: { call: 0, sum: 1.2, input: 2, mac: 2.6, block: 2, output: 8.5, maximum: 4, channelBytes: 30 },
  nest: {
    ...{
      innerLoop: 0.2,
      outerLoop: 1,
      strided: 1.2,
      move: 4.5,
      copy: 3.8,
      copyWide: 3,
      setByte: 0.4,
      set: 1,
    },
    ...{ requant: 4, lookup: 6.3, interpolate: 13.5, add: 10, mul: 12.5, quantize: 25, dequantize: 14 },
    ...{ extreme: 14, divide: 30, prelu: 13 },
  },
  pool: { maximum: 2, maximumLooped: 4, sum: 1, sumLooped: 4, pixel: 1, output: 4, average: 12 },
  clippedPool: { row: 1, column: 7, element: 1.5, output: 4, average: 6 },
  logSoftmax: { group: 60, element: 25 },
  normalize: { group: 250, element: 20 },
  softmax: { group: 0, element: 35, interpolation: 10 },
};
