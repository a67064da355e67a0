import { UserError } from '../common/error.ts';
import { say } from '../common/errors/sentence.ts';

/** Core of a board as Glow's LLVM takes it. */
export type GlowCore = 'cortex-m0plus' | 'cortex-m7';

/** How the profiler turns image files into the model's input. */
export interface GlowImageOptions {
  readonly mode: 'neg1to1' | '0to1' | '0to255' | 'neg128to127';
  readonly layout: 'NHWC' | 'NCHW';
  /** Undefined for gray images, which have no order. */
  readonly channelOrder: 'RGB' | 'BGR' | undefined;
}

/** The model as both tools take it. */
export interface GlowModelOptions {
  /** Symbolic dimensions of the model's inputs, each with its size. */
  readonly defines: Readonly<Record<string, number>>;
  /** Name of the model's input. */
  readonly inputName: string;
  /** Its name in the working folder, whose ending tells Glow the format. */
  readonly modelFile: string;
}

export interface GlowQuantization {
  readonly precision: 'int8' | 'int16';
  readonly biasPrecision: 'int8' | 'int16' | 'int32';
  /** For activations and weights alike. */
  readonly schema: 'asymmetric' | 'symmetric' | 'symmetric_with_uint8' | 'symmetric_with_power2_scale';
  readonly channelwise: boolean;
  /** Without `-convert-placeholders`. */
  readonly floatPlaceholders: boolean;
}

export interface GlowCompileOptions
  extends GlowQuantization, Pick<GlowModelOptions, 'defines' | 'modelFile'> {
  /** The model's values are integers already: there is no profile, and what says how to quantize is left out. */
  readonly isQuantized: boolean;
  readonly networkName: string;
  readonly core: GlowCore;
  /** Further arguments of model-compiler, each a word of its own. */
  readonly extraArguments: readonly string[];
}

/** Files of the tools' working folder; plain names, so that no path of this computer ever reaches Glow. */
export const WORK_FILES = {
  profile: 'profile.yaml',
  bundle: 'bundle',
  graph: 'graph.dot',
  imageList: 'images.txt',
} as const;

/** Name of a model of this format in the working folder. */
export function workFileOf({ endings }: { readonly endings: readonly string[] }): string {
  return `model${endings[0]}`;
}

/** The option of image-classifier that takes the images from a list. */
export function imageListArgument(list: string): string {
  return `-input-image-list-file=${list}`;
}

/** The option of model-compiler that asks for the bundles that GlowPort reads, its default where there is one. */
export const STATIC_API = '-bundle-api=static';

/**
 * Arguments of image-classifier. `images` are files of the working folder, or the list that names them.
 * @throws UserError `model` when the input's name cannot be said there
 */
export function profileArguments(
  images: readonly string[] | { readonly list: string },
  model: GlowModelOptions,
  image: GlowImageOptions,
): string[] {
  // what follows a comma is the input's type to Glow
  if (model.inputName.includes(',')) {
    throw new UserError(
      'model',
      say`Glow cannot be told the name of the model's input "${model.inputName}".`,
      say`Export the model again, with an input whose name has no comma.`,
    );
  }
  return [
    ...('list' in images ? [imageListArgument(images.list)] : images),
    `-image-mode=${image.mode}`,
    `-image-layout=${image.layout}`,
    ...(image.channelOrder ? [`-image-channel-order=${image.channelOrder}`] : []),
    `-model=${model.modelFile}`,
    ...defineArguments(model.defines),
    `-model-input-name=${model.inputName}`,
    `-dump-profile=${WORK_FILES.profile}`,
  ];
}

/**
 * Arguments of model-compiler, as the application note has them; what is Glow's own default is left out.
 * @param hasApis whether this Glow has the option STATIC_API
 */
export function compileArguments(options: GlowCompileOptions, hasApis: boolean): string[] {
  const { core, networkName, isQuantized } = options;
  return [
    '-backend=CPU',
    `-model=${options.modelFile}`,
    '-target=arm',
    ...coreArguments(core),
    ...defineArguments(options.defines),
    `-emit-bundle=${WORK_FILES.bundle}`,
    ...(isQuantized ? [] : [`-load-profile=${WORK_FILES.profile}`]),
    `-network-name=${networkName}`,
    ...(options.floatPlaceholders ? [] : ['-convert-placeholders']),
    `-dump-graph-DAG=${WORK_FILES.graph}`,
    ...(isQuantized ? [] : quantizationArguments(options)),
    ...(hasApis ? [STATIC_API] : []),
    ...checkExtraArguments(options.extraArguments),
  ];
}

function quantizationArguments(options: GlowQuantization): string[] {
  const { precision, biasPrecision, schema, channelwise } = options;
  const upper = (type: string): string => `I${type.slice(1)}`;
  return [
    ...(precision === 'int8' ? [] : [`-quantization-precision=${upper(precision)}`]),
    ...(biasPrecision === 'int32' ? [] : [`-quantization-precision-bias=${upper(biasPrecision)}`]),
    ...(schema === 'asymmetric' ? [] : [`-quantization-schema=${schema}`]),
    ...(channelwise ? ['-enable-channelwise'] : []),
  ];
}

/** What LLVM calls a core: its Cortex-M0 is the M0+ too (both are Armv6-M). */
export function glowCpu(core: GlowCore): 'cortex-m0' | 'cortex-m7' {
  return core === 'cortex-m7' ? 'cortex-m7' : 'cortex-m0';
}

function coreArguments(core: GlowCore): string[] {
  return [`-mcpu=${glowCpu(core)}`, ...(core === 'cortex-m7' ? ['-float-abi=hard'] : [])];
}

function defineArguments(defines: Readonly<Record<string, number>>): string[] {
  return Object.entries(defines).map(([symbol, size]) => `-onnx-define-symbol=${symbol},${size}`);
}

/** Options that GlowPort sets itself: a second one would be refused by Glow, or put files where nobody looks. */
const OWN_OPTIONS = new Set([
  'backend',
  'model',
  'm',
  'target',
  'mcpu',
  'float-abi',
  'emit-bundle',
  'load-profile',
  'dump-profile',
  'network-name',
  'main-entry-name',
  'convert-placeholders',
  'dump-graph-DAG',
  'dump-graph-DAG-before-compile',
  'bundle-api',
  'quantization-schema',
  'quantization-precision',
  'quantization-precision-bias',
  'enable-channelwise',
  'onnx-define-symbol',
]);

/** @throws UserError `usage` when one is no option, or one that GlowPort sets itself */
function checkExtraArguments(extra: readonly string[]): readonly string[] {
  for (const word of extra) {
    const name = optionName(word);
    if (name === undefined || word.includes('\0')) {
      throw new UserError(
        'usage',
        say`"${word.slice(0, 80)}" is no option of Glow's model-compiler.`,
        say`Further arguments begin with a dash and hold their value, such as -use-cmsis or -num-devices=1.`,
      );
    }
    if (OWN_OPTIONS.has(name)) {
      throw new UserError(
        'usage',
        say`GlowPort sets -${name} itself.`,
        say`Take it out of the further arguments.`,
      );
    }
  }
  return extra;
}

/** `schema` of `--schema=x`, `-schema` and so on; undefined for what is no option. */
export function optionName(word: string): string | undefined {
  return /^--?([A-Za-z][\w-]{0,80})(?:=|$)/.exec(word)?.[1];
}
