import { say } from '../common/errors/sentence.ts';
import { keepingLatest } from '../common/latest.ts';
import { badSound } from './failure.ts';
import type { Recording } from './recording.ts';

/*
 * Windowed sinc: y[n] = sum over k of x[k] h(k / from - n / to), h a low pass at ROLLOFF of the lower rate's half, cut off by a Kaiser
 * window. With these constants it is torchaudio.functional.resample(…, 'sinc_interp_kaiser', lowpass_filter_width=64,
 * rolloff=0.9475937167399596, beta=14.769656459379492), which torchaudio's documents give as librosa's and resampy's `kaiser_best`.
 */
/** Zero crossings of the sinc on each side. */
const ZEROS = 64;
const ROLLOFF = 0.9475937167399596;
const BETA = 14.769656459379492;
/** Weights that are kept: those of all phases between two samples, where there are no more. */
const MAX_KEPT = 2 ** 21;
/** Most products of samples with weights for one piece of all channels, and most where each weight has to be computed: some seconds. */
const MAX_PRODUCTS = 2 ** 30;
const MAX_COMPUTED = 2 ** 26;

/** A recording at another sample rate, of ceil(length * rate / its rate) samples. @param name of the file, for sentences */
export function resampled(recording: Recording, rate: number, name: string): Recording {
  if (rate === recording.sampleRate) return recording;
  const common = greatestDivisor(rate, recording.sampleRate);
  const ratio = { from: recording.sampleRate / common, to: rate / common };
  const { from, to, reach, isKept, weightsAt } = lowPassOf(ratio);
  const taps = 2 * reach + 1;
  return {
    sampleRate: rate,
    channels: recording.channels,
    length: Math.ceil((recording.length * to) / from),
    read: (channel, first, count) => {
      if (count === 0) return new Float32Array();
      if (count * taps * recording.channels > (isKept ? MAX_PRODUCTS : MAX_COMPUTED)) {
        throw badSound(name, say`is too long to be resampled from ${recording.sampleRate} to ${rate} Hz`, {
          do: 'cutSegments',
        });
      }
      const begin = Math.floor((first * from) / to) - reach;
      const end = Math.floor(((first + count - 1) * from) / to) + reach + 1;
      const there = [Math.max(0, begin), Math.min(recording.length, end)] as const;
      const samples = new Float32Array(end - begin);
      samples.set(recording.read(channel, there[0], there[1] - there[0]), there[0] - begin);
      return Float32Array.from({ length: count }, (_, i) => {
        const place = (first + i) * from;
        const weights = weightsAt(place % to);
        const at = Math.floor(place / to) - reach - begin;
        let sum = 0;
        for (let k = 0; k < taps; k++) sum += samples[at + k]! * weights[k]!;
        return sum;
      });
    },
  };
}

/** Samples in and samples out, without a common factor. */
interface Ratio {
  readonly from: number;
  readonly to: number;
}

/** h for one ratio of sample rates. */
interface LowPass extends Ratio {
  /** Samples on each side of one that its weights go to. */
  readonly reach: number;
  /** Weights are computed once for each phase. */
  readonly isKept: boolean;
  /** Weights of the samples from `reach` before the one at or before output n, to `reach` behind it. @param phase n * from, modulo to */
  weightsAt(phase: number): Float64Array;
}

/** Ratios whose weights are kept: those of a folder with recordings of a few rates. */
const MAX_RATIOS = 4;

const lowPassOf = keepingLatest(MAX_RATIOS, ({ from, to }: Ratio) => `${from} ${to}`, makeLowPass);

function makeLowPass({ from, to }: Ratio): LowPass {
  const cutoff = Math.min(from, to) * ROLLOFF;
  const reach = Math.ceil((ZEROS * from) / cutoff);
  const taps = 2 * reach + 1;
  const isKept = to * taps <= MAX_KEPT;
  const kept = new Map<number, Float64Array>();
  const weightsAt = (phase: number): Float64Array => {
    const known = kept.get(phase);
    if (known) return known;
    const weights = Float64Array.from({ length: taps }, (_, k) =>
      weight((cutoff * ((k - reach) * to - phase)) / (from * to), cutoff / from),
    );
    if (isKept) kept.set(phase, weights);
    return weights;
  };
  return { from, to, reach, isKept, weightsAt };
}

/** h at t zero crossings from the middle. */
function weight(t: number, scale: number): number {
  if (Math.abs(t) >= ZEROS) return 0;
  const sinc = t === 0 ? 1 : Math.sin(Math.PI * t) / (Math.PI * t);
  return (scale * sinc * besselI0(BETA * Math.sqrt(1 - (t / ZEROS) ** 2))) / I0_BETA;
}

/** The modified Bessel function of the first kind and order 0 (Abramowitz and Stegun, 9.6.12), for arguments up to some 20. */
function besselI0(x: number): number {
  let [term, sum] = [1, 1];
  for (let k = 1; term > sum * 1e-17; k++) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
}

const I0_BETA = besselI0(BETA);

function greatestDivisor(a: number, b: number): number {
  while (b !== 0) [a, b] = [b, a % b];
  return a;
}
