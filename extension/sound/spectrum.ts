import { fft } from './fft.ts';
import type { FrontEnd } from './frontEnd.ts';
import type { WindowFunction } from './options.ts';

/** Magnitudes or powers of one frame. */
export interface Spectrum {
  /** nFft / 2 + 1 of them, of the nFft samples from `from` on; the next call writes over them. */
  of(samples: Float64Array, from: number): Float64Array;
}

/** Periodic windows: cosines over a whole number of samples. */
const WINDOWS: Readonly<Record<WindowFunction, (turn: number) => number>> = {
  hann: (turn) => 0.5 - 0.5 * Math.cos(turn),
  hamming: (turn) => 0.54 - 0.46 * Math.cos(turn),
};

/** The spectrum of a frame in its window, which stands in the middle of the frame, as librosa.stft and torch.stft place it. */
export function spectrumOf({ nFft, winLength, windowFunction, power }: FrontEnd): Spectrum {
  const { transform } = fft(nFft);
  const re = new Float64Array(nFft);
  const im = new Float64Array(nFft);
  const out = new Float64Array(Math.floor(nFft / 2) + 1);
  const left = Math.floor((nFft - winLength) / 2);
  const window = Float64Array.from({ length: winLength }, (_, i) =>
    WINDOWS[windowFunction]((2 * Math.PI * i) / winLength),
  );
  return {
    of: (samples, from) => {
      re.fill(0);
      im.fill(0);
      for (let i = 0; i < winLength; i++) re[left + i] = window[i]! * samples[from + left + i]!;
      transform(re, im);
      for (let k = 0; k < out.length; k++) {
        const squared = re[k]! * re[k]! + im[k]! * im[k]!;
        out[k] = power === 2 ? squared : Math.sqrt(squared);
      }
      return out;
    },
  };
}

/** Frames of a waveform, as librosa and torchaudio count them; 0 for one that is shorter than a frame. @param length in samples */
export function frameCount(length: number, { nFft, hopLength, padding }: FrontEnd): number {
  const padded = length + (padding === 'none' ? 0 : 2 * Math.floor(nFft / 2));
  return padded < nFft ? 0 : 1 + Math.floor((padded - nFft) / hopLength);
}

/** A waveform with what is put around it; as much as its own samples suffice for, where they are mirrored. */
export function padded(samples: Float32Array, { nFft, padding }: FrontEnd): Float64Array {
  if (padding === 'none') return Float64Array.from(samples);
  const border = Math.floor(nFft / 2);
  const out = new Float64Array(samples.length + 2 * border);
  out.set(samples, border);
  if (padding === 'constant') return out;
  for (let i = 1; i <= border; i++) {
    out[border - i] = samples[i]!;
    out[border + samples.length - 1 + i] = samples[samples.length - 1 - i]!;
  }
  return out;
}
