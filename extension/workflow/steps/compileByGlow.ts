import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Placeholder } from '../../bundle/bundle.ts';
import type { BoardData } from '../../board/catalogue.ts';
import { UserError } from '../../common/error.ts';
import { say } from '../../common/errors/sentence.ts';
import { readBounded } from '../../common/files.ts';
import { compileWithGlow, type GlowBundle, type LeftInFloat } from '../../glow/compile.ts';
import { type GlowTools, requireGlow } from '../../glow/find.ts';
import type { GlowImageOptions, GlowModelOptions } from '../../glow/options.ts';
import { profileArguments, workFileOf, WORK_FILES } from '../../glow/options.ts';
import { rewrittenForGlow, withIntegerOutputs } from '../../glow/rewrite.ts';
import { type GlowAbilities, probeGlow } from '../../glow/probe.ts';
import { checkProfile, profileWithGlow } from '../../glow/profile.ts';
import { defaultCacheFolder } from '../../common/cacheFolder.ts';
import { keepProfile, ProfileKey, recallProfile } from '../../glow/profileCache.ts';
import { decodeImage, MAX_FILE_BYTES } from '../../image/decode.ts';
import { toColor, toGray } from '../../image/image.ts';
import { encodePng, isPlainPng } from '../../image/png.ts';
import { resizeImage } from '../../image/resize.ts';
import type { Sample } from '../../image/samples.ts';
import type { ImageOptions } from '../../image/options.ts';
import { type ImageGeometry, imageGeometry, imageToTensor } from '../../image/tensor.ts';
import type { Format } from '../../model/formats/format.ts';
import { onnx } from '../../model/formats/onnx.ts';
import { decodeModel, toNumber } from '../../model/formats/onnx/proto.ts';
import { LIMITS } from '../../model/import/limits.ts';
import type { QuantizeOptions } from '../../quantize/options.ts';
import type { ToolPaths } from '../../toolchain/find.ts';
import type { WeightPlace } from '../../project/options.ts';
import { formatAt } from '../modelFile.ts';
import { type CompiledModel, gccOptions, modelSize, requireFpu } from './compile.ts';
import { onlyInput } from '../data/classifier.ts';
import { endsOf, type GlowNetwork, shapeOfEnd } from './modelEnds.ts';
import { breather } from '../../common/breather.ts';
import { requireIntegers } from './glowIntegers.ts';
import { step, type StepContext } from './step.ts';
import { withScratchFolder } from '../../toolchain/scratch.ts';

export interface GlowRequest {
  /** Model file, as Glow shall read it. */
  readonly model: string;
  /** What goes in and out of it. */
  readonly network: GlowNetwork;
  readonly samples: readonly Sample[];
  readonly image: ImageOptions;
  readonly board: BoardData;
  readonly quantization: QuantizeOptions;
  readonly weights: WeightPlace;
  readonly tools?: ToolPaths | undefined;
  readonly extraArguments: readonly string[];
  /** A profile that Glow made before, with the name of its file; measured from the samples when undefined. */
  readonly profile?: { readonly text: string; readonly file: string } | undefined;
  /** Folder of kept profiles; null: measure anew and keep nothing. */
  readonly cacheFolder?: string | null | undefined;
  /** Why the built-in compiler refused the model, when Glow takes its place. */
  readonly insteadBecause?: string | undefined;
  /** Milliseconds each tool gets. */
  readonly timeoutMs?: number | undefined;
}

export interface GlowModel extends CompiledModel {
  readonly compiler: 'glow';
  readonly quantized: undefined;
  /** Kinds of its layers that compute in floating point. */
  readonly floatKinds: readonly string[];
  /** Text of the profile it was quantized with; undefined when the model was quantized before. */
  readonly profile: string | undefined;
  /** Why the built-in compiler refused the model, when Glow took its place. */
  readonly insteadBecause: string | undefined;
}

/** Most images that Glow is profiled with; beyond them an even choice is taken. */
const MAX_IMAGES = 2000;

/**
 * Profiles and compiles a model with Glow's own tools to a bundle that the rest of the way takes like a built-in one. The
 * tools work in a folder of their own on plain file names, so that no path of this computer, however it is spelled,
 * reaches them, and nothing of it is used before all of it has been checked.
 *
 * @throws UserError `toolchain` (missing, failing, a result that is not what was asked for), `model` (Glow cannot take
 * it), `usage` (options that Glow has not), `board`, `input`, `cancelled`
 */
export async function compileByGlow(request: GlowRequest, context: StepContext = {}): Promise<GlowModel> {
  const { board, quantization, network } = request;
  requireFpu(board, quantization);
  if (quantization.range !== 'minmax' && !network.isQuantized) {
    throw new UserError(
      'usage',
      say`Glow always represents the whole measured range, so the choice "${quantization.range}" is not possible.`,
      [{ do: 'keepWholeRange' }, { do: 'useBuiltinCompiler' }],
    );
  }
  const tools = requireGlow(request.tools?.glow);
  const how = network.isQuantized ? 'as the model is quantized' : quantization.precision;
  const instead = request.insteadBecause === undefined ? '' : ' (the built-in compiler refuses the model)';
  return step(
    context,
    'compile',
    `Glow, ${how} for ${board.core}${instead}`,
    (progress) =>
      withScratchFolder('glow', ({ folder }) => compileIn(folder, tools, request, context, progress)),
    ({ size }) => `Glow${instead}, ${how}, flash ${size.flashBytes} B, RAM ${size.ramBytes} B`,
  );
}

/** The format of a model file that Glow reads; undefined for one that it does not. */
export async function glowFormat(file: string): Promise<Format | undefined> {
  const format = await formatAt(file);
  return format?.ends ? format : undefined;
}

async function requireGlowFormat(file: string): Promise<Format> {
  const format = await glowFormat(file);
  if (format) return format;
  throw new UserError('model', say`Glow does not read the format of ${path.basename(file)}.`, {
    do: 'useBuiltinCompiler',
  });
}

/** What Glow's profiler measures with; see GlowRequest. */
export type GlowProfileRequest = Pick<
  GlowRequest,
  'model' | 'network' | 'samples' | 'image' | 'tools' | 'cacheFolder' | 'timeoutMs'
>;

/** A profile that Glow's own image-classifier measured. */
export interface GlowProfile {
  /** As Glow wrote it, whole. */
  readonly text: string;
  /** How many values it has ranges of. */
  readonly values: number;
  /** Version of that Glow, as far as it says. */
  readonly version: string | undefined;
}

/**
 * Measures a model's ranges with Glow's image-classifier, or takes the kept profile of the same model, images, options and
 * Glow.
 * @throws UserError as `compileByGlow` does
 */
export async function profileByGlow(
  request: GlowProfileRequest,
  context: StepContext = {},
): Promise<GlowProfile> {
  const tools = requireGlow(request.tools?.glow);
  return step(
    context,
    'profile',
    'sample images, by Glow',
    () =>
      withScratchFolder('glow', async ({ folder }) => {
        const { bytes, model, abilities } = await prepare(folder, tools, request, context);
        const images = await writeImages(folder, request, context);
        const text = await measure(folder, tools, abilities, bytes, model, images, request, context);
        return { text, values: checkProfile(text), version: abilities.version };
      }),
    ({ values }) => `${values} values, by Glow`,
  );
}

/** Puts the model into the working folder and asks the tools what they can. */
async function prepare(
  folder: string,
  tools: GlowTools,
  { network, ...request }: GlowProfileRequest,
  { signal, log }: StepContext,
): Promise<{ bytes: Uint8Array; isOnnx: boolean; model: GlowModelOptions; abilities: GlowAbilities }> {
  const format = await requireGlowFormat(request.model);
  const isOnnx = format === onnx;
  const abilities = await probeGlow(tools, { signal, log, timeoutMs: request.timeoutMs });
  const file = await readBounded(request.model, LIMITS.fileBytes, say`model file`);
  const bytes = isOnnx ? rewrittenForGlow(file) : file;
  if (bytes !== file) log?.('Glow is given the model in operator set 14, in which it takes the Softmax');
  const modelFile = workFileOf(format);
  await writeFile(path.join(folder, modelFile), bytes);
  const defines = isOnnx ? symbolSizes(bytes, network) : {};
  return { bytes, isOnnx, model: { modelFile, defines, inputName: onlyInput(network).name }, abilities };
}

async function compileIn(
  folder: string,
  tools: GlowTools,
  request: GlowRequest,
  context: StepContext,
  progress: (message: string) => void,
): Promise<GlowModel> {
  const { network, board, quantization } = request;
  const { isQuantized } = network;
  const { core, name } = board;
  if (core === 'cortex-m33') {
    throw new UserError(
      'board',
      say`Glow is not used for ${name}: nobody has tried its code on a Cortex-M33.`,
      { do: 'chooseBoard', which: 'any' },
    );
  }
  const { signal, log } = context;
  const runOptions = { signal, log, timeoutMs: request.timeoutMs };
  const { bytes, isOnnx, model, abilities } = await prepare(folder, tools, request, context);
  if (!isQuantized) await requireIntegers(tools, abilities, quantization, runOptions);
  const given = request.profile;
  if (given) checkProfile(given.text, given.file);
  const images = given || isQuantized ? undefined : await writeImages(folder, request, context);
  const compileAs = async (file: Uint8Array): Promise<GlowAttempt> => {
    await writeFile(path.join(folder, model.modelFile), file);
    if (images) progress('Glow measures ranges');
    const profile = images
      ? await measure(folder, tools, abilities, file, model, images, request, context)
      : given?.text;
    if (profile !== undefined) await writeFile(path.join(folder, WORK_FILES.profile), profile);
    progress('Glow compiles');
    const { extraArguments } = request;
    const result = await compileWithGlow(
      ...([tools, abilities, folder, endsOf(network)] as const),
      { ...quantization, ...model, core, networkName: network.name, isQuantized, extraArguments },
      { ...runOptions, model: path.basename(request.model), profileFile: given?.file },
    );
    return { profile, result };
  };
  const { profile, made } = await withIntegers(
    bytes,
    { isOnnx, mayMeasure: given === undefined },
    compileAs,
    context,
  );
  const { drawing, floatKinds } = made;
  // what was given to Glow as one row has the model's shape still
  const bundle = { ...made.bundle, placeholders: made.bundle.placeholders.map((p) => shapedAs(network, p)) };
  const size = await modelSize(
    { ...bundle, object: bundle.object! },
    request.weights,
    gccOptions(board, request.tools, context),
  );
  const { insteadBecause } = request;
  return {
    compiler: 'glow',
    quantized: undefined,
    bundle,
    size,
    drawing,
    floatKinds,
    profile,
    insteadBecause,
  };
}

/** What came of giving Glow a model, and the profile it was quantized with. */
interface GlowAttempt {
  readonly profile: string | undefined;
  readonly result: GlowBundle | LeftInFloat;
}

/**
 * Compiles a model, and where Glow leaves outputs in float does so again with a model whose outputs it makes integers.
 * @param file `mayMeasure`: the profile is not the user's, which is of the model as it is
 * @throws UserError `toolchain` when they stay in float
 */
async function withIntegers(
  model: Uint8Array,
  { isOnnx, mayMeasure }: { readonly isOnnx: boolean; readonly mayMeasure: boolean },
  compileAs: (model: Uint8Array) => Promise<GlowAttempt>,
  { log }: StepContext,
): Promise<{ readonly profile: string | undefined; readonly made: GlowBundle }> {
  let { profile, result } = await compileAs(model);
  if ('floatOutputs' in result && isOnnx && mayMeasure) {
    log?.(
      `Glow leaves ${result.floatOutputs.join(', ')} in float, and is given the model with a Max behind it`,
    );
    ({ profile, result } = await compileAs(withIntegerOutputs(model, result.floatOutputs)));
  }
  if (!('floatOutputs' in result)) return { profile, made: result };
  if (!isOnnx) {
    throw new UserError(
      'toolchain',
      say`Glow leaves the output ${result.floatOutputs[0]!} in float.`,
      say`Convert the model with integers as inputs and outputs.`,
    );
  }
  throw new UserError(
    'toolchain',
    say`Glow leaves the output ${result.floatOutputs[0]!} in float, as the model's last operators only move its elements.`,
    mayMeasure ? { do: 'useBuiltinCompiler' } : { do: 'measureInstead' },
  );
}

/** A placeholder with the shape that the model has. */
function shapedAs(network: GlowNetwork, placeholder: Placeholder): Placeholder {
  return { ...placeholder, shape: shapeOfEnd(network, placeholder.name) ?? placeholder.shape };
}

/** The samples in the working folder, as Glow reads them. */
interface GlowImages {
  readonly names: readonly string[];
  /** The user's file behind a name. */
  readonly fileOf: ReadonlyMap<string, string>;
  readonly options: GlowImageOptions;
  /** Changes with what is in them. */
  readonly digest: string;
}

async function writeImages(
  folder: string,
  request: GlowProfileRequest,
  context: StepContext,
): Promise<GlowImages> {
  const { shape } = onlyInput(request.network);
  const geometry = pictureOf(shape, request.image);
  const options: GlowImageOptions = {
    mode: request.image.mode,
    layout: geometry.layout,
    channelOrder: geometry.channels === 3 ? request.image.channelOrder : undefined,
  };
  const key = new ProfileKey();
  const every = Math.max(1, Math.ceil(request.samples.length / MAX_IMAGES));
  const samples = request.samples.filter((_, i) => i % every === 0);
  const fileOf = new Map<string, string>();
  const breathe = breather(context.signal);
  await mkdir(path.join(folder, 'images'));
  for (const [i, sample] of samples.entries()) {
    const png = await glowImage(sample.path, shape, geometry, request.image);
    const name = `images/${String(i).padStart(5, '0')}.png`;
    await writeFile(path.join(folder, name), png);
    fileOf.set(name, sample.path);
    key.add(png);
    await breathe();
  }
  return { names: [...fileOf.keys()], fileOf, options, digest: key.digest() };
}

/** The model's profile: a kept one of the same model, images, options and Glow, else measured and kept. */
async function measure(
  folder: string,
  tools: GlowTools,
  abilities: GlowAbilities,
  modelBytes: Uint8Array,
  model: GlowModelOptions,
  images: GlowImages,
  request: GlowProfileRequest,
  context: StepContext,
): Promise<string> {
  const { names, options } = images;
  const key = new ProfileKey()
    .add(modelBytes)
    .add(JSON.stringify(tools.commands))
    .add(abilities.version ?? '')
    .add(images.digest)
    .add(JSON.stringify(profileArguments(names, model, options)));
  const cache = request.cacheFolder === undefined ? defaultCacheFolder() : request.cacheFolder;
  const digest = key.digest();
  const kept = cache === null ? undefined : await recallProfile(cache, digest);
  if (kept !== undefined) {
    context.log?.(`Glow's profile of these ${names.length} images is known (${digest})`);
    return kept;
  }
  const text = await profileWithGlow(tools, abilities, folder, names, model, options, {
    signal: context.signal,
    log: context.log,
    timeoutMs: request.timeoutMs,
    model: path.basename(request.model),
    imageFile: (name) => images.fileOf.get(name),
  });
  if (cache !== null) await keepProfile(cache, digest, text);
  return text;
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

/** Sizes of the symbolic dimensions of the model's inputs, as the importer fixed them. */
function symbolSizes(bytes: Uint8Array, { inputs }: GlowNetwork): Record<string, number> {
  const sizes: Record<string, number> = {};
  for (const input of decodeModel(bytes).graph?.input ?? []) {
    const shape = inputs.find((v) => v.name === input.name)?.shape;
    input.type?.tensorType?.shape?.dim.forEach(({ dimParam, dimValue }, i) => {
      const size = shape?.[i];
      if (dimParam === '' || toNumber(dimValue) > 0 || size === undefined) return;
      if (/[,\s]/.test(dimParam)) {
        throw new UserError(
          'model',
          say`Glow cannot be told the size of the model's dimension "${dimParam}".`,
          say`Export the model with a plain name for it, or with a fixed size.`,
        );
      }
      sizes[dimParam] = size;
    });
  }
  return sizes;
}
