import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { breather } from '../../../common/breather.ts';
import { UserError } from '../../../common/error.ts';
import { say } from '../../../common/errors/sentence.ts';
import { readBounded } from '../../../common/files.ts';
import { spread } from '../../../common/lists.ts';
import type { GlowImageOptions } from '../../../glow/options.ts';
import { ProfileKey } from '../../../glow/profileCache.ts';
import { isNormalizing } from '../../../data/normalize/normalizer.ts';
import { isDataFile } from '../../../data/files/table.ts';
import type { Sample } from '../../../data/sample.ts';
import { decodeImage, MAX_FILE_BYTES } from '../../../image/decode.ts';
import { toColor, toGray } from '../../../image/image.ts';
import type { ImageOptions } from '../../../image/options.ts';
import { encodePng, isPlainPng } from '../../../image/png.ts';
import { resizeImage } from '../../../image/resize.ts';
import { type ImageGeometry, imageGeometry, imageToTensor } from '../../../image/tensor.ts';
import { onlyInput } from '../../../data/onlyInput.ts';
import type { StepContext } from '../step.ts';
import type { GlowProfileRequest } from './request.ts';

/** Most images that Glow is profiled with; beyond them an even choice is taken. */
const MAX_IMAGES = 2000;

/** The samples in the working folder, as Glow reads them. */
export interface GlowImages {
  readonly names: readonly string[];
  /** The user's file behind a name. */
  readonly fileOf: ReadonlyMap<string, string>;
  readonly options: GlowImageOptions;
  /** Changes with what is in them. */
  readonly digest: string;
}

/** Puts the samples into the working folder. @throws UserError `model` (the input is no picture), `input` (an image), `usage` (normalization) */
export async function writeImages(
  folder: string,
  request: Pick<GlowProfileRequest, 'network' | 'samples' | 'image' | 'normalize'>,
  context: StepContext,
): Promise<GlowImages> {
  if (isNormalizing(request.normalize)) {
    throw new UserError(
      'usage',
      say`Glow's profiler measures with pictures as the image mode has them, and these shall be normalized.`,
      [say`Leave mean, standard deviation, minimum and maximum out.`, { do: 'useBuiltinCompiler' }],
    );
  }
  const { shape } = onlyInput(request.network.inputs);
  const geometry = pictureOf(shape, request.image);
  const options: GlowImageOptions = {
    mode: request.image.mode,
    layout: geometry.layout,
    channelOrder: geometry.channels === 3 ? request.image.channelOrder : undefined,
  };
  const key = new ProfileKey();
  const samples = spread(request.samples, MAX_IMAGES);
  const fileOf = new Map<string, string>();
  const breathe = breather(context.signal);
  await mkdir(path.join(folder, 'images'));
  for (const [i, sample] of samples.entries()) {
    if (isDataFile(sample.path)) throw noPicture(sample);
    const png = await glowImage(sample.path, shape, geometry, request.image);
    const name = `images/${String(i).padStart(5, '0')}.png`;
    await writeFile(path.join(folder, name), png);
    fileOf.set(name, sample.path);
    key.add(png);
    await breathe();
  }
  return { names: [...fileOf.keys()], fileOf, options, digest: key.digest() };
}

function noPicture({ path: file }: Sample): UserError {
  return new UserError(
    'input',
    say`Glow's profiler measures with pictures; ${path.basename(file)} is none.`,
    [{ do: 'useBuiltinCompiler' }],
  );
}

/** @throws UserError `model` when the input is no picture as Glow's profiler takes them */
function pictureOf(shape: readonly number[], options: ImageOptions): ImageGeometry {
  if (shape.length === 4) return imageGeometry(shape, options.layout);
  throw new UserError(
    'model',
    say`Glow's profiler takes models with a picture of 4 dimensions as input; this one has ${shape.join('x')}.`,
    [say`Export it with an input of 1 x height x width x channels.`, { do: 'useBuiltinCompiler' }],
  );
}

/** A sample as Glow reads it: PNG, the model's size and number of channels. A file that is so already stays as it is. */
async function glowImage(
  file: string,
  shape: readonly number[],
  geometry: ImageGeometry,
  options: ImageOptions,
): Promise<Uint8Array> {
  const bytes = await readBounded(file, MAX_FILE_BYTES, say`image`);
  const { width, height, channels } = geometry;
  const image = decodeImage(bytes, path.basename(file));
  imageToTensor(image, { ...options, shape }, path.basename(file)); // for its sentences about sizes
  if (isPlainPng(bytes, width, height, channels)) return bytes;
  return encodePng(resizeImage(channels === 1 ? toGray(image) : toColor(image), width, height));
}
