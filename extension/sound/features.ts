import { say } from '../common/errors/sentence.ts';
import { keepingLatest } from '../common/latest.ts';
import { badSound } from './failure.ts';
import { fftOperations } from './fft.ts';
import { type FrontEnd } from './frontEnd.ts';
import { type MelBand, melBands } from './mel.ts';
import { frameCount, padded, type Spectrum, spectrumOf } from './spectrum.ts';

/** Features of a waveform: a matrix of `frames` columns of `bins` numbers each. */
export interface Features {
  readonly frames: number;
  readonly bins: number;
  /** Of frame t number b at t * bins + b. */
  readonly data: Float64Array;
}

/** Most samples, most numbers of all frames on the way, and most operations: some seconds. */
const MAX_NUMBERS = 2 ** 24;
const MAX_OPERATIONS = 2 ** 28;

/** What comes out for waveforms of one length. */
export interface FeatureExtractor {
  readonly frames: number;
  readonly bins: number;
  extract(samples: Float32Array): Features;
}

/**
 * Prepares the features of waveforms of `length` samples. They are computed in float64; what a library computes in float32 differs by its
 * roundings.
 *
 * @param name of the file, for sentences
 * @throws UserError 'input' for a waveform that is too short, or too long
 */
export function featureExtractor(frontEnd: FrontEnd, length: number, name: string): FeatureExtractor {
  const { kind, nFft, mel, nMfcc, padding } = frontEnd;
  const frames = frameCount(length, frontEnd);
  if (frames === 0)
    throw badSound(name, say`has ${length} samples, fewer than a window of ${nFft}`, { do: 'cutSegments' });
  if (padding === 'reflect' && length <= Math.floor(nFft / 2)) {
    throw badSound(name, say`has ${length} samples, too few to be mirrored for a window of ${nFft}`, {
      do: 'cutSegments',
    });
  }
  const half = Math.floor(nFft / 2) + 1;
  const between = kind === 'spectrogram' ? half : mel.count;
  const cosines = kind === 'mfcc' ? mel.count * nMfcc : 0;
  const operations = (ofFft: number): number => frames * (ofFft + half + cosines);
  const all = operations(fftOperations(nFft));
  if (Math.max(length + nFft, frames * between) > MAX_NUMBERS || all > MAX_OPERATIONS) {
    // a size without large prime factors may be what is missing, and not a shorter recording
    const quick = 2 ** Math.floor(Math.log2(nFft));
    throw all > MAX_OPERATIONS && operations(fftOperations(quick)) <= MAX_OPERATIONS
      ? badSound(
          name,
          say`has ${length} samples, too many for Fourier transforms of ${nFft}, which has a large prime factor`,
          { do: 'chooseFftSize', size: quick },
        )
      : badSound(name, say`has ${length} samples, too many for these features`, { do: 'cutSegments' });
  }
  const { spectrum, bands, transform } = tablesOf(frontEnd);
  const bins = transform ? nMfcc : between;
  return {
    frames,
    bins,
    extract: (samples) => {
      const around = padded(samples, frontEnd);
      const energies = new Float64Array(frames * between);
      for (let t = 0; t < frames; t++) {
        const powers = spectrum.of(around, t * frontEnd.hopLength);
        energies.set(bands ? inBands(bands, powers) : powers, t * between);
      }
      const logs = logarithms(energies, frontEnd);
      return { frames, bins, data: transform ? coefficients(logs, frames, transform, bins) : logs };
    },
  };
}

/** What is the same for all waveforms. */
interface Tables {
  readonly spectrum: Spectrum;
  /** Undefined of a spectrogram. */
  readonly bands: readonly MelBand[] | undefined;
  /** Of an MFCC. */
  readonly transform: Float64Array | undefined;
}

/** Front ends whose tables are kept: all recordings of a model have the same one. */
const MAX_FRONT_ENDS = 4;

const tablesOf = keepingLatest(MAX_FRONT_ENDS, (frontEnd: FrontEnd) => JSON.stringify(frontEnd), makeTables);

function makeTables(frontEnd: FrontEnd): Tables {
  const { kind, nFft, mel, nMfcc } = frontEnd;
  const half = Math.floor(nFft / 2) + 1;
  return {
    spectrum: spectrumOf(frontEnd),
    bands: kind === 'spectrogram' ? undefined : melBands(mel, binFrequencies(frontEnd, half)),
    transform: kind === 'mfcc' ? dct(mel.count, nMfcc) : undefined,
  };
}

/** Frequencies of a spectrum's bins, in Hz. */
function binFrequencies({ spectrumEnd }: FrontEnd, count: number): Float64Array {
  return Float64Array.from({ length: count }, (_, i) => (spectrumEnd * i) / Math.max(1, count - 1));
}

function inBands(bands: readonly MelBand[], powers: Float64Array): Float64Array {
  return Float64Array.from(bands, ({ first, weights }) => {
    let sum = 0;
    for (let i = 0; i < weights.length; i++) sum += weights[i]! * powers[first + i]!;
    return sum;
  });
}

/** As librosa.power_to_db and amplitude_to_db, torchaudio's AmplitudeToDB, or torch.log(energies + epsilon). */
function logarithms(energies: Float64Array, frontEnd: FrontEnd): Float64Array {
  const { log, epsilon, decibels, topDb, dbReference } = frontEnd;
  if (log === 'none') return energies;
  if (log !== 'db') return energies.map((v) => (log === 'ln' ? Math.log : Math.log10)(v + epsilon));
  const most = energies.reduce((a, b) => Math.max(a, b), 0);
  const inDb = (v: number): number => decibels * Math.log10(Math.max(v, epsilon));
  const zero = inDb(dbReference === 'max' ? most : dbReference);
  const least = topDb === 'none' ? -Infinity : inDb(most) - zero - topDb;
  return energies.map((v) => Math.max(inDb(v) - zero, least));
}

/** The first rows of the orthonormal DCT-II (scipy.fft.dct(type=2, norm='ortho'), torchaudio.functional.create_dct). */
function dct(count: number, rows: number): Float64Array {
  return Float64Array.from({ length: rows * count }, (_, i) => {
    const [k, n] = [Math.floor(i / count), i % count];
    return Math.sqrt((k === 0 ? 1 : 2) / count) * Math.cos((Math.PI * k * (2 * n + 1)) / (2 * count));
  });
}

function coefficients(logs: Float64Array, frames: number, rows: Float64Array, count: number): Float64Array {
  const bands = logs.length / frames;
  const out = new Float64Array(frames * count);
  for (let t = 0; t < frames; t++) {
    for (let k = 0; k < count; k++) {
      let sum = 0;
      for (let n = 0; n < bands; n++) sum += rows[k * bands + n]! * logs[t * bands + n]!;
      out[t * count + k] = sum;
    }
  }
  return out;
}
