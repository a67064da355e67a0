import { pictureOf } from '../../image/picture.ts';
import { IMAGE_MODES, type ImageOptions } from '../../image/options.ts';
import type { ModelInput } from '../../data/fit.ts';
import type { Inputs } from '../../data/reader.ts';
import { MOST_VALUES, type Pixels, type SampleInput } from '../../../webview/shared/sampleInput.ts';

/** Most values of an input that is shown as a picture. */
const MOST_PIXELS = 1 << 18;

/**
 * A sample as a page shows it: pictures as pictures, and numbers that lie as a picture's do (rank 4, one or three channels) between
 * their least and their largest value; of others the first values.
 * @param isPicture the sample was read from a picture's file
 */
export function shownInputs(
  inputs: readonly ModelInput[],
  sample: Inputs,
  isPicture: boolean,
  image: ImageOptions,
): SampleInput[] {
  return inputs.map(({ name, shape }) => {
    const values = sample.get(name)!;
    const picture = values.length <= MOST_PIXELS ? pixelsOf(values, shape, isPicture, image) : undefined;
    return { name, shape, picture, values: picture ? [] : [...values.subarray(0, MOST_VALUES)] };
  });
}

function pixelsOf(
  values: Float32Array,
  shape: readonly number[],
  isPicture: boolean,
  image: ImageOptions,
): Pixels | undefined {
  if (!isPicture && (shape.length !== 4 || Math.min(shape[1]!, shape[2]!) < 2)) return undefined;
  const picture = pictureOf(values, {
    ...image,
    shape,
    range: isPicture ? IMAGE_MODES[image.mode] : spanOf(values),
  });
  return picture && { ...picture, data: [...picture.data] };
}

function spanOf(values: Float32Array): readonly [number, number] {
  return [
    values.reduce((a, b) => Math.min(a, b), Infinity),
    values.reduce((a, b) => Math.max(a, b), -Infinity),
  ];
}
