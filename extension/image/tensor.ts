import { UserError } from '../common/error.ts';
import { say } from '../common/errors/sentence.ts';
import { type Image, toColor, toGray } from './image.ts';
import { IMAGE_MODES, type ImageLayout, type ImageOptions } from './options.ts';
import { resizeImage } from './resize.ts';

/** Size of a picture in pixels, gray or in three colours. */
export interface PictureSize {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
}

/** What an input shape means as a picture. */
export interface ImageGeometry extends PictureSize {
  readonly layout: ImageLayout;
}

/**
 * Reads an input shape as a picture: [1,H,W,C] or [1,C,H,W] (C 1 or 3), [1,H,W], or flat [1,n] when n is the number of
 * elements of a square gray or colour picture (or of `image`, when one is given).
 *
 * @throws UserError `model` when the shape cannot be a picture
 */
export function imageGeometry(
  shape: readonly number[],
  layout: ImageLayout | undefined,
  image?: Pick<Image, 'width' | 'height'>,
): ImageGeometry {
  const isDepth = (n: number | undefined): n is 1 | 3 => n === 1 || n === 3;
  const [, a = 0, b = 0, c = 0] = shape;
  if (shape[0] === 1 && shape.length === 4) {
    if (layout !== 'NCHW' && isDepth(c)) return { height: a, width: b, channels: c, layout: 'NHWC' };
    if (layout !== 'NHWC' && isDepth(a)) return { height: b, width: c, channels: a, layout: 'NCHW' };
  }
  if (shape[0] === 1 && shape.length === 3)
    return { height: a, width: b, channels: 1, layout: layout ?? 'NHWC' };
  if (shape[0] === 1 && shape.length === 2) {
    for (const channels of [1, 3] as const) {
      const pixels = a / channels;
      if (image && image.width * image.height === pixels) {
        return { height: image.height, width: image.width, channels, layout: layout ?? 'NHWC' };
      }
    }
    for (const channels of [1, 3] as const) {
      const side = Math.sqrt(a / channels);
      if (Number.isInteger(side)) return { height: side, width: side, channels, layout: layout ?? 'NHWC' };
    }
  }
  const size = shape.join('x');
  throw layout
    ? new UserError(
        'model',
        say`The model's input of shape ${size} is not a gray or colour picture in ${layout} layout.`,
        { do: 'swapImageLayout' },
      )
    : new UserError(
        'model',
        say`The model's input of shape ${size} is not a gray or colour picture.`,
        say`Give numbers of that shape (.npy, .npz, .csv, .json or .bin), or sound (.wav).`,
      );
}

/** An image in the size and colours of a model's picture. */
export function imageAs({ width, height, channels }: PictureSize, image: Image): Image {
  return resizeImage(channels === 1 ? toGray(image) : toColor(image), width, height);
}

/** How a model wants its picture, and the input that it is for. */
type PictureOptions = ImageOptions & { readonly shape: readonly number[] };

/**
 * What a model's input is as a picture, for one of a size that it takes.
 * @param fileName used in error sentences only
 * @throws UserError `input` when the size is another than the model's and `resize` is off, `model` when the shape cannot be a picture
 */
export function requireImageSize(
  image: Pick<Image, 'width' | 'height'>,
  options: PictureOptions,
  fileName: string,
): ImageGeometry {
  const want = imageGeometry(options.shape, options.layout, image);
  if (options.resize || (image.width === want.width && image.height === want.height)) return want;
  throw new UserError(
    'input',
    say`${fileName} is ${image.width} x ${image.height} pixels, the model takes ${want.width} x ${want.height}.`,
    [say`Give an image of that size.`, { do: 'resizeImages' }],
  );
}

/**
 * An image as the model's input tensor, float32, elements in the order of `shape` (NHWC or NCHW). Gray and colour are
 * converted into each other as the model needs; `BGR` swaps the channels of a three-channel model.
 *
 * @param fileName used in error sentences only
 * @throws UserError as `requireImageSize` does
 */
export function imageToTensor(image: Image, options: PictureOptions, fileName = 'The image'): Float32Array {
  const want = requireImageSize(image, options, fileName);
  const { data } = imageAs(want, image);
  const [min, max] = IMAGE_MODES[options.mode];
  const pixels = want.width * want.height;
  const out = new Float32Array(pixels * want.channels);
  for (let p = 0; p < pixels; p++) {
    for (let c = 0; c < want.channels; c++) {
      const from = options.channelOrder === 'BGR' ? want.channels - 1 - c : c;
      const to = want.layout === 'NHWC' ? p * want.channels + c : c * pixels + p;
      out[to] = min + (data[p * want.channels + from]! * (max - min)) / 255;
    }
  }
  return out;
}
