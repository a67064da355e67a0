import { idleImageChoices } from '../image/options.ts';
import { idleSoundChoices } from '../sound/options.ts';
import { isDataFile, isSoundFile } from './files/table.ts';
import type { ModelInput } from './fit.ts';
import { isIdle, normalizersOf } from './normalize/normalizer.ts';
import type { DataOptions } from './options.ts';
import { type Sample, sampleFiles } from './sample.ts';

/** Choices of how data become a model's input that were made and change none of the samples. */
export function idleDataChoices(
  options: DataOptions,
  samples: readonly Sample[],
  inputs: readonly ModelInput[],
): readonly string[] {
  const files = samples.flatMap(sampleFiles);
  const hasPictures = files.some((file) => !isDataFile(file));
  const hasSound = files.some(isSoundFile);
  const idleNormalizers = [...normalizersOf(inputs, options)].filter(([, n]) => isIdle(n));
  return [
    ...(hasPictures ? [] : idleImageChoices(options.image)),
    ...idleSoundChoices(options.sound, hasSound),
    ...idleNormalizers.map(([name]) => `normalize of ${name}`),
  ];
}
