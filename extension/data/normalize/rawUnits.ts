import type { Affine, RawUnits } from '../../common/affine.ts';
import { IMAGE_MODES } from '../../image/options.ts';
import { isDataFile } from '../files/table.ts';
import type { ModelInput } from '../fit.ts';
import type { DataOptions } from '../options.ts';
import type { SampleData } from '../sample.ts';
import { affinesOf, normalizersOf } from './normalizer.ts';

/**
 * How raw values become those that the model takes, in one step each: of pictures the image mode and the normalization behind it.
 * @param sample one of the model's, which tells what its inputs are fed with; undefined: numbers
 * @throws UserError as `normalizersOf` does
 */
export function rawUnitsOf(
  inputs: readonly ModelInput[],
  options: Pick<DataOptions, 'image' | 'normalize'>,
  sample: SampleData | undefined,
): RawUnits {
  const isPicture = (input: string): boolean =>
    sample !== undefined && !isDataFile(sample.parts?.[input] ?? sample.path);
  const [min, max] = IMAGE_MODES[options.image.mode];
  const pixel: Affine = { factor: (max - min) / 255, shift: min };
  return Object.fromEntries(
    [...normalizersOf(inputs, options)].map(([name, normalizer]) => {
      const of = isPicture(name) ? 'pixel' : 'number';
      const affines = affinesOf(normalizer).map((a) => (of === 'pixel' ? after(pixel, a) : a));
      return [name, { of, channels: normalizer.channels, affines }];
    }),
  );
}

/** The second behind the first. */
function after(first: Affine, second: Affine): Affine {
  return { factor: first.factor * second.factor, shift: first.shift * second.factor + second.shift };
}
