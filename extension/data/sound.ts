import { UserError } from '../common/error.ts';
import type { Remedy } from '../common/errors/remedy.ts';
import { say, type Sentence } from '../common/errors/sentence.ts';
import { badSound } from '../sound/failure.ts';
import { featureExtractor } from '../sound/features.ts';
import { frontEndOf } from '../sound/frontEnd.ts';
import type { SoundOptions } from '../sound/options.ts';
import { mixed, readPadded, type Recording } from '../sound/recording.ts';
import { resampled } from '../sound/resample.ts';
import { count, type FittedData, type ModelInput, plain } from './fit.ts';
import { inRows } from './numbers.ts';
import { onlyInput } from './onlyInput.ts';

/**
 * A recording as samples of a model: as many as segments are cut of it, or one. Each is the waveform, or features of it, in the shape of
 * the model's only input; nothing is computed before it is read.
 *
 * @param name of the file, for sentences
 * @throws UserError 'input' for a recording that does not fit, with what it has and the model's shape, 'model' for several inputs, 'usage'
 *   for choices that contradict one another
 */
export function fittedSound(
  inputs: readonly ModelInput[],
  recording: Recording,
  options: SoundOptions,
  name: string,
): FittedData {
  const input = onlyInput(inputs, SEVERAL_INPUTS, say`a recording`);
  const { sampleRate, mono, segment, segmentHop = segment, features } = options;
  if (segment === undefined && options.segmentHop !== undefined) {
    throw new UserError(
      'usage',
      say`Recordings are cut every ${options.segmentHop} samples, but no length of a segment was given.`,
      { do: 'cutSegments', samples: count(input.shape) },
    );
  }
  const taken = mono ? mixed(recording) : recording;
  const sound = sampleRate === undefined ? taken : resampled(taken, sampleRate, name);
  if (sound.length === 0) throw badSound(name, say`holds no samples`);
  const length = segment ?? sound.length;
  // what is left behind the last whole segment is no sample: it would be silence for the most part
  const rows =
    segment === undefined ? 1 : 1 + Math.max(0, Math.floor((sound.length - segment) / segmentHop!));
  const at = (row: number): number => row * (segmentHop ?? 0);
  const elements = count(input.shape);
  const numbersOf = features === 'none' ? waveforms : featuresOf;
  const row = numbersOf(input, sound, length, options, name);
  const numbers = inRows(rows, elements, (k) => row(at(k)));
  return { rows, isSingle: rows === 1, inputs: [{ name: input.name, numbers, elements }] };
}

const SEVERAL_INPUTS = say`Give .npz or .json files with an array for each input, by its name.`;

/** The model's input for the `length` samples from one on. */
type RowAt = (from: number) => Float32Array;

/** The waveform itself, several channels one behind the other or one beside the other, as the shape has them. */
function waveforms(
  { shape }: ModelInput,
  sound: Recording,
  length: number,
  _options: SoundOptions,
  name: string,
): RowAt {
  const { channels } = sound;
  const read = (channel: number, from: number): Float32Array => readPadded(sound, channel, from, length);
  if (channels === 1 && count(shape) === length) return (from) => read(0, from);
  const isBeside = channels > 1 && plain(shape) === plain([length, channels]);
  if (isBeside || (channels > 1 && plain(shape) === plain([channels, length]))) {
    return (from) => {
      const out = new Float32Array(length * channels);
      for (let c = 0; c < channels; c++) {
        const samples = read(c, from);
        if (isBeside) samples.forEach((v, i) => (out[i * channels + c] = v));
        else out.set(samples, c * length);
      }
      return out;
    };
  }
  throw unfit(name, sound, length, shape);
}

/** @returns the error for a waveform that is not the model's input, with what makes it so */
function unfit(name: string, sound: Recording, length: number, shape: readonly number[]): Error {
  const { channels } = sound;
  const dimensions = shape.filter((d) => d !== 1).length;
  const remedies: (Sentence | Remedy)[] = [];
  if (channels > 1 && dimensions <= 1) remedies.push({ do: 'mixChannels' });
  if (dimensions > 1) remedies.push({ do: 'chooseFeatures' });
  else if (length !== count(shape)) remedies.push({ do: 'cutSegments', samples: count(shape) });
  const size = shape.join('x');
  return channels === 1
    ? badSound(
        name,
        say`has ${length} samples (at ${sound.sampleRate} Hz); the model takes ${size}`,
        ...remedies,
      )
    : badSound(
        name,
        say`has ${length} samples in each of ${channels} channels (at ${sound.sampleRate} Hz); the model takes ${size}`,
        ...remedies,
      );
}

/** Features, frame by frame or bin by bin, as the shape has them. */
function featuresOf(
  { shape }: ModelInput,
  sound: Recording,
  length: number,
  options: SoundOptions,
  name: string,
): RowAt {
  if (options.features === 'none') throw new Error('there are features to compute');
  if (sound.channels > 1) {
    throw badSound(name, say`has ${sound.channels} channels; features are those of one`, {
      do: 'mixChannels',
    });
  }
  const { frames, bins, extract } = featureExtractor(
    frontEndOf(options, options.features, sound.sampleRate),
    length,
    name,
  );
  const isTimeFirst = layoutOf(shape, frames, bins, options, name) === 'time-first';
  return (from) => {
    const { data } = extract(readPadded(sound, 0, from, length));
    if (isTimeFirst) return Float32Array.from(data);
    const out = new Float32Array(data.length);
    for (let t = 0; t < frames; t++) {
      for (let b = 0; b < bins; b++) out[b * frames + t] = data[t * bins + b]!;
    }
    return out;
  };
}

/** @throws UserError 'input' where the shape has neither order of the features, or both */
function layoutOf(
  shape: readonly number[],
  frames: number,
  bins: number,
  { layout }: SoundOptions,
  name: string,
): 'time-first' | 'bins-first' {
  const isFlat = plain(shape) === plain([frames * bins]);
  const fits = {
    'time-first': isFlat || plain(shape) === plain([frames, bins]),
    'bins-first': isFlat || plain(shape) === plain([bins, frames]),
  };
  const size = shape.join('x');
  if (layout !== undefined ? !fits[layout] : !fits['time-first'] && !fits['bins-first']) {
    throw badSound(
      name,
      layout === 'bins-first'
        ? say`becomes ${bins} bins x ${frames} frames; the model takes ${size}`
        : say`becomes ${frames} frames x ${bins} bins; the model takes ${size}`,
      { do: 'changeFrames' },
    );
  }
  if (layout !== undefined) return layout;
  // a single frame, or a single bin, is the same in both
  if (fits['time-first'] && fits['bins-first'] && frames > 1 && bins > 1) {
    throw badSound(
      name,
      say`becomes ${frames} frames x ${bins} bins, which the model's ${size} can take in either order`,
      { do: 'chooseFeatureLayout' },
    );
  }
  return fits['time-first'] ? 'time-first' : 'bins-first';
}
