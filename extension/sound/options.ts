import { defaultsOf, flag, oneOf, real, type ValuesOf, whole } from '../common/choice.ts';

const FEATURES = ['none', 'spectrogram', 'logmel', 'mfcc'] as const;
export type FeatureKind = Exclude<(typeof FEATURES)[number], 'none'>;
const CONVENTIONS = ['librosa', 'torchaudio'] as const;
export type Convention = (typeof CONVENTIONS)[number];
const WINDOW_FUNCTIONS = ['hann', 'hamming'] as const;
export type WindowFunction = (typeof WINDOW_FUNCTIONS)[number];
const PADDINGS = ['reflect', 'constant', 'none'] as const;
export type Padding = (typeof PADDINGS)[number];
const MEL_SCALES = ['htk', 'slaney'] as const;
export type MelScale = (typeof MEL_SCALES)[number];
const MEL_NORMS = ['none', 'slaney'] as const;
export type MelNorm = (typeof MEL_NORMS)[number];
const LOGS = ['none', 'ln', 'log10', 'db'] as const;
export type Log = (typeof LOGS)[number];
const LAYOUTS = ['time-first', 'bins-first'] as const;

/** Longest segment, in samples. */
const MAX_SEGMENT = 2 ** 24;
/** Largest FFT, in samples; windows and hops are no longer. */
const MAX_FFT = 2 ** 16;
/** Most mel bands, and most coefficients. */
const MAX_MELS = 1024;
const MAX_HZ = 384_000;

/** What can be chosen of how a recording becomes a model's input. */
export const SOUND_CHOICES = {
  sampleRate: whole(
    { minimum: 1000, maximum: MAX_HZ },
    { description: 'Sample rate in Hz that recordings are resampled to', otherwise: 'as they are' },
  ),
  mono: flag(false, {
    description: 'Mix the channels of a recording: their mean',
    off: 'keep the channels',
  }),
  /** In samples at the rate that is resampled to. */
  segment: whole(
    { minimum: 1, maximum: MAX_SEGMENT },
    {
      description: 'Samples of each segment that recordings are cut into; shorter ones get zeros at the end',
      otherwise: 'a recording is one sample as it is',
    },
  ),
  segmentHop: whole(
    { minimum: 1, maximum: MAX_SEGMENT },
    { description: 'Samples from one segment to the next', otherwise: 'a segment' },
  ),
  features: oneOf(FEATURES, 'none', {
    description: 'What is computed of a recording',
    meanings: {
      none: 'the waveform itself',
      spectrogram: 'magnitudes or powers of its short-time Fourier transform',
      logmel: 'logarithms of the energies in mel bands',
      mfcc: 'mel-frequency cepstral coefficients',
    },
  }),
  /** Whose defaults count for what is not chosen below. */
  convention: oneOf(CONVENTIONS, 'librosa', {
    description: 'Library whose defaults count for the choices of features that are not made',
  }),
  nFft: whole(
    { minimum: 2, maximum: MAX_FFT },
    { description: 'Samples of the Fourier transform', otherwise: '2048 as librosa, 400 as torchaudio' },
  ),
  winLength: whole(
    { minimum: 1, maximum: MAX_FFT },
    {
      description: 'Samples of the window, with zeros around it up to the Fourier transform',
      otherwise: 'all',
    },
  ),
  hopLength: whole(
    { minimum: 1, maximum: MAX_FFT },
    {
      description: 'Samples from one window to the next',
      otherwise:
        '512 as librosa (of a spectrogram a quarter of the window), half of the window as torchaudio',
    },
  ),
  windowFunction: oneOf(WINDOW_FUNCTIONS, 'hann', { description: 'Window function, periodic' }),
  padding: oneOf(PADDINGS, undefined, {
    description: 'What half a window of samples is put around a recording, so that windows are centered',
    meanings: {
      reflect: 'its own samples, mirrored',
      constant: 'zeros',
      none: 'nothing: the first window begins with the recording',
    },
    otherwise: 'constant as librosa, reflect as torchaudio',
  }),
  power: whole(
    { minimum: 1, maximum: 2 },
    { description: 'Exponent of the magnitudes: 1 or 2', otherwise: '2; of a spectrogram 1 as librosa' },
  ),
  nMels: whole({ minimum: 1, maximum: MAX_MELS }, { description: 'Mel bands', otherwise: '128' }),
  fMin: real({ minimum: 0, maximum: MAX_HZ }, { description: 'Lowest frequency in Hz', otherwise: '0' }),
  fMax: real(
    { minimum: 1, maximum: MAX_HZ },
    { description: 'Highest frequency in Hz', otherwise: 'half of the sample rate' },
  ),
  melScale: oneOf(MEL_SCALES, undefined, {
    description: 'Formula of the mel scale',
    otherwise: 'slaney as librosa, htk as torchaudio',
  }),
  melNorm: oneOf(MEL_NORMS, undefined, {
    description: 'Norm of the mel bands',
    meanings: { none: 'each has its peak at 1', slaney: 'each has the same area' },
    otherwise: 'slaney as librosa, none as torchaudio',
  }),
  log: oneOf(LOGS, undefined, {
    description: 'Logarithm of the energies',
    meanings: {
      none: 'the energies themselves',
      ln: 'ln(energy + epsilon)',
      log10: 'log10(energy + epsilon)',
      db: '10 log10(max(energy, epsilon) / reference), of magnitudes 20 log10 but before an mfcc',
    },
    otherwise: 'db, of a spectrogram none',
  }),
  epsilon: real(
    { minimum: 1e-30, maximum: 1 },
    {
      description: 'Least energy of the logarithm',
      otherwise: '1e-6; with db 1e-10, of magnitudes 1e-5 as librosa',
    },
  ),
  topDb: real(
    { minimum: 0, maximum: 1000, keyword: 'none' },
    {
      description: 'Decibels below the loudest that everything is raised to, or none',
      otherwise: '80; none as torchaudio but for an mfcc',
    },
  ),
  dbReference: real(
    { minimum: 1e-30, maximum: 1e30, keyword: 'max' },
    { description: 'Energy that is 0 dB, or max: the loudest', otherwise: '1' },
  ),
  nMfcc: whole(
    { minimum: 1, maximum: MAX_MELS },
    { description: 'Coefficients of an mfcc', otherwise: '20 as librosa, 40 as torchaudio' },
  ),
  layout: oneOf(LAYOUTS, undefined, {
    description: "Order of the features in the model's input",
    otherwise: 'told from its shape',
  }),
};

/** How a recording becomes a model's input. */
export type SoundOptions = ValuesOf<typeof SOUND_CHOICES>;

export const DEFAULT_SOUND_OPTIONS: SoundOptions = defaultsOf(SOUND_CHOICES);

type SoundKey = keyof SoundOptions;
const ALL = Object.keys(SOUND_CHOICES) as SoundKey[];
/** What recordings are made of before features are computed; all others are of features. */
const OF_WAVEFORMS: readonly SoundKey[] = ['sampleRate', 'mono', 'segment', 'segmentHop', 'features'];
const OF_FEATURES = ALL.filter((key) => !OF_WAVEFORMS.includes(key));
const OF_MEL_BANDS: readonly SoundKey[] = ['nMels', 'fMin', 'fMax', 'melScale', 'melNorm'];
const OF_DECIBELS: readonly SoundKey[] = ['topDb', 'dbReference'];

/** Choices that were made and change nothing, in the order of SOUND_CHOICES. @param hasSound there are recordings */
export function idleSoundChoices(options: SoundOptions, hasSound: boolean): readonly string[] {
  const idle = new Set<SoundKey>(hasSound ? [] : ALL);
  const add = (keys: readonly SoundKey[]): void => keys.forEach((key) => idle.add(key));
  const { features } = options;
  if (features === 'none') add(OF_FEATURES);
  if (features === 'spectrogram') add(OF_MEL_BANDS);
  if (features !== 'mfcc') idle.add('nMfcc');
  const log = options.log ?? (features === 'spectrogram' ? 'none' : 'db');
  if (log === 'none') idle.add('epsilon');
  if (log !== 'db') add(OF_DECIBELS);
  return ALL.filter((key) => idle.has(key) && options[key] !== DEFAULT_SOUND_OPTIONS[key]);
}
