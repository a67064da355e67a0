import { UserError } from '../common/error.ts';
import { say } from '../common/errors/sentence.ts';
import { cellFunction, innerName } from '../model/evaluate/recurrent.ts';
import type { CandidateFunction, RecurrentNode } from '../model/graph.ts';
import type { QuantizeOptions } from './options.ts';
import type { QDense, QFunction, QRecurrent, QuantizedValue } from './quantizedGraph.ts';
import type { Ranges } from './ranges.ts';
import { findRequant, type Requant } from './requantize.ts';
import { interpolationTable } from './tables.ts';
import { quantizeWeights } from './weights.ts';

/** Most fractional bits of a gate's sums: +-8, beyond which sigmoid and tanh are flat. */
const SUM_BITS = 12;
/** Fractional bits of a function with an image within -1..1. */
const UNIT_BITS = 15;
/** Sums and states may grow to this many times what was measured: int16 has room, and their saturation would cost much. */
const HEADROOM = 2;
const FREE_BITS = 15;
/** A product of two int16 numbers, one of which is a gate's and so not -32768. */
const PRODUCT = { min: -(2 ** 30), max: 2 ** 30 };
const NUMBER = { min: -32768, max: 32767 };

/**
 * Chooses the scales inside of a recurrent layer from what was measured there. Sums, functions and states are int16 in powers of
 * two, so that they meet by shifts; only the hidden state is also kept in the output's parameters, for the next step's products.
 *
 * @param x the layer's input
 * @param y its output, whose parameters are those of the hidden state
 * @throws UserError 'model' where 32 bits do not suffice
 */
export function lowerRecurrent(
  node: RecurrentNode,
  ranges: Ranges,
  x: QuantizedValue,
  y: QuantizedValue,
  options: QuantizeOptions,
): Omit<QRecurrent, 'name' | 'inputs' | 'output'> {
  const { cell, units, backward, sequence } = node;
  const most = (inner: 'sums' | 'state'): number => {
    const { min, max } = ranges.get(innerName(node, inner))!;
    return HEADROOM * Math.max(-min, max);
  };
  const sumBits = bitsFor(most('sums'), SUM_BITS);
  const candidate = functionOf(node.candidate, sumBits);
  const stateBits = cell === 'lstm' ? bitsFor(most('state'), candidate.bits) : candidate.bits;
  const outputFunction = cell === 'lstm' ? functionOf(node.outputFunction, stateBits) : undefined;
  const isResetBefore = cell === 'gru' && !node.resetAfter;
  const gates = node.bias.length;
  const rows = new Rows(node, sumBits, options);
  return {
    kind: 'recurrent',
    cell,
    units,
    fromInput: rows.dense(node.weights, node.bias, [0, gates], x),
    fromHidden: rows.dense(
      node.recurrentWeights,
      node.recurrentBias,
      [0, isResetBefore ? 2 * units : gates],
      y,
    ),
    fromReset: isResetBefore
      ? rows.dense(node.recurrentWeights, node.recurrentBias, [2 * units, gates], y)
      : undefined,
    gate: functionOf(node.gate, sumBits),
    candidate,
    outputFunction,
    stateBits,
    stateLimit:
      node.cellClip === undefined
        ? undefined
        : Math.min(NUMBER.max, Math.round(node.cellClip * 2 ** stateBits)),
    requant: outputFunction
      ? hiddenRequant(node, UNIT_BITS + outputFunction.bits, PRODUCT, y)
      : hiddenRequant(node, stateBits, NUMBER, y),
    resetRequant: isResetBefore ? hiddenRequant(node, UNIT_BITS + stateBits, PRODUCT, y) : undefined,
    backward,
    sequence,
    lo: y.lo,
    hi: y.hi,
  };
}

/** Parameters of the states of a recurrent layer, in the order of its inputs. @param y its output */
export function recurrentStates(
  { cell, stateBits }: QRecurrent,
  { type, scale, offset, lo, hi }: QuantizedValue,
): readonly Omit<QuantizedValue, 'name' | 'shape'>[] {
  const hidden = { type, scale, offset, lo, hi };
  const inner = { type: 'int16', ...powerOfTwo(stateBits), lo: NUMBER.min, hi: NUMBER.max } as const;
  return cell === 'lstm' ? [hidden, inner] : [hidden];
}

/** The most fractional bits, `limit` at most, with which int16 holds numbers up to `most`. */
function bitsFor(most: number, limit: number): number {
  return most > 0 ? Math.min(limit, Math.floor(Math.log2(32767 / most))) : limit;
}

/** @param bits fractional bits of what the function is given */
function functionOf(fn: CandidateFunction, bits: number): QFunction {
  const isBounded = fn.type !== 'relu' && fn.type !== 'linear';
  const shift = isBounded ? Math.max(0, Math.min(15, SUM_BITS - bits)) : 0;
  const outBits = isBounded ? UNIT_BITS : bits;
  const table = interpolationTable(cellFunction(fn), powerOfTwo(bits + shift), powerOfTwo(outBits));
  return { shift, table, bits: outBits };
}

function powerOfTwo(bits: number): { scale: number; offset: number } {
  return { scale: 2 ** -bits, offset: 0 };
}

/** From units of 2^-bits to the output's parameters. */
function hiddenRequant(
  node: RecurrentNode,
  bits: number,
  range: { min: number; max: number },
  y: QuantizedValue,
): Requant {
  const found = findRequant(2 ** -bits / y.scale, y.offset, range, FREE_BITS);
  if (found) return found;
  throw new UserError(
    'model',
    say`The recurrent layer '${node.name}' cannot be quantized: its output ranges over ${y.scale * (y.hi - y.lo)} only.`,
    say`Profile with more typical samples.`,
  );
}

/** Rows of a layer's matrices as dense layers with int16 sums. */
class Rows {
  readonly #node: RecurrentNode;
  readonly #bits: number;
  readonly #options: QuantizeOptions;

  constructor(node: RecurrentNode, bits: number, options: QuantizeOptions) {
    this.#node = node;
    this.#bits = bits;
    this.#options = options;
  }

  dense(
    weights: Float32Array,
    bias: Float32Array,
    [from, to]: readonly [number, number],
    x: QuantizedValue,
  ): QDense {
    const taps = weights.length / bias.length;
    const sums: QuantizedValue = {
      name: this.#node.output,
      shape: [1, to - from],
      type: 'int16',
      ...powerOfTwo(this.#bits),
      lo: NUMBER.min,
      hi: NUMBER.max,
    };
    return {
      kind: 'dense',
      name: this.#node.name,
      inputs: this.#node.inputs,
      output: this.#node.output,
      ...quantizeWeights(
        weights.subarray(from * taps, to * taps),
        bias.subarray(from, to),
        x,
        sums,
        this.#options,
      ),
      outChannels: to - from,
      lo: sums.lo,
      hi: sums.hi,
    };
  }
}
