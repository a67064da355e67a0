import type { QuantizeOptions } from './options.ts';
import type { QuantizedValue, WeightedNode } from './quantizedGraph.ts';
import { type AccRange, chooseRequant, ratioOf, type Requant, requantFits } from './requantize.ts';
import { chooseParams, limits, type QuantParams, quantizeReal } from './schemas.ts';
import { extent } from './valueParams.ts';

/** Multipliers of 8 bits: one MOVS on Cortex-M0+. */
const MULTIPLIER_BITS = 8;
/** Multiplier bits where the scales cannot be snapped (power-of-two weights between arbitrary activations). */
const FREE_MULTIPLIER_BITS = 15;
/** A bias may take this share of the accumulator; weights so small that it would take more get a larger scale. */
const MAX_BIAS = 2 ** 22;
const ACC_LIMIT = 2 ** 31 - 2 ** 24;

export type QuantizedWeights = Pick<WeightedNode, 'weights' | 'weightParams' | 'bias' | 'requant'>;

/**
 * Quantizes the weights and bias of a convolution or dense layer, by output channel or by tensor.
 *
 * Weight scales are rounded up (by less than 1/128) until scaleIn * scaleWeight / scaleOut is an 8-bit multiplier and a
 * shift exactly: requantization then adds no error of its own, and the weights pay with less than a hundredth of their resolution.
 * Scales also grow until no input can overflow the 32-bit accumulator, which matters for int16.
 *
 * @param weights [out][rest] flattened, real
 */
export function quantizeWeights(
  weights: Float32Array,
  bias: Float32Array,
  x: QuantizedValue,
  y: QuantParams,
  options: QuantizeOptions,
): QuantizedWeights {
  const out = bias.length;
  const taps = weights.length / out;
  const groups = options.channelwise ? out : 1;
  const perGroup = out / groups;
  const roundedBias = roundBias(bias, options);
  const result = {
    weights: new Int16Array(weights.length),
    weightParams: [] as QuantParams[],
    bias: new Int32Array(out),
    requant: [] as Requant[],
  };
  for (let g = 0; g < groups; g++) {
    const first = g * perGroup;
    const w = weights.subarray(first * taps, (first + perGroup) * taps);
    const b = roundedBias.subarray(first, first + perGroup);
    const q = quantizeGroup(w, b, taps, x, y, options);
    result.weights.set(q.weights, first * taps);
    result.bias.set(q.bias, first);
    result.requant.push(q.requant);
    for (let k = 0; k < perGroup; k++) result.weightParams.push(q.params);
  }
  return result;
}

interface Group {
  readonly weights: Int16Array;
  readonly bias: Int32Array;
  readonly params: QuantParams;
  readonly requant: Requant;
}

/** Channels that share one weight scale. */
function quantizeGroup(
  w: Float32Array,
  b: Float64Array,
  taps: number,
  x: QuantizedValue,
  y: QuantParams,
  options: QuantizeOptions,
): Group {
  const [min, max] = extent(w);
  const range = limits(options.precision);
  const power2 = options.weightSchema === 'symmetric_with_power2_scale';
  const largestBias = Math.max(...b.map(Math.abs));
  let least = largestBias / (x.scale * MAX_BIAS);
  if (min === 0 && max === 0) least = Math.max(least, y.scale / (x.scale * 256)); // only a bias: 1/256 of an output step
  for (let attempt = 0; attempt < 64; attempt++) {
    const snapped = snapScale(min, max, least, x, y, options, power2);
    const quantized = applyScale(w, b, snapped, x, range);
    const acc = accRange(quantized.weights, quantized.bias, taps, x);
    const worst = Math.max(acc.max, -acc.min);
    if (worst < ACC_LIMIT) {
      const requant = chooseRequant((x.scale * snapped.scale) / y.scale, y.offset, acc, {
        bits: power2 ? FREE_MULTIPLIER_BITS : MULTIPLIER_BITS,
      });
      if (requantFits(requant, y.offset, acc)) return { ...quantized, params: snapped, requant };
    }
    least = snapped.scale * Math.max(1.05, worst / ACC_LIMIT);
  }
  throw new Error('no weight scale keeps the accumulator within 32 bits');
}

/** The schema's scale, at least `least`, rounded up to where the requantization ratio is an exact 8-bit multiplier. */
function snapScale(
  min: number,
  max: number,
  least: number,
  x: QuantizedValue,
  y: QuantParams,
  options: QuantizeOptions,
  power2: boolean,
): QuantParams {
  const natural = chooseParams(min, max, options.weightSchema, options.precision);
  const wanted = min === 0 && max === 0 ? least || natural.scale : Math.max(natural.scale, least);
  if (power2) return { scale: 2 ** Math.ceil(Math.log2(wanted) - 1e-9), offset: 0 };
  const unit = x.scale / y.scale;
  const snapped = chooseRequant(
    wanted * unit,
    0,
    { min: -1, max: 1 },
    { bits: MULTIPLIER_BITS, roundUp: true },
  );
  const scale = ratioOf(snapped) / unit;
  if (natural.offset === 0) return { scale, offset: 0 };
  const { qmin, qmax } = limits(options.precision);
  return { scale, offset: Math.min(qmax, Math.max(qmin, Math.round(qmin - Math.min(min, 0) / scale))) };
}

function applyScale(
  w: Float32Array,
  b: Float64Array,
  p: QuantParams,
  x: QuantizedValue,
  range: { qmin: number; qmax: number },
): { weights: Int16Array; bias: Int32Array } {
  return {
    weights: Int16Array.from(w, (v) => quantizeReal(v, p, range) - p.offset),
    bias: Int32Array.from(b, (v) => Math.floor(v / (x.scale * p.scale) + 0.5)),
  };
}

/** Smallest and largest accumulator over all channels and all inputs within the input's [lo, hi]. */
function accRange(w: Int16Array, b: Int32Array, taps: number, x: QuantizedValue): AccRange {
  // padding contributes 0, which may lie outside [lo, hi] of the unpadded input
  const low = Math.min(0, x.lo - x.offset);
  const high = Math.max(0, x.hi - x.offset);
  let min = Infinity;
  let max = -Infinity;
  b.forEach((bias, k) => {
    let lo = bias;
    let hi = bias;
    for (let i = k * taps; i < (k + 1) * taps; i++) {
      const v = w[i]!;
      lo += v > 0 ? v * low : v * high;
      hi += v > 0 ? v * high : v * low;
    }
    min = Math.min(min, lo);
    max = Math.max(max, hi);
  });
  return { min, max };
}

/** Bias of 8 or 16 bits is first rounded to a scale of its own, as Glow does; int32 bias stays as it is. */
function roundBias(bias: Float32Array, options: QuantizeOptions): Float64Array {
  if (options.biasPrecision === 'int32') return Float64Array.from(bias);
  const [min, max] = extent(bias);
  const p = chooseParams(min, max, options.schema, options.biasPrecision);
  const range = limits(options.biasPrecision);
  return Float64Array.from(bias, (b) => p.scale * (quantizeReal(b, p, range) - p.offset));
}
