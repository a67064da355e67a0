import { isWide, type WideType } from '../../common/wideType.ts';
import type { Bundle, ElementType, Placeholder } from '../../bundle/bundle.ts';
import { normalized, normalizersOf } from '../../data/normalize/normalizer.ts';
import { onlyInput } from '../../data/onlyInput.ts';
import type { DataOptions } from '../../data/options.ts';
import type { Image } from '../../image/image.ts';
import { quantizeTensor, quantizeValues } from '../../image/quantizeTensor.ts';
import { imageToTensor } from '../../image/tensor.ts';
import { elements } from '../../model/graph.ts';
import { dequantize, limits } from '../../quantize/schemas.ts';

/** A placeholder that numbers are given to: of any type but those of outputs only. */
export type InputPlaceholder = Placeholder & { readonly type: Exclude<ElementType, WideType> };

/** Numbers for one of a network's inputs. */
export interface GivenInput {
  readonly placeholder: InputPlaceholder;
  /** Real values in the placeholder's shape. */
  readonly real: Float32Array;
  /** What the quantized network computes with: q, or the real values for a float placeholder. */
  readonly values: Int32Array | Float32Array;
  /** The same as they lie in the board's memory. */
  readonly bytes: Uint8Array;
}

/** The inputs of a bundle. */
export function inputPlaceholders(bundle: Pick<Bundle, 'placeholders'>): InputPlaceholder[] {
  return bundle.placeholders.filter((p): p is InputPlaceholder => p.direction === 'input' && !isWide(p.type));
}

/** The only input of a bundle that is fed with pictures. @throws UserError `model` when it has several */
export function inputPlaceholder(bundle: Pick<Bundle, 'placeholders'>): InputPlaceholder {
  return onlyInput(inputPlaceholders(bundle));
}

/**
 * Converts a picture to a placeholder's format.
 * @throws UserError `input` (size), `model` (not a picture), `usage` (normalization)
 */
export function imageInput(
  image: Image,
  placeholder: InputPlaceholder,
  options: Pick<DataOptions, 'image' | 'normalize'>,
): GivenInput {
  const tensor = imageToTensor(image, { ...options.image, shape: placeholder.shape });
  const normalizer = normalizersOf([placeholder], options).get(placeholder.name);
  return givenInput(placeholder, normalizer ? normalized(tensor, normalizer) : tensor);
}

/** Real values as a placeholder has them. */
export function givenInput(placeholder: InputPlaceholder, real: Float32Array): GivenInput {
  const { type, scale, offset } = placeholder;
  const bytes = quantizeTensor(real, { type, scale, offset });
  const values = type === 'float32' ? real : quantizeValues(real, { type, scale, offset });
  return { placeholder, real, values, bytes };
}

/** Numbers all over a placeholder's range, the same ones each time. */
export function madeUp({ shape, type, scale, offset }: InputPlaceholder): Float32Array {
  let state = 1;
  // a linear congruential generator (Numerical Recipes, ranqd1); its upper bits are the random ones
  const next = (): number => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
  if (type === 'float32') return Float32Array.from({ length: elements(shape) }, next);
  const { qmin, qmax } = limits(type);
  const q = (): number => qmin + Math.floor(next() * (qmax - qmin + 1));
  return Float32Array.from({ length: elements(shape) }, () => dequantize(q(), { scale, offset }));
}
