import { type Command, InvalidArgumentError, Option } from 'commander';
import { CHANNEL_ORDERS, IMAGE_LAYOUTS, IMAGE_MODES, type ImageOptions } from '../image/tensor.ts';
import type { ConsoleKind } from '../project/sdkProject.ts';
import type { QuantizeOptions } from '../quantize/options.ts';
import { RANGE_CHOICES } from '../quantize/ranges.ts';
import { SCHEMAS } from '../quantize/schemas.ts';
import {
  type CompilerChoice,
  COMPILERS,
  DEFAULT_CHOICES,
  type PortChoices,
  type WeightPlace,
} from '../workflow/choices/choices.ts';

/*
 * Options that several commands share. None has a default in commander: what is not given is undefined, so that
 * glowport.json can say it, and only then the default.
 */

type Given<T> = { readonly [K in keyof T]?: T[K] | undefined };

export interface ImageFlags {
  readonly imageMode?: ImageOptions['mode'];
  readonly imageLayout?: 'NHWC' | 'NCHW';
  readonly channelOrder?: ImageOptions['channelOrder'];
  readonly resize?: boolean;
}

export function addImageOptions(command: Command): Command {
  const { mode, channelOrder } = DEFAULT_CHOICES.image;
  return command
    .addOption(
      new Option('--image-mode <mode>', `real range of pixels (default: ${mode})`).choices(
        Object.keys(IMAGE_MODES),
      ),
    )
    .addOption(
      new Option(
        '--image-layout <layout>',
        "order of the model's input dimensions (default: told from its shape)",
      ).choices(IMAGE_LAYOUTS),
    )
    .addOption(
      new Option('--channel-order <order>', `order of colours (default: ${channelOrder})`).choices(
        CHANNEL_ORDERS,
      ),
    )
    .option('--resize', 'scale images of another size than the model takes')
    .addOption(new Option('--no-resize', 'refuse them (the default)').hideHelp());
}

export function imageOptions(flags: ImageFlags, base: ImageOptions): ImageOptions {
  return {
    mode: flags.imageMode ?? base.mode,
    layout: flags.imageLayout ?? base.layout,
    channelOrder: flags.channelOrder ?? base.channelOrder,
    resize: flags.resize ?? base.resize,
  };
}

export interface QuantizeFlags extends Given<Omit<QuantizeOptions, 'weightSchema'>> {
  readonly weightSchema?: QuantizeOptions['weightSchema'];
}

export function addQuantizeOptions(command: Command): Command {
  const d = DEFAULT_CHOICES.quantization;
  return command
    .addOption(
      new Option('--schema <schema>', `quantization of activations (default: ${d.schema})`).choices(SCHEMAS),
    )
    .addOption(
      new Option('--weight-schema <schema>', `quantization of weights (default: ${d.weightSchema})`).choices(
        SCHEMAS,
      ),
    )
    .addOption(
      new Option('--precision <type>', `of activations and weights (default: ${d.precision})`).choices([
        'int8',
        'int16',
      ]),
    )
    .addOption(
      new Option('--bias-precision <type>', `of biases (default: ${d.biasPrecision})`).choices([
        'int8',
        'int16',
        'int32',
      ]),
    )
    .option('--channelwise', `one weight scale per output channel${d.channelwise ? ' (the default)' : ''}`)
    .option('--no-channelwise', 'one weight scale per tensor')
    .addOption(
      new Option('--range <choice>', `how the represented range is chosen (default: ${d.range})`).choices(
        RANGE_CHOICES,
      ),
    )
    .option('--float-placeholders', 'leave input and output float32 (boards with an FPU)')
    .addOption(new Option('--no-float-placeholders', 'quantize them (the default)').hideHelp());
}

export function quantizeOptions(flags: QuantizeFlags, base: QuantizeOptions): QuantizeOptions {
  return {
    schema: flags.schema ?? base.schema,
    weightSchema: flags.weightSchema ?? base.weightSchema,
    precision: flags.precision ?? base.precision,
    biasPrecision: flags.biasPrecision ?? base.biasPrecision,
    channelwise: flags.channelwise ?? base.channelwise,
    range: flags.range ?? base.range,
    floatPlaceholders: flags.floatPlaceholders ?? base.floatPlaceholders,
  };
}

export interface CompilerFlags {
  readonly compiler?: CompilerChoice;
  readonly glowArg?: readonly string[];
  /** False with `--no-glow-cache`. */
  readonly glowCache?: boolean;
}

/** Which compiler, and what Glow takes. */
export function addCompilerOptions(command: Command): Command {
  const which = new Option(
    '--compiler <which>',
    'builtin; glow: its image-classifier and model-compiler; auto: the built-in one, and Glow for a model it refuses (the default)',
  ).choices(COMPILERS);
  return addGlowOptions(command.addOption(which));
}

export function addGlowOptions(command: Command): Command {
  return addGlowCacheOption(
    command.option(
      '--glow-arg <argument>',
      "further argument of Glow's model-compiler, such as --glow-arg=-use-cmsis; may be repeated",
      paths,
    ),
  );
}

export function addGlowCacheOption(command: Command): Command {
  return command.option('--no-glow-cache', 'measure ranges with Glow anew instead of using a kept profile');
}

/** What the flags say of the compiler, over what was remembered. */
export function compilerChoices(
  flags: CompilerFlags,
  base: Pick<PortChoices, 'compiler' | 'glowArguments'>,
): Pick<PortChoices, 'compiler' | 'glowArguments'> {
  return {
    compiler: flags.compiler ?? base.compiler,
    glowArguments: flags.glowArg ?? base.glowArguments,
  };
}

/** Folder of kept profiles: none with `--no-glow-cache`. */
export function glowCache(flags: CompilerFlags): { glowCache?: null } {
  return flags.glowCache === false ? { glowCache: null } : {};
}

export interface WeightFlags {
  readonly weights?: WeightPlace;
}

export function addWeightsOption(command: Command): Command {
  const what = 'flash: read constants in place (the default); ram: copy them first';
  return command.addOption(new Option('--weights <where>', what).choices(['flash', 'ram']));
}

export interface ReuseFlags {
  readonly reuseInput?: boolean;
}

export function addReuseOption(command: Command): Command {
  return command.option(
    '--reuse-input',
    'let the network overwrite its input once it is read: can halve its RAM',
  );
}

export interface SdkFlags {
  readonly sdk?: string;
  readonly console?: ConsoleKind;
}

export function addSdkOption(command: Command): Command {
  return command
    .option(
      '--sdk <place>',
      "build on NXP's MCUXpresso SDK: its folder or zip file, or auto (default: built-in board support)",
    )
    .addOption(
      new Option(
        '--console <which>',
        'how firmware on the SDK prints: uart (the default), or semihost: through the debugger',
      ).choices(['uart', 'semihost']),
    );
}

export interface ModelFlags {
  readonly name?: string;
  readonly define?: Readonly<Record<string, number>>;
}

export function addModelOptions(command: Command): Command {
  return command
    .option('--name <name>', "network name (default: the model file's)")
    .option('--define <symbol=size>', 'size of a symbolic dimension, such as N=1; may be repeated', define);
}

const MAX_DIMENSION = 65536;

/** `N=1`, or `N,1` as Glow's -onnx-define-symbol has it. */
function define(text: string, before: Readonly<Record<string, number>> = {}): Record<string, number> {
  const m = /^([^=,\s]{1,64})[=,](\d{1,6})$/.exec(text);
  const size = Number(m?.[2]);
  if (!m || size < 1 || size > MAX_DIMENSION) {
    throw new InvalidArgumentError(`It must be a name and a size from 1 to ${MAX_DIMENSION}, such as N=1.`);
  }
  return { ...before, [m[1]!]: size };
}

/** A path list that may also be given by repeating the option. */
export function paths(text: string, before: readonly string[] = []): string[] {
  return [...before, text];
}

/** A whole number from `min` to `max`. */
export function integer(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = /^[+-]?\d{1,15}$/.test(text) ? Number(text) : NaN;
    if (!(value >= min && value <= max))
      throw new InvalidArgumentError(`It must be a whole number from ${min} to ${max}.`);
    return value;
  };
}
