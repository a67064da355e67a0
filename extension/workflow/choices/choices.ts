import type { ImageOptions } from '../../image/tensor.ts';
import type { ConsoleKind } from '../../project/sdkProject.ts';
import { DEFAULT_QUANTIZE_OPTIONS, type QuantizeOptions } from '../../quantize/options.ts';

/** Where constants live while the network runs: read in place from flash, or copied to RAM first. */
export type WeightPlace = 'flash' | 'ram';
/** What happens to the firmware: `sim` runs it on the simulated board, `none` stops after the build. */
export type RunTarget = 'sim' | 'none';
/** `auto`: the built-in compiler, and Glow for a model that it refuses, where Glow is installed. */
export const COMPILERS = ['auto', 'builtin', 'glow'] as const;
export type CompilerChoice = (typeof COMPILERS)[number];

/** `sdk` of choices: the SDK that a setting, GLOWPORT_SDK or the usual places hold. */
export const AUTO_SDK = 'auto';

/** Everything the user chose for a port; what glowport.json remembers. Paths are absolute or relative to the working directory. */
export interface PortChoices {
  /** Model file. */
  readonly model: string;
  /** Board id or display name. */
  readonly board: string;
  /** Sample images that the ranges are measured with: files and folders. */
  readonly images: readonly string[];
  /** Image the firmware holds and runs; the first sample when there is none. */
  readonly input: string | undefined;
  /** Folder of the project; `<name>-<board>` in the working directory when undefined. */
  readonly out: string | undefined;
  readonly run: RunTarget;
  /** Project of MCUXpresso that the network goes into, when it is not a project of its own that is wanted. */
  readonly into: string | undefined;
  /** Serial port that the board prints on. */
  readonly port: string | undefined;
  readonly weights: WeightPlace;
  /** Let the network overwrite its input once it is read, which can halve its RAM; firmware then fills it before every run. */
  readonly reuseInput: boolean;
  /** NXP's SDK to build on: its folder or zip file, or `auto`; our own board support when undefined. */
  readonly sdk: string | undefined;
  /** How firmware on the SDK prints: on the board's UART, or by semihosting, through the debugger. */
  readonly console: ConsoleKind;
  /** Network name; the model file's name when undefined. */
  readonly name: string | undefined;
  /** Text file with a class name a line; labels.txt beside the model when undefined and present. */
  readonly labels: string | undefined;
  /** Values of symbolic dimensions. */
  readonly defines: Readonly<Record<string, number>>;
  readonly compiler: CompilerChoice;
  /** Further arguments of Glow's model-compiler, such as `-use-cmsis`. */
  readonly glowArguments: readonly string[];
  readonly quantization: QuantizeOptions;
  readonly image: ImageOptions;
}

export const DEFAULT_IMAGE_OPTIONS: ImageOptions = {
  mode: '0to1',
  layout: undefined,
  channelOrder: 'RGB',
  resize: false,
};

export const DEFAULT_CHOICES: PortChoices = {
  model: '',
  board: '',
  images: [],
  input: undefined,
  out: undefined,
  run: 'sim',
  into: undefined,
  port: undefined,
  weights: 'flash',
  reuseInput: false,
  sdk: undefined,
  console: 'uart',
  name: undefined,
  labels: undefined,
  defines: {},
  compiler: 'auto',
  glowArguments: [],
  quantization: DEFAULT_QUANTIZE_OPTIONS,
  image: DEFAULT_IMAGE_OPTIONS,
};
