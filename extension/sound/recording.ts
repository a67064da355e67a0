/** Sound as a file has it, or made of one: some channels of equally many samples. Decoded piece by piece, as it is read. */
export interface Recording {
  /** In Hz. */
  readonly sampleRate: number;
  readonly channels: number;
  /** Samples of each channel. */
  readonly length: number;
  /** Samples `from` to `from + count` of one channel, real values; all of them have to be there. */
  read(channel: number, from: number, count: number): Float32Array;
}

/** The mean of all channels, as librosa.to_mono has it. */
export function mixed(recording: Recording): Recording {
  const { channels } = recording;
  if (channels === 1) return recording;
  return {
    ...recording,
    channels: 1,
    read: (_, from, count) => {
      const sum = new Float64Array(count);
      for (let c = 0; c < channels; c++) recording.read(c, from, count).forEach((v, i) => (sum[i]! += v));
      return Float32Array.from(sum, (v) => v / channels);
    },
  };
}

/** Samples from `from` on, zeros behind the end of the recording. */
export function readPadded(recording: Recording, channel: number, from: number, count: number): Float32Array {
  const there = Math.max(0, Math.min(count, recording.length - from));
  const samples = recording.read(channel, from, there);
  if (there === count) return samples;
  const padded = new Float32Array(count);
  padded.set(samples);
  return padded;
}
