import { UserError } from '../common/error.ts';
import { say } from '../common/errors/sentence.ts';
import type {
  Convention,
  FeatureKind,
  Log,
  MelNorm,
  MelScale,
  Padding,
  SoundOptions,
  WindowFunction,
} from './options.ts';

/** How features are computed of a waveform, every choice made. */
export interface FrontEnd {
  readonly kind: FeatureKind;
  /** Of the waveform, in Hz. */
  readonly sampleRate: number;
  readonly nFft: number;
  readonly winLength: number;
  readonly hopLength: number;
  readonly windowFunction: WindowFunction;
  readonly padding: Padding;
  readonly power: 1 | 2;
  /** Highest frequency of the spectrum as mel bands take it, in Hz. */
  readonly spectrumEnd: number;
  readonly mel: {
    readonly count: number;
    readonly lowest: number;
    readonly highest: number;
    readonly scale: MelScale;
    readonly norm: MelNorm;
  };
  readonly log: Log;
  readonly epsilon: number;
  /** Decibels of a factor of ten in what the logarithm is taken of. */
  readonly decibels: 10 | 20;
  readonly topDb: number | 'none';
  readonly dbReference: number | 'max';
  readonly nMfcc: number;
}

/**
 * The front end that was chosen, with the convention's defaults: those of librosa 0.11 (librosa.stft, feature.melspectrogram,
 * amplitude_to_db, power_to_db, feature.mfcc) or of torchaudio's transforms (Spectrogram, MelSpectrogram, AmplitudeToDB, MFCC).
 *
 * @throws UserError 'usage' for choices that contradict one another
 */
export function frontEndOf(options: SoundOptions, kind: FeatureKind, sampleRate: number): FrontEnd {
  const isLibrosa = options.convention === 'librosa';
  const nFft = options.nFft ?? (isLibrosa ? 2048 : 400);
  const winLength = options.winLength ?? nFft;
  if (winLength > nFft) {
    throw new UserError(
      'usage',
      say`A window of ${winLength} samples does not go into a Fourier transform of ${nFft}.`,
      say`Give a larger FFT size, or a shorter window.`,
    );
  }
  const power = (options.power ?? (kind === 'spectrogram' && isLibrosa ? 1 : 2)) === 1 ? 1 : 2;
  const log = options.log ?? (kind === 'spectrogram' ? 'none' : 'db');
  // both libraries take what goes into an mfcc for powers, whatever it is
  const decibels = power === 1 && kind !== 'mfcc' ? 20 : 10;
  const mel = melOf(options, sampleRate);
  const nMfcc = options.nMfcc ?? (isLibrosa ? 20 : 40);
  if (kind === 'mfcc' && nMfcc > mel.count) {
    throw new UserError(
      'usage',
      say`${nMfcc} coefficients of an MFCC cannot be computed from ${mel.count} mel bands.`,
      say`Give more mel bands, or fewer coefficients.`,
    );
  }
  return {
    kind,
    sampleRate,
    nFft,
    winLength,
    hopLength: options.hopLength ?? hopOf(options.convention, kind, winLength),
    windowFunction: options.windowFunction,
    padding: options.padding ?? (isLibrosa ? 'constant' : 'reflect'),
    power,
    spectrumEnd: isLibrosa ? (sampleRate * Math.floor(nFft / 2)) / nFft : Math.floor(sampleRate / 2),
    mel,
    log,
    epsilon: options.epsilon ?? (log !== 'db' ? 1e-6 : isLibrosa && decibels === 20 ? 1e-5 : 1e-10),
    decibels,
    topDb: options.topDb ?? (isLibrosa || kind === 'mfcc' ? 80 : 'none'),
    dbReference: options.dbReference ?? 1,
    nMfcc,
  };
}

function hopOf(convention: Convention, kind: FeatureKind, winLength: number): number {
  const hop = { torchaudio: winLength / 2, librosa: kind === 'spectrogram' ? winLength / 4 : 512 };
  return Math.max(1, Math.floor(hop[convention]));
}

function melOf(options: SoundOptions, sampleRate: number): FrontEnd['mel'] {
  const isLibrosa = options.convention === 'librosa';
  const lowest = options.fMin ?? 0;
  const highest = options.fMax ?? (isLibrosa ? sampleRate / 2 : Math.floor(sampleRate / 2));
  if (lowest >= highest) {
    throw new UserError(
      'usage',
      say`Mel bands cannot go from ${lowest} to ${highest} Hz.`,
      say`Give a lowest frequency that is below the highest.`,
    );
  }
  return {
    count: options.nMels ?? 128,
    lowest,
    highest,
    scale: options.melScale ?? (isLibrosa ? 'slaney' : 'htk'),
    norm: options.melNorm ?? (isLibrosa ? 'slaney' : 'none'),
  };
}
