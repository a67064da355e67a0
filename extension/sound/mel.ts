import type { MelNorm, MelScale } from './options.ts';

/** Which frequencies a mel band takes in: `weights` of the frequencies from `first` on. */
export interface MelBand {
  readonly first: number;
  readonly weights: Float64Array;
}

export interface MelBands {
  readonly count: number;
  /** In Hz. */
  readonly lowest: number;
  readonly highest: number;
  readonly scale: MelScale;
  readonly norm: MelNorm;
}

/**
 * Triangular bands that are equally wide on the mel scale, as librosa.filters.mel and torchaudio.functional.melscale_fbanks make them.
 * @param frequencies of the spectrum's bins, in Hz, rising
 */
export function melBands(
  { count, lowest, highest, scale, norm }: MelBands,
  frequencies: Float64Array,
): MelBand[] {
  const { toMel, toHz } = SCALES[scale];
  const [from, to] = [toMel(lowest), toMel(highest)];
  const corners = Float64Array.from({ length: count + 2 }, (_, i) =>
    toHz(from + ((to - from) * i) / (count + 1)),
  );
  return Array.from({ length: count }, (_, band) => {
    const [left, middle, right] = [corners[band]!, corners[band + 1]!, corners[band + 2]!];
    const first = frequencies.findIndex((f) => f > left);
    if (first < 0) return { first: 0, weights: new Float64Array() };
    const end = frequencies.findIndex((f) => f >= right);
    const height = norm === 'slaney' ? 2 / (right - left) : 1;
    const inside = frequencies.subarray(first, end < 0 ? frequencies.length : Math.max(first, end));
    return {
      first,
      weights: inside.map(
        (f) => height * Math.min((f - left) / (middle - left), (right - f) / (right - middle)),
      ),
    };
  });
}

/** Slaney's Auditory Toolbox (1998): linear up to 1000 Hz, logarithmic above. */
const LINEAR_HZ = 200 / 3;
const BREAK_HZ = 1000;
const BREAK_MEL = BREAK_HZ / LINEAR_HZ;
const LOG_STEP = Math.log(6.4) / 27;

const SCALES: Readonly<Record<MelScale, { toMel: (hz: number) => number; toHz: (mel: number) => number }>> = {
  // the HTK Book, 5.6
  htk: {
    toMel: (hz) => 2595 * Math.log10(1 + hz / 700),
    toHz: (mel) => 700 * (10 ** (mel / 2595) - 1),
  },
  slaney: {
    toMel: (hz) => (hz < BREAK_HZ ? hz / LINEAR_HZ : BREAK_MEL + Math.log(hz / BREAK_HZ) / LOG_STEP),
    toHz: (mel) => (mel < BREAK_MEL ? mel * LINEAR_HZ : BREAK_HZ * Math.exp(LOG_STEP * (mel - BREAK_MEL))),
  },
};
