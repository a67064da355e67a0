import path from 'node:path';
import { UserError } from '../../common/error.ts';
import { say } from '../../common/errors/sentence.ts';
import { findSamples, readImage, type Sample } from '../../image/samples.ts';
import type { ImageOptions } from '../../image/options.ts';
import { imageToTensor } from '../../image/tensor.ts';
import type { Graph } from '../../model/graph.ts';
import { onlyInput } from './classifier.ts';

/** The model's inputs, float32 in their declared shapes, by placeholder name. */
export type Inputs = ReadonlyMap<string, Float32Array>;

/** Finds the sample images. @throws UserError `usage` when there is none, `input` when a path does not exist */
export async function requireSamples(paths: readonly string[], signal?: AbortSignal): Promise<Sample[]> {
  const samples = await findSamples(paths, { signal });
  if (samples.length > 0) return samples;
  throw new UserError(
    'usage',
    paths.length > 0
      ? say`There are no sample images in ${paths}, so the ranges of the activations cannot be measured.`
      : say`No sample images were given, so the ranges of the activations cannot be measured.`,
    { do: 'giveSamples' },
  );
}

/** Reads an image file as the model's input. @throws UserError `input` (file, size), `model` (not a picture) */
export async function loadImage(graph: Graph, file: string, options: ImageOptions): Promise<Inputs> {
  const input = onlyInput(graph);
  const image = await readImage(file);
  const tensor = imageToTensor(image, { ...options, shape: input.shape }, path.basename(file));
  return new Map([[input.name, tensor]]);
}
