import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { defaultCacheFolder } from '../../../common/cacheFolder.ts';
import { UserError } from '../../../common/error.ts';
import { say } from '../../../common/errors/sentence.ts';
import { readBounded } from '../../../common/files.ts';
import { type GlowTools, requireGlow } from '../../../glow/find.ts';
import { type GlowModelOptions, profileArguments, workFileOf } from '../../../glow/options.ts';
import { type GlowAbilities, probeGlow } from '../../../glow/probe.ts';
import { checkProfile, profileWithGlow } from '../../../glow/profile.ts';
import { keepProfile, ProfileKey, recallProfile } from '../../../glow/profileCache.ts';
import { rewrittenForGlow } from '../../../glow/rewrite.ts';
import { isRead, type ReadFormat } from '../../../model/formats/format.ts';
import { onnx } from '../../../model/formats/onnx.ts';
import { decodeModel, toNumber } from '../../../model/formats/onnx/proto.ts';
import { LIMITS } from '../../../model/import/limits.ts';
import { withScratchFolder } from '../../../toolchain/scratch.ts';
import { onlyInput } from '../../../data/onlyInput.ts';
import { formatAt } from '../../modelFile.ts';
import { step, type StepContext } from '../step.ts';
import { type GlowImages, writeImages } from './images.ts';
import type { GlowNetwork } from './network.ts';
import type { GlowProfileRequest } from './request.ts';

/** The format of a model file that Glow reads; undefined for one that it does not. */
export async function glowFormat(file: string): Promise<ReadFormat | undefined> {
  const format = await formatAt(file);
  return format && isRead(format) && format.ends ? format : undefined;
}

/** @throws UserError `model` for one that it does not read */
export async function requireGlowFormat(file: string): Promise<ReadFormat> {
  const format = await glowFormat(file);
  if (format) return format;
  throw new UserError('model', say`Glow does not read the format of ${path.basename(file)}.`, {
    do: 'useBuiltinCompiler',
  });
}

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
  await requireGlowFormat(request.model);
  const tools = requireGlow(request.tools?.glow);
  return step(
    context,
    'profile',
    'sample images, by Glow',
    () =>
      withScratchFolder('glow', async ({ folder }) => {
        const { bytes, model, abilities } = await prepare(tools, request, context);
        await writeFile(path.join(folder, model.modelFile), bytes);
        const images = await writeImages(folder, request, context);
        const text = await measure(folder, tools, abilities, bytes, model, images, request, context);
        return { text, values: checkProfile(text), version: abilities.version };
      }),
    ({ values }) => `${values} values, by Glow`,
  );
}

/** The model as Glow is given it, and what the tools can. */
export async function prepare(
  tools: GlowTools,
  { network, ...request }: GlowProfileRequest,
  { signal, log }: StepContext,
): Promise<{ bytes: Uint8Array; isOnnx: boolean; model: GlowModelOptions; abilities: GlowAbilities }> {
  const format = await requireGlowFormat(request.model);
  const isOnnx = format === onnx;
  const abilities = await probeGlow(tools, { signal, log, timeoutMs: request.timeoutMs });
  const file = await readBounded(request.model, LIMITS.fileBytes, say`model file`);
  const bytes = isOnnx ? rewrittenForGlow(file) : file;
  if (bytes !== file) log?.('Glow is given the model with a Softmax or an absent bias said in another way');
  const modelFile = workFileOf(format);
  const defines = isOnnx ? symbolSizes(bytes, network) : {};
  return {
    bytes,
    isOnnx,
    model: { modelFile, defines, inputName: onlyInput(network.inputs).name },
    abilities,
  };
}

/** The model's profile: a kept one of the same model, images, options and Glow, else measured and kept. */
export async function measure(
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
