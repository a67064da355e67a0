import path from 'node:path';
import type { Bundle, Placeholder } from '../../bundle/bundle.ts';
import { UserError } from '../../common/error.ts';
import { say } from '../../common/errors/sentence.ts';
import type { Image } from '../../image/image.ts';
import { tensorToInc } from '../../image/inc.ts';
import { quantizeTensor, quantizeValues } from '../../image/quantizeTensor.ts';
import { readImage } from '../../image/samples.ts';
import type { ImageOptions } from '../../image/options.ts';
import { imageToTensor } from '../../image/tensor.ts';
import { step, type StepContext } from './step.ts';

/** A picture as a network's input. */
export interface ImageInput {
  readonly placeholder: Placeholder;
  /** Real values in the placeholder's shape. */
  readonly real: Float32Array;
  /** What the quantized network computes with: q, or the real values for a float placeholder. */
  readonly values: Int32Array | Float32Array;
  /** The same as they lie in the board's memory. */
  readonly bytes: Uint8Array;
}

/** An image file as a network's input. */
export interface ConvertedImage extends ImageInput {
  /** Text of test_image.inc. */
  readonly inc: string;
}

/** The only input of a bundle. @throws UserError `model` when it has several */
export function inputPlaceholder(bundle: Bundle): Placeholder {
  const inputs = bundle.placeholders.filter((p) => p.direction === 'input');
  const [input] = inputs;
  if (!input || inputs.length > 1) {
    throw new UserError(
      'model',
      say`The bundle has ${inputs.length} inputs; an image can only feed a bundle with one.`,
      say`Export the part of the model that takes one picture.`,
    );
  }
  return input;
}

/**
 * Converts a picture to a placeholder's format.
 *
 * @param name used in error sentences only
 * @throws UserError `input` (size), `model` (not a picture)
 */
export function imageInput(
  image: Image,
  placeholder: Placeholder,
  options: ImageOptions,
  name?: string,
): ImageInput {
  const { shape, type, scale, offset } = placeholder;
  const real = imageToTensor(image, { ...options, shape }, name);
  const bytes = quantizeTensor(real, { type, scale, offset });
  const values = type === 'float32' ? real : quantizeValues(real, { type, scale, offset });
  return { placeholder, real, values, bytes };
}

/** Converts an image file to a placeholder's format. @throws UserError `input` (file, size), `model` (not a picture) */
export async function convertImage(
  file: string,
  placeholder: Placeholder,
  options: ImageOptions,
  context: StepContext = {},
): Promise<ConvertedImage> {
  const fileName = path.basename(file);
  return step(
    context,
    'image',
    fileName,
    async () => {
      const input = imageInput(await readImage(file), placeholder, options, fileName);
      const { shape, type, scale, offset } = placeholder;
      const format = { type, scale, offset };
      return { ...input, inc: tensorToInc(input.bytes, { fileName, shape, format }) };
    },
    () => `${fileName} as ${placeholder.shape.join('x')} ${placeholder.type}`,
  );
}
