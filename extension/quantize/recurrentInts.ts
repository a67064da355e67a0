import { dense } from './dense.ts';
import type { QDense, QFunction, QRecurrent, QuantizedValue } from './quantizedGraph.ts';
import { clampInt, requantConstant, requantize } from './requantize.ts';
import { interpolate } from './tables.ts';

/** 1/2 of what gates are in units of 2^-15 of. */
const HALF = 2 ** 14;
const ONE = 2 ** 15;

/**
 * A recurrent layer in integers, as compiled code computes it. All of it fits 32 bits: gates are 0..32767, everything else int16,
 * so that a product is less than 2^30, and no sum is of more than two of them.
 *
 *     lstm: c' = clamp((f * c + ((i * g + half) >> shift) + 2^14) >> 15), shift brings i * g to the units of f * c
 *           h' = requantize(o * output(c'))
 *     gru:  n = candidate(px + ph), or with the reset behind the product candidate(px + ((r * ph + 2^14) >> 15))
 *           s' = (z * s + (2^15 - z) * n + 2^14) >> 15, h' = requantize(s')
 *     rnn:  h' = requantize(candidate(px + ph))
 *
 * @param x q of the input, and of the states that the layer begins with and brings up to date (QRecurrent)
 */
export function recurrent(
  node: QRecurrent,
  [x, kept, cell]: readonly Int32Array[],
  xv: QuantizedValue,
  y: QuantizedValue,
): Int32Array {
  const [, time, features] = xv.shape as [number, number, number];
  const { units, sequence } = node;
  const state = cell ?? new Int32Array(units);
  const out = new Int32Array(sequence === 'last' ? units : time * units);
  let hidden: Int32Array = kept ?? new Int32Array(units).fill(y.offset);
  for (let t = 0; t < time; t++) {
    const from = node.backward ? time - 1 - t : t;
    hidden = step(node, x!.subarray(from * features, (from + 1) * features), xv, hidden, y, state);
    out.set(hidden, (sequence === 'last' ? 0 : sequence === 'inTime' ? from : t) * units);
  }
  kept?.set(hidden);
  return out;
}

/** One time step: updates the state, returns the next hidden state. */
function step(
  node: QRecurrent,
  x: Int32Array,
  xv: QuantizedValue,
  hidden: Int32Array,
  y: QuantizedValue,
  state: Int32Array,
): Int32Array {
  const { units, cell, gate, candidate, outputFunction, stateBits, resetRequant } = node;
  const px = sums(node.fromInput, x, xv);
  const ph = sums(node.fromHidden, hidden, y);
  const both = (k: number, u: number): number => px[k * units + u]! + ph[k * units + u]!;
  const toHidden = (v: number, r = node.requant): number =>
    clampInt(requantize(v, r, requantConstant(r, y.offset)), node.lo, node.hi);
  switch (cell) {
    case 'lstm': {
      const shift = candidate.bits - stateBits;
      const [lo, hi] = stateLimits(node);
      return hidden.map((_, u) => {
        const [i, f, o] = [0, 1, 3].map((k) => apply(gate, both(k, u))) as [number, number, number];
        const added = (i * apply(candidate, both(2, u)) + (shift > 0 ? 1 << (shift - 1) : 0)) >> shift;
        state[u] = clampInt((f * state[u]! + added + HALF) >> 15, lo, hi);
        return toHidden(o * apply(outputFunction!, state[u]));
      });
    }
    case 'gru': {
      const reset = hidden.map((_, u) => apply(gate, both(1, u)));
      const own = node.fromReset
        ? sums(node.fromReset, reset.map((r, u) => toHidden(r * state[u]!, resetRequant)), y) // prettier-ignore
        : reset.map((r, u) => (r * ph[2 * units + u]! + HALF) >> 15);
      return hidden.map((_, u) => {
        const z = apply(gate, both(0, u));
        const n = apply(candidate, px[2 * units + u]! + own[u]!);
        state[u] = (z * state[u]! + (ONE - z) * n + HALF) >> 15;
        return toHidden(state[u]);
      });
    }
    case 'rnn':
      return hidden.map((_, u) => toHidden(apply(candidate, both(0, u))));
  }
}

/** The smallest and the largest number of an LSTM's cell state, TensorFlow Lite's too. */
export function stateLimits({ stateLimit }: Pick<QRecurrent, 'stateLimit'>): readonly [number, number] {
  return stateLimit === undefined ? [-32768, 32767] : [-stateLimit, stateLimit];
}

function sums(rows: QDense, x: Int32Array, xv: QuantizedValue): Int32Array {
  return dense(rows, x, xv, { ...xv, offset: 0 });
}

/** A function of the sum of two int16 numbers, or of one. */
function apply({ shift, table }: QFunction, v: number): number {
  return interpolate(table, clampInt(v, -(32768 >> shift), 32767 >> shift) * 2 ** shift);
}
