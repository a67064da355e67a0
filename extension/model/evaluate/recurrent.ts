import { CELL_GATES } from '../graph.ts';
import type { CandidateFunction, RecurrentNode } from '../graph.ts';
import type { Tensor } from './tensor.ts';

/**
 * What is measured inside of a recurrent layer: a gate's two sums of products and their sum, what is remembered (an LSTM's cell
 * state), and the hidden state of every time step.
 */
export type Inner = 'sums' | 'state' | 'hidden';

/** Told the smallest and largest number of an inner value, by the name that ranges know it by. */
export type ObserveInner = (name: string, extremes: Float32Array) => void;

const INNER: readonly Inner[] = ['sums', 'state', 'hidden'];

/** The name that ranges know an inner value by. */
export function innerName(node: RecurrentNode, inner: Inner): string {
  return `${node.output} (${inner})`;
}

/** Names of all inner values of a layer. */
export function innerNames(node: RecurrentNode): string[] {
  return INNER.map((inner) => innerName(node, inner));
}

/** A gate's or candidate's function as plain arithmetic on a real number. */
export function cellFunction(fn: CandidateFunction): (v: number) => number {
  switch (fn.type) {
    case 'sigmoid':
      return (v) => 1 / (1 + Math.exp(-v));
    case 'hardSigmoid':
      return (v) => Math.max(0, Math.min(1, fn.alpha * v + fn.beta));
    case 'tanh':
      return Math.tanh;
    case 'relu':
      return (v) => Math.max(0, v);
    case 'linear':
      return (v) => v;
  }
}

/**
 * A recurrent layer.
 * @param x [1, time, features]
 * @param states what it begins with (RecurrentNode), and ends with; zeros where there are none
 */
export function recurrent(
  node: RecurrentNode,
  [x, ...states]: readonly Tensor[],
  observe?: ObserveInner,
): Float32Array {
  const [, time, features] = x!.shape as [number, number, number];
  const { units } = node;
  const cell = new Cell(node, features);
  const kept = [cell.hidden, cell.state];
  for (const [k, { data }] of states.entries()) kept[k]!.set(data);
  const out = new Float32Array(node.sequence === 'last' ? units : time * units);
  for (let t = 0; t < time; t++) {
    const from = node.backward ? time - 1 - t : t;
    cell.step(x!.data.subarray(from * features, (from + 1) * features));
    const row = node.sequence === 'last' ? 0 : node.sequence === 'inTime' ? from : t;
    out.set(cell.hidden, row * units);
  }
  for (const [k, { data }] of states.entries()) data.set(kept[k]!);
  for (const [inner, extremes] of Object.entries(cell.extremes)) {
    observe?.(innerName(node, inner as Inner), extremes);
  }
  return out;
}

class Cell {
  readonly hidden: Float64Array;
  /** An LSTM's cell state. */
  readonly state: Float64Array;
  /** Smallest and largest number of each inner value; 0 is among them, as all begins there. */
  readonly extremes: Readonly<Record<Inner, Float32Array>> = {
    sums: new Float32Array(2),
    state: new Float32Array(2),
    hidden: new Float32Array(2),
  };
  readonly #node: RecurrentNode;
  readonly #features: number;
  readonly #fromInput: Float64Array;
  readonly #fromHidden: Float64Array;

  constructor(node: RecurrentNode, features: number) {
    this.#node = node;
    this.#features = features;
    this.hidden = new Float64Array(node.units);
    this.state = new Float64Array(node.units);
    const rows = CELL_GATES[node.cell] * node.units;
    this.#fromInput = new Float64Array(rows);
    this.#fromHidden = new Float64Array(rows);
  }

  step(x: Float32Array): void {
    const { weights, bias, recurrentWeights, recurrentBias, units, cell, resetAfter } = this.#node;
    products(weights, bias, x, this.#features, 0, this.#fromInput);
    products(recurrentWeights, recurrentBias, this.hidden, units, 0, this.#fromHidden);
    if (cell === 'lstm') this.#lstm();
    else if (cell === 'rnn') this.#rnn();
    else {
      if (!resetAfter) {
        const reset = this.#gates(1);
        const kept = this.hidden.map((h, u) => h * reset[u]!);
        products(recurrentWeights, recurrentBias, kept, units, 2 * units, this.#fromHidden);
      }
      this.#gru();
    }
    this.#observe('sums', this.#fromInput);
    this.#observe('sums', this.#fromHidden);
    this.#observe('sums', this.#fromInput.map((p, i) => p + this.#fromHidden[i]!)); // prettier-ignore
    this.#observe('state', this.state);
    this.#observe('hidden', this.hidden);
  }

  #lstm(): void {
    const [i, f, o] = [this.#gates(0), this.#gates(1), this.#gates(3)];
    const g = this.#sums(2).map(cellFunction(this.#node.candidate));
    const { outputFunction, cellClip: most = Infinity } = this.#node;
    const output = cellFunction(outputFunction);
    this.state.forEach((c, u) => {
      this.state[u] = Math.max(-most, Math.min(most, f[u]! * c + i[u]! * g[u]!));
      this.hidden[u] = o[u]! * output(this.state[u]);
    });
  }

  #gru(): void {
    const { units, resetAfter } = this.#node;
    const [z, r] = [this.#gates(0), this.#gates(1)];
    const candidate = cellFunction(this.#node.candidate);
    for (let u = 0; u < units; u++) {
      const own = this.#fromHidden[2 * units + u]!;
      const n = candidate(this.#fromInput[2 * units + u]! + (resetAfter ? r[u]! * own : own));
      this.hidden[u] = (1 - z[u]!) * n + z[u]! * this.hidden[u]!;
    }
  }

  #rnn(): void {
    this.hidden.set(this.#sums(0).map(cellFunction(this.#node.candidate)));
  }

  #gates(k: number): Float64Array {
    return this.#sums(k).map(cellFunction(this.#node.gate));
  }

  /** Both sums of the k-th gate together. */
  #sums(k: number): Float64Array {
    const { units } = this.#node;
    const first = k * units;
    return this.#fromInput.slice(first, first + units).map((p, u) => p + this.#fromHidden[first + u]!);
  }

  #observe(inner: Inner, data: Float64Array): void {
    const extremes = this.extremes[inner];
    for (const v of data) {
      if (v < extremes[0]!) extremes[0] = v;
      if (v > extremes[1]!) extremes[1] = v;
    }
  }
}

/** weights · x + bias for all rows from `first` on. */
function products(
  weights: Float32Array,
  bias: Float32Array,
  x: ArrayLike<number>,
  taps: number,
  first: number,
  out: Float64Array,
): void {
  for (let m = first; m < out.length; m++) {
    let sum = bias[m]!;
    const row = m * taps;
    for (let i = 0; i < taps; i++) sum += x[i]! * weights[row + i]!;
    out[m] = sum;
  }
}
