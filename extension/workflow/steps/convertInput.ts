import path from 'node:path';
import type { Bundle, Placeholder } from '../../bundle/bundle.ts';
import { UserError } from '../../common/error.ts';
import { say } from '../../common/errors/sentence.ts';
import { sampleName } from '../../data/sample.ts';
import type { Image } from '../../image/image.ts';
import { tensorToInc } from '../../image/inc.ts';
import { quantizeTensor, quantizeValues } from '../../image/quantizeTensor.ts';
import type { ImageOptions } from '../../image/options.ts';
import { imageToTensor } from '../../image/tensor.ts';
import { elements } from '../../model/graph.ts';
import { dequantize, limits } from '../../quantize/schemas.ts';
import { loadSample } from '../data/samples.ts';
import type { TestInput } from '../data/testInput.ts';
import { step, type StepContext } from './step.ts';

/** Numbers for one of a network's inputs. */
export interface GivenInput {
  readonly placeholder: Placeholder;
  /** Real values in the placeholder's shape. */
  readonly real: Float32Array;
  /** What the quantized network computes with: q, or the real values for a float placeholder. */
  readonly values: Int32Array | Float32Array;
  /** The same as they lie in the board's memory. */
  readonly bytes: Uint8Array;
}

/** The same as text for firmware. */
export interface ConvertedInput extends GivenInput {
  /** Text of test_image.inc or test_input.inc. */
  readonly inc: string;
}

/** The inputs of a bundle. */
export function inputPlaceholders(bundle: Pick<Bundle, 'placeholders'>): Placeholder[] {
  return bundle.placeholders.filter((p) => p.direction === 'input');
}

/** The only input of a bundle. @throws UserError `model` when it has several */
export function inputPlaceholder(bundle: Pick<Bundle, 'placeholders'>): Placeholder {
  const inputs = inputPlaceholders(bundle);
  const [input] = inputs;
  if (!input || inputs.length > 1) {
    throw new UserError(
      'model',
      say`The bundle has ${inputs.length} inputs; a picture can only feed a bundle with one.`,
      say`Give a .npz or .json file with an array for each input, by its name.`,
    );
  }
  return input;
}

/**
 * Converts a picture to a placeholder's format.
 * @throws UserError `input` (size), `model` (not a picture)
 */
export function imageInput(image: Image, placeholder: Placeholder, options: ImageOptions): GivenInput {
  return givenInput(placeholder, imageToTensor(image, { ...options, shape: placeholder.shape }));
}

function givenInput(placeholder: Placeholder, real: Float32Array): GivenInput {
  const { type, scale, offset } = placeholder;
  const bytes = quantizeTensor(real, { type, scale, offset });
  const values = type === 'float32' ? real : quantizeValues(real, { type, scale, offset });
  return { placeholder, real, values, bytes };
}

/**
 * Converts a sample to the format of a bundle's inputs, in their order.
 * @throws UserError `input` (file, size, row), `model` (not a picture)
 */
export async function convertInput(
  input: TestInput,
  bundle: Pick<Bundle, 'placeholders'>,
  options: ImageOptions,
  context: StepContext = {},
): Promise<readonly ConvertedInput[]> {
  const placeholders = inputPlaceholders(bundle);
  const name = input === 'madeUp' ? 'made-up numbers' : path.basename(sampleName(input));
  return step(
    context,
    'input',
    name,
    async () => {
      const given = input === 'madeUp' ? undefined : await loadSample(placeholders, input, options);
      return placeholders.map((placeholder) => {
        const one = givenInput(placeholder, given?.get(placeholder.name) ?? madeUp(placeholder));
        const { shape, type, scale, offset } = placeholder;
        const format = { type, scale, offset };
        return { ...one, inc: tensorToInc(one.bytes, { fileName: name, shape, format }) };
      });
    },
    () => `${name} as ${placeholders.map((p) => `${p.shape.join('x')} ${p.type}`).join(', ')}`,
  );
}

/** Numbers all over a placeholder's range, the same ones each time. */
function madeUp({ shape, type, scale, offset }: Placeholder): Float32Array {
  let state = 1;
  // a linear congruential generator (Numerical Recipes, ranqd1); its upper bits are the random ones
  const next = (): number => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
  if (type === 'float32') return Float32Array.from({ length: elements(shape) }, next);
  const { qmin, qmax } = limits(type);
  const q = (): number => qmin + Math.floor(next() * (qmax - qmin + 1));
  return Float32Array.from({ length: elements(shape) }, () => dequantize(q(), { scale, offset }));
}
