import { dense } from '../dense.ts';
import type { QTfliteLstm, QuantizedValue } from '../quantizedGraph.ts';
import { stateLimits } from '../recurrentInts.ts';
import { clampInt, requantizer } from '../requantize.ts';
import { multiplied } from './fixedPoint.ts';
import { hyperbolicTangent, sigmoid, sigmoidInput } from './sigmoid.ts';

/** A gate is in units of 2^-GATE_BITS. */
export const GATE_BITS = 15;
/** Largest size of a product of a gate and an int16 number. */
export const PRODUCT = 32767 * 32768;
/** A gate's sum, in 4096ths, as the argument of its function. */
export const GATE_INPUT = { multiplier: 3, shift: 0 } as const;

/**
 * The LSTM of TensorFlow Lite Micro with 8 or 16 bits of activations and 16 of cell state (tensorflow/lite/micro/kernels/lstm_eval.h),
 * each sum, product and function rounded and saturated to int16 on its own:
 *
 *     gate = f(clamp16(fromInput + fromHidden))
 *     c' = clamp16(clamp16(forget · c) + clamp16(input · candidate)), h' = clamp(output · tanh(c'))
 *
 * @param x q of the input, and of hidden and cell state, which are brought up to date
 */
export function lstmInts(
  node: QTfliteLstm,
  [x, hidden, cell]: readonly Int32Array[],
  [xv, hv]: readonly QuantizedValue[],
): Int32Array {
  const { units } = node;
  const features = node.fromInput.weights.length / node.fromInput.outChannels;
  const time = x!.length / features;
  const out = new Int32Array(time * units);
  const requantize = requantizer(node.requant, hv!.offset);
  const [lo, hi] = stateLimits(node);
  for (let t = 0; t < time; t++) {
    const fromInput = dense(node.fromInput, x!.subarray(t * features, (t + 1) * features), xv!, SUMS);
    const fromHidden = dense(node.fromHidden, hidden!, hv!, SUMS);
    const gate = (k: number, u: number, fn: (v: number) => number): number =>
      fn(sigmoidInput(int16(fromInput[k * units + u]! + fromHidden[k * units + u]!), GATE_INPUT));
    for (let u = 0; u < units; u++) {
      const kept = inUnits(gate(1, u, sigmoid) * cell![u]!, GATE_BITS);
      const added = inUnits(gate(0, u, sigmoid) * gate(2, u, hyperbolicTangent), node.addBits);
      cell![u] = clampInt(kept + added, lo, hi);
      const product = gate(3, u, sigmoid) * hyperbolicTangent(sigmoidInput(cell![u]!, node.tanh));
      hidden![u] = clampInt(requantize(product), hv!.lo, hv!.hi);
    }
    out.set(hidden!, t * units);
  }
  return out;
}

/** A product / 2^bits: its multiplier is 1/2, so that the two roundings are those of a bit and of the others. */
function inUnits(product: number, bits: number): number {
  return int16(multiplied(product, { multiplier: 2 ** 30, shift: 1 - bits }));
}

function int16(v: number): number {
  return clampInt(v, -32768, 32767);
}

/** The gates' sums. */
const SUMS: QuantizedValue = {
  ...{ name: 'sums', shape: [], type: 'int16', scale: 2 ** -12, offset: 0, lo: -32768, hi: 32767 },
};
