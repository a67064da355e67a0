import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { UserError } from '../../extension/common/error.ts';
import { productRoot } from '../../extension/common/resources.ts';
import { featureExtractor } from '../../extension/sound/features.ts';
import { frontEndOf } from '../../extension/sound/frontEnd.ts';
import { fft } from '../../extension/sound/fft.ts';
import { DEFAULT_SOUND_OPTIONS, type SoundOptions } from '../../extension/sound/options.ts';
import { mixed, type Recording } from '../../extension/sound/recording.ts';
import { resampled } from '../../extension/sound/resample.ts';
import { Random } from '../support/random.ts';
import { signal } from './signal.ts';

/** What librosa and torchaudio computed; see goldens.py. */
interface Golden {
  readonly by: 'librosa' | 'torchaudio' | 'resample';
  readonly rate: number;
  readonly length: number;
  /** What the signal is multiplied with. */
  readonly gain: number;
  readonly options: Partial<SoundOptions>;
  readonly bins: number;
  readonly frames: number;
  readonly min: number;
  readonly max: number;
  /** Places among the numbers of all bins, frame by frame in each. */
  readonly at: readonly number[];
  readonly values: readonly number[];
}

const goldens = JSON.parse(
  readFileSync(path.join(productRoot, 'test/sound/goldens.json'), 'utf8'),
) as readonly Golden[];

const recordingOf = (sampleRate: number, ...channels: Float32Array[]): Recording => ({
  sampleRate,
  channels: channels.length,
  length: channels[0]!.length,
  read: (c, from, count) => channels[c]!.slice(from, from + count),
});
/** Features bin by bin. */
const featuresOf = (options: SoundOptions, rate: number, samples: Float32Array) => {
  assert.ok(options.features !== 'none');
  const { frames, bins, extract } = featureExtractor(
    frontEndOf(options, options.features, rate),
    samples.length,
    'a.wav',
  );
  const { data } = extract(samples);
  return { frames, bins, at: (i: number) => data[(i % frames) * bins + Math.floor(i / frames)]! };
};
const near = (golden: Golden, at: (i: number) => number): void => {
  golden.at.forEach((place, i) => {
    const error = Math.abs(at(place) - golden.values[i]!) / (golden.max - golden.min);
    assert.ok(error < 3e-5, `${place}: ${at(place)}, not ${golden.values[i]}`);
  });
};

describe('sound: features', () => {
  for (const golden of goldens.filter((g) => g.by !== 'resample')) {
    const { by, rate, length, gain, options } = golden;
    it(`are ${by}'s: ${rate} Hz, ${gain === 1 ? '' : 'quiet, '}${JSON.stringify(options)}`, () => {
      const samples = signal(length).map((v) => v * gain);
      const features = featuresOf({ ...DEFAULT_SOUND_OPTIONS, ...options }, rate, samples);
      assert.deepEqual([features.bins, features.frames], [golden.bins, golden.frames]);
      near(golden, features.at);
    });
  }

  it('come from the discrete Fourier transform, of every size', () => {
    const random = new Random(3);
    for (const size of [1, 2, 3, 4, 7, 16, 30, 49, 97, 120, 400, 441, 512]) {
      const [re, im] = [0, 1].map(() => Float64Array.from({ length: size }, () => random.real(-1, 1)));
      const sum = (k: number): [number, number] => {
        const total: [number, number] = [0, 0];
        for (let i = 0; i < size; i++) {
          const turn = (-2 * Math.PI * ((i * k) % size)) / size;
          total[0] += re![i]! * Math.cos(turn) - im![i]! * Math.sin(turn);
          total[1] += re![i]! * Math.sin(turn) + im![i]! * Math.cos(turn);
        }
        return total;
      };
      const expected = Array.from({ length: size }, (_, k) => sum(k));
      fft(size).transform(re!, im!);
      expected.forEach(([a, b], k) =>
        assert.ok(Math.hypot(re![k]! - a, im![k]! - b) < 1e-11, `${size} ${k}`),
      );
    }
  });

  it('are refused in a sentence where they cannot be', () => {
    const refused = (options: Partial<SoundOptions>, length: number, pattern: RegExp, code = 'input'): void =>
      assert.throws(
        () => featuresOf({ ...DEFAULT_SOUND_OPTIONS, ...options }, 16000, new Float32Array(length)),
        (e) => e instanceof UserError && e.code === code && pattern.test(e.message),
        String(pattern),
      );
    const features = 'mfcc';
    refused({ features, padding: 'none' }, 2047, /^a\.wav has 2047 samples, fewer than a window of 2048\.$/);
    refused({ features, padding: 'reflect' }, 1024, /^a\.wav has 1024 samples, too few to be mirrored/);
    refused(
      { features, hopLength: 1 },
      200_000,
      /^a\.wav has 200000 samples, too many for these features\.$/,
    );
    refused({ features, winLength: 2049 }, 9999, /A window of 2049 samples does not go into/, 'usage');
    refused({ features, nMels: 10 }, 9999, /20 coefficients of an MFCC cannot .* from 10 mel bands/, 'usage');
    refused({ features, fMin: 8000 }, 9999, /Mel bands cannot go from 8000 to 8000 Hz/, 'usage');
  });
});

describe('sound: another sample rate', () => {
  for (const golden of goldens.filter((g) => g.by === 'resample')) {
    const { rate, length, options, frames } = golden;
    it(`is torchaudio's kaiser_best: ${rate} to ${options.sampleRate} Hz`, () => {
      const sound = resampled(recordingOf(rate, signal(length)), options.sampleRate!, 'a.wav');
      assert.deepEqual([sound.length, sound.sampleRate], [frames, options.sampleRate]);
      const whole = sound.read(0, 0, frames);
      near(golden, (i) => whole[i]!);
      // whichever piece is read
      assert.deepEqual(sound.read(0, 700, 5), whole.slice(700, 705));
    });
  }

  it('keeps a tone, and takes away what the lower rate cannot have', () => {
    const tone = (hz: number, rate: number, length: number): Float32Array =>
      Float32Array.from({ length }, (_, n) => Math.sin((2 * Math.PI * hz * n) / rate));
    const sound = (hz: number) => resampled(recordingOf(44100, tone(hz, 44100, 8000)), 16000, 'a.wav');
    const [low, high] = [sound(3000), sound(12000)];
    const expected = tone(3000, 16000, low.length);
    const middle = low.read(0, 500, 1000);
    middle.forEach((v, i) => assert.ok(Math.abs(v - expected[500 + i]!) < 1e-4));
    assert.ok(high.read(0, 500, 1000).every((v) => Math.abs(v) < 1e-4));
  });

  it('takes rates without a common divisor, and refuses what would take forever', () => {
    const sound = resampled(recordingOf(44101, new Float32Array(2000).fill(1)), 16001, 'a.wav');
    assert.ok(Math.abs(sound.read(0, 300, 1)[0]! - 1) < 1e-4);
    const long = {
      sampleRate: 44101,
      channels: 1,
      length: 2 ** 28,
      read: () => assert.fail('nothing is read'),
    };
    assert.throws(
      () => resampled(long, 16001, 'a.wav').read(0, 0, 2 ** 26),
      /a\.wav is too long to be resampled from 44101 to 16001 Hz/,
    );
  });

  it('counts the samples of all channels, and of a waveform with few frames', () => {
    const channels = { sampleRate: 44100, channels: 64, length: 2 ** 22, read: () => new Float32Array() };
    assert.throws(
      () => resampled(channels, 16000, 'a.wav').read(0, 0, 2 ** 20),
      /a\.wav is too long to be resampled/,
    );
    const sound = { ...DEFAULT_SOUND_OPTIONS, nFft: 2, hopLength: 65536, nMels: 1 };
    assert.throws(
      () => featureExtractor(frontEndOf(sound, 'logmel', 16000), 2 ** 24, 'a.wav'),
      /a\.wav has 16777216 samples, too many for these features/,
    );
  });

  it('of several channels, or their mean', () => {
    const both = recordingOf(8000, Float32Array.of(1, 0, 0.5), Float32Array.of(0, 1, 0.25));
    assert.deepEqual(mixed(both).read(0, 1, 2), Float32Array.of(0.5, 0.375));
    assert.equal(mixed(both).channels, 1);
  });
});
