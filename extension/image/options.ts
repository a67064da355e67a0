import { defaultsOf, flag, oneOf, type ValuesOf } from '../common/choice.ts';

/** The real range that pixel values 0..255 are mapped to, with Glow's names: real = min + pixel * (max - min) / 255. */
export const IMAGE_MODES = {
  neg1to1: [-1, 1],
  '0to1': [0, 1],
  '0to255': [0, 255],
  neg128to127: [-128, 127],
} as const;

type ImageMode = keyof typeof IMAGE_MODES;
const MODES = Object.keys(IMAGE_MODES) as ImageMode[];

const IMAGE_LAYOUTS = ['NHWC', 'NCHW'] as const;
export type ImageLayout = (typeof IMAGE_LAYOUTS)[number];

/** What can be chosen of how a model wants its picture. */
export const IMAGE_CHOICES = {
  mode: oneOf(MODES, '0to1', { description: 'Real range that pixel values 0 to 255 are mapped to' }),
  /** Order of the model's input dimensions; undefined: told from the shape (see `imageGeometry`). */
  layout: oneOf(IMAGE_LAYOUTS, undefined, {
    description: "Order of the model's input dimensions",
    otherwise: 'told from its shape',
  }),
  channelOrder: oneOf(['RGB', 'BGR'], 'RGB', { description: 'Order of the colour channels' }),
  /** Scale an image of another size instead of refusing it. */
  resize: flag(false, {
    description: 'Scale images of another size than the model takes',
    off: 'refuse them',
  }),
};

/** How a model wants its picture. */
export type ImageOptions = ValuesOf<typeof IMAGE_CHOICES>;

/** Choices that were made, where there is no picture. The layout also tells the channels of numbers. */
export function idleImageChoices(options: ImageOptions): readonly string[] {
  const keys = Object.keys(IMAGE_CHOICES) as (keyof ImageOptions)[];
  return keys.filter((key) => key !== 'layout' && options[key] !== DEFAULT_IMAGE_OPTIONS[key]);
}

export const DEFAULT_IMAGE_OPTIONS: ImageOptions = defaultsOf(IMAGE_CHOICES);
