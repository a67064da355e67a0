import { UserError } from '../common/error.ts';
import { say } from '../common/errors/sentence.ts';
import type { QuantizeOptions } from './options.ts';
import type { QuantizedValue, WeightedNode } from './quantizedGraph.ts';
import { type AccRange, type Requant, requantFits } from './requantize.ts';
import { chooseParams, limits, type QuantParams, quantizeReal } from './schemas.ts';
import { rangeOfAll, sumRanges } from './sums.ts';
import { extent } from './valueParams.ts';

/** Multipliers of 8 bits: one MOVS on Cortex-M0+. */
const MULTIPLIER_BITS = 8;
/** Multiplier bits where the scales cannot be snapped (power-of-two weights between arbitrary activations). */
const FREE_MULTIPLIER_BITS = 15;
/** Channels whose scale is more than 2^this below the largest one's share its shift with a shorter multiplier. */
const SHIFT_SPREAD = 8;
/** A bias may take a quarter of the accumulator's range; weights so small that it would take more get a larger scale. */
const MAX_BIAS = 2 ** 29;
const ACC_LIMIT = 2 ** 31 - 2 ** 24;

export type QuantizedWeights = Pick<WeightedNode, 'weights' | 'weightParams' | 'bias' | 'requant'>;

/** Channels that share one weight scale: one channel, or all of them when quantization is per tensor. */
interface Group {
  readonly weights: Float32Array;
  readonly bias: Float64Array;
  readonly min: number;
  readonly max: number;
  /** Smallest scale allowed: keeps the bias and the accumulator within bounds. */
  least: number;
}

/**
 * Quantizes the weights and bias of a convolution or dense layer, by output channel or by tensor.
 *
 * Weight scales are rounded up (by less than 1/128) until scaleIn * scaleWeight / scaleOut is an 8-bit multiplier and a
 * shift exactly: requantization then adds no error of its own, and the weights pay with less than a hundredth of their resolution.
 * All channels of a layer share their shifts, so that one loop serves them all. Scales also grow until no input can
 * overflow the 32-bit accumulator, which matters for int16.
 *
 * @param weights [out][rest] flattened, real
 */
export function quantizeWeights(
  weights: Float32Array,
  bias: Float32Array,
  x: QuantizedValue,
  y: QuantizedValue,
  options: QuantizeOptions,
): QuantizedWeights {
  const groups = splitGroups(weights, roundBias(bias, options), x, y, options);
  for (let attempt = 0, bits = multiplierBits(options); attempt < 64; attempt++) {
    const { params, multipliers, shift } = snapScales(groups, x, y, options, bits);
    const quantized = groups.map((g, i) => applyScale(g, params[i]!, x, limits(options.precision)));
    const ranges = quantized.map((q) => rangeOfAll(sumRanges(q.weights, q.bias, x)));
    if (!growScales(groups, params, ranges)) continue;
    const requant = shareShift(multipliers, shift, ranges, y.offset);
    if (requant) return join(quantized, params, requant, bias.length);
    bits = Math.max(1, bits - 1);
  }
  throw new UserError(
    'model',
    say`The layer behind '${x.name}' cannot be quantized: its input ranges over ${x.scale * (x.hi - x.lo)}, its output '${y.name}' over ${y.scale * (y.hi - y.lo)}.`,
    [say`Profile with more typical samples.`, { do: 'keepWholeRange' }],
  );
}

function multiplierBits(options: QuantizeOptions): number {
  return isPower2(options) ? FREE_MULTIPLIER_BITS : MULTIPLIER_BITS;
}

function isPower2(options: QuantizeOptions): boolean {
  return options.weightSchema === 'symmetric_with_power2_scale';
}

function splitGroups(
  weights: Float32Array,
  bias: Float64Array,
  x: QuantizedValue,
  y: QuantizedValue,
  options: QuantizeOptions,
): Group[] {
  const count = options.channelwise ? bias.length : 1;
  return Array.from({ length: count }, (_, g) => {
    const w = weights.subarray((g * weights.length) / count, ((g + 1) * weights.length) / count);
    const b = bias.subarray((g * bias.length) / count, ((g + 1) * bias.length) / count);
    const [min, max] = extent(w);
    let least = b.reduce((m, v) => Math.max(m, Math.abs(v)), 0) / (x.scale * MAX_BIAS);
    if (min === 0 && max === 0) least = Math.max(least, y.scale / (x.scale * 256)); // only a bias: 1/256 of an output step
    return { weights: w, bias: b, min, max, least };
  });
}

/** Weight scales on a common grid: unit * scale = multiplier * 2^-shift, with unit = scaleIn / scaleOut. */
function snapScales(
  groups: readonly Group[],
  x: QuantizedValue,
  y: QuantizedValue,
  options: QuantizeOptions,
  bits: number,
): { params: QuantParams[]; multipliers: number[]; shift: number } {
  const unit = x.scale / y.scale;
  const power2 = isPower2(options);
  const wanted = groups.map((g) => {
    const natural = chooseParams(g.min, g.max, options.weightSchema, options.precision);
    const scale = g.min === 0 && g.max === 0 ? g.least || natural.scale : Math.max(natural.scale, g.least);
    return { scale: power2 ? 2 ** Math.ceil(Math.log2(scale) - 1e-9) : scale, offset: natural.offset };
  });
  const shifts = wanted.map((p) => bits - 1 - Math.floor(Math.log2(p.scale * unit)));
  const [least, most] = extent(shifts);
  let shift = Math.max(1, Math.min(most, least + SHIFT_SPREAD));
  const round = power2 ? Math.round : Math.ceil;
  let multipliers = wanted.map((p, i) => {
    // rounded at the channel's own shift, so that it has no more bits than `bits` however far the common shift is
    const own = Math.min(shift, shifts[i]!);
    return Math.max(1, round(p.scale * unit * 2 ** own * (1 - 1e-12))) * 2 ** (shift - own);
  });
  while (shift > 1 && multipliers.every((m) => m % 2 === 0)) {
    multipliers = multipliers.map((m) => m / 2);
    shift--;
  }
  const { qmin, qmax } = limits(options.precision);
  const params = wanted.map((p, i) => {
    const scale = power2 ? p.scale : (multipliers[i]! * 2 ** -shift) / unit;
    if (p.offset === 0) return { scale, offset: 0 };
    const zero = Math.round(qmin - Math.min(groups[i]!.min, 0) / scale);
    return { scale, offset: Math.min(qmax, Math.max(qmin, zero)) };
  });
  return { params, multipliers, shift };
}

/** True when no accumulator can overflow; else raises the smallest scale of the groups that could. */
function growScales(
  groups: readonly Group[],
  params: readonly QuantParams[],
  ranges: readonly AccRange[],
): boolean {
  let fits = true;
  groups.forEach((g, i) => {
    const worst = Math.max(ranges[i]!.max, -ranges[i]!.min);
    if (worst < ACC_LIMIT) return;
    g.least = params[i]!.scale * Math.max(1.05, worst / ACC_LIMIT);
    fits = false;
  });
  return fits;
}

/** One requantization per group, all with the same shifts; undefined when none keeps within 32 bits. */
function shareShift(
  multipliers: readonly number[],
  shift: number,
  ranges: readonly AccRange[],
  offset: number,
): Requant[] | undefined {
  for (let pre = 0; pre < shift; pre++) {
    const all = multipliers.map((multiplier) => ({ pre, multiplier, post: shift - pre }));
    if (all.every((r, i) => requantFits(r, offset, ranges[i]!))) return all;
  }
  return undefined;
}

function applyScale(
  g: Group,
  p: QuantParams,
  x: QuantizedValue,
  range: { qmin: number; qmax: number },
): { weights: Int16Array; bias: Int32Array } {
  return {
    weights: Int16Array.from(g.weights, (v) => quantizeReal(v, p, range) - p.offset),
    bias: Int32Array.from(g.bias, (v) => Math.floor(v / (x.scale * p.scale) + 0.5)),
  };
}

function join(
  groups: readonly { weights: Int16Array; bias: Int32Array }[],
  params: readonly QuantParams[],
  requant: readonly Requant[],
  channels: number,
): QuantizedWeights {
  const taps = groups.reduce((n, g) => n + g.weights.length, 0) / channels;
  const weights = new Int16Array(taps * channels);
  const bias = new Int32Array(channels);
  let at = 0;
  for (const g of groups) {
    weights.set(g.weights, at * taps);
    bias.set(g.bias, at);
    at += g.bias.length;
  }
  const weightParams = Array.from({ length: channels }, (_, k) => params[k] ?? params[0]!);
  return { weights, bias, requant, weightParams };
}

/** Bias of 8 or 16 bits is first rounded to a scale of its own, as Glow does; int32 bias stays as it is. */
function roundBias(bias: Float32Array, options: QuantizeOptions): Float64Array {
  if (options.biasPrecision === 'int32') return Float64Array.from(bias);
  const [min, max] = extent(bias);
  const p = chooseParams(min, max, options.schema, options.biasPrecision);
  const range = limits(options.biasPrecision);
  return Float64Array.from(bias, (b) => p.scale * (quantizeReal(b, p, range) - p.offset));
}
