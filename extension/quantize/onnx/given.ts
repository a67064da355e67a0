/** Layers whose file has integers and parameters of its own: nothing is chosen, all is computed as ONNX defines it. */
import { UserError } from '../../common/error.ts';
import { largest, smallest } from '../../common/lists.ts';
import { say } from '../../common/errors/sentence.ts';
import { quantizedToEven } from '../../model/functions.ts';
import type { GivenIntegers, Graph } from '../../model/graph.ts';
import type { Rounding } from '../options.ts';
import type { QMul, QPrelu, QuantizedValue } from '../quantizedGraph.ts';
import type { AccRange, Requant } from '../requantize.ts';
import { dequantize, type QuantParams } from '../schemas.ts';
import { productRange, sumRanges } from '../sums.ts';
import { requantsOf } from '../tflite/requant.ts';
import type { QuantizedWeights } from '../weights.ts';
import { wrong } from './refusals.ts';
import { floatScale } from './scaled.ts';

/** What an accumulator may be: rounding it still fits 32 bits. */
const MOST = 2 ** 30;
/** By how much the scale of a bias may differ from input scale · weight scale and still be that: float32 rounds twice. */
const SAME_SCALE = 1e-5;

/** Whether the file gives a scale and a zero point to some value of the network. */
export function hasGivenParams(graph: Graph): boolean {
  for (const { params } of graph.values.values()) if (params) return true;
  return false;
}

/**
 * The weights as the file has them.
 *
 * @param weights real: whole multiples of their scales
 * @throws UserError 'model' where weights do not fit 16 bits, or sums 32
 */
export function givenWeights(
  name: string,
  weights: Float32Array,
  realBias: Float32Array,
  given: GivenIntegers,
  [x, y]: readonly [QuantizedValue, QuantizedValue],
  rounding: Rounding,
): QuantizedWeights {
  const outputs = realBias.length;
  const taps = weights.length / outputs;
  const scaleOf = (k: number): number => given.scales[k] ?? given.scales[0]!;
  const whole = Float64Array.from(weights, (w, i) => {
    const scale = scaleOf(Math.floor(i / taps));
    return scale === 0 ? 0 : Math.round(w / scale);
  });
  const integers = Int16Array.from(whole);
  if (whole.some((q, i) => q !== integers[i])) throw tooWide(name);
  const bias = Int32Array.from(realBias, (b, k) => biasOf(b, k, x.scale * scaleOf(k), given));
  const ranges = sumRanges(integers, bias, x);
  if (ranges.some(({ min, max }) => Math.max(max, -min) >= MOST)) {
    throw wrong(say`'${name}' has sums that do not fit 32 bits.`);
  }
  const channels = ranges.map((range, k) => ({ ...range, ...floatScale(x.scale, scaleOf(k), y.scale) }));
  const weightParams = given.scales.map((scale) => ({ scale, offset: 0 }));
  return { weights: integers, bias, weightParams, requant: requantsOf(channels, y, rounding) };
}

/** A bias in units of input scale · weight scale: the file's integer where that is its scale. */
function biasOf(real: number, k: number, unit: number, { bias }: GivenIntegers): number {
  const scale = bias && (bias.scales[k] ?? bias.scales[0]!);
  if (bias && Math.abs(scale! / unit - 1) < SAME_SCALE) return bias.integers[k] ?? bias.integers[0]!;
  return unit === 0 ? 0 : Math.max(-MOST, Math.min(MOST, Math.round(real / unit)));
}

/** Requantizations of sums to averages, one for each number of elements; all of them with the same shifts. */
export function givenAverages(
  sums: readonly (AccRange & { readonly n: number })[],
  x: QuantizedValue,
  y: QuantizedValue,
  rounding: Rounding,
): Requant[] {
  const channels = sums.map(({ n, min, max }) => ({
    ...{ min, max },
    ...floatScale(x.scale, 1, Math.fround(y.scale * n)),
  }));
  return requantsOf(channels, y, rounding);
}

/** a · b: the product of q - offset of both, requantized. */
export function givenProduct(
  a: QuantizedValue,
  b: QuantizedValue,
  y: QuantizedValue,
  rounding: Rounding,
): Omit<QMul, 'name' | 'inputs' | 'output'> {
  const channel = { ...productRange(a, b), ...floatScale(a.scale, b.scale, y.scale) };
  const [requant] = requantsOf([channel], y, rounding);
  return { kind: 'mul', requant: requant!, lo: y.lo, hi: y.hi };
}

/** a, or where it is below zero a · b: both products requantized. Exact where the file has integers for the slopes. */
export function givenPrelu(
  a: QuantizedValue,
  b: QuantizedValue,
  y: QuantizedValue,
  rounding: Rounding,
): Omit<QPrelu, 'name' | 'inputs' | 'output'> {
  const least = Math.min(0, a.lo - a.offset);
  const slopes = [b.lo - b.offset, b.hi - b.offset];
  const above = { min: 0, max: Math.max(0, a.hi - a.offset), ...floatScale(a.scale, 1, y.scale) };
  const products = [0, ...slopes.map((s) => s * least)];
  const range = { min: smallest(products), max: largest(products) };
  const below = { ...range, ...floatScale(a.scale, b.scale, y.scale) };
  const [positive] = requantsOf([above], y, rounding);
  const [negative] = requantsOf([below], y, rounding);
  return { kind: 'prelu', positive: positive!, negative: negative!, lo: y.lo, hi: y.hi };
}

/** A function's output for each of the 256 inputs, in float32, rounded to the even one of two nearest. Index q + 128. */
export function givenTable(fn: (x: number) => number, x: QuantParams, y: QuantParams): Int8Array {
  return Int8Array.from({ length: 256 }, (_, i) => {
    const real = fn(Math.fround(dequantize(i - 128, x)));
    return quantizedToEven(Number.isNaN(real) ? 0 : real, y);
  });
}

/** A file may have weights of 16 and 32 bits; kernels have none for these. */
function tooWide(name: string): UserError {
  return new UserError(
    'model',
    say`'${name}' has weights that do not fit 16 bits when their zero points are taken off.`,
    say`Quantize its weights to 8 bits, or give the float32 model: GlowPort quantizes it itself.`,
  );
}
