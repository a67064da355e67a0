import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Placeholder } from '../../../bundle/bundle.ts';
import { UserError } from '../../../common/error.ts';
import { say } from '../../../common/errors/sentence.ts';
import { compileWithGlow, type GlowBundle, type LeftInFloat } from '../../../glow/compile.ts';
import { type GlowTools, requireGlow } from '../../../glow/find.ts';
import { WORK_FILES } from '../../../glow/options.ts';
import { checkProfile } from '../../../glow/profile.ts';
import { withIntegerOutputs } from '../../../glow/rewrite.ts';
import { withScratchFolder } from '../../../toolchain/scratch.ts';
import { type CompiledModel, gccOptions, modelSize, requireFpu } from '../compile.ts';
import { step, type StepContext } from '../step.ts';
import { writeImages } from './images.ts';
import { requireIntegers } from './integers.ts';
import { endsOf, type GlowNetwork, shapeOfEnd } from './network.ts';
import { measure, prepare, requireGlowFormat } from './profileByGlow.ts';
import type { GlowRequest } from './request.ts';

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
  await requireGlowFormat(request.model);
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
  const { bytes, isOnnx, model, abilities } = await prepare(tools, request, context);
  if (!isQuantized) await requireIntegers(tools, abilities, quantization, runOptions);
  const given = request.profile;
  if (given) checkProfile(given.text, given.file);
  const images = given || isQuantized ? undefined : await writeImages(folder, request, context);
  const ends = endsOf(network);
  const { extraArguments } = request;
  const options = { ...quantization, ...model, core, networkName: network.name, isQuantized, extraArguments };
  const about = { ...runOptions, model: path.basename(request.model), profileFile: given?.file };
  const compileAs = async (file: Uint8Array): Promise<GlowAttempt> => {
    await writeFile(path.join(folder, model.modelFile), file);
    if (images) progress('Glow measures ranges');
    const profile = images
      ? await measure(folder, tools, abilities, file, model, images, request, context)
      : given?.text;
    if (profile !== undefined) await writeFile(path.join(folder, WORK_FILES.profile), profile);
    progress('Glow compiles');
    const result = await compileWithGlow(tools, abilities, folder, ends, options, about);
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
 * @param mayMeasure the profile is not the user's, which is of the model as it is
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
  throw new UserError(
    'toolchain',
    say`Glow leaves the output ${result.floatOutputs[0]!} in float.`,
    !isOnnx
      ? say`Convert the model with integers as inputs and outputs.`
      : mayMeasure
        ? { do: 'useBuiltinCompiler' }
        : { do: 'measureInstead' },
  );
}

/** A placeholder with the shape that the model has. */
function shapedAs(network: GlowNetwork, placeholder: Placeholder): Placeholder {
  return { ...placeholder, shape: shapeOfEnd(network, placeholder.name) ?? placeholder.shape };
}
