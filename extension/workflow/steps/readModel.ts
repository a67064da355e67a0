import path from 'node:path';
import { UserError } from '../../common/error.ts';
import { say } from '../../common/errors/sentence.ts';
import { readBounded } from '../../common/files.ts';
import { readSmall, readStart } from '../../common/regularFile.ts';
import { isRead } from '../../model/formats/format.ts';
import { LIMITS } from '../../model/import/limits.ts';
import type { ToolPaths } from '../../toolchain/find.ts';
import type { PortChoices } from '../choices/choices.ts';
import { formatAt, networkName } from '../modelFile.ts';
import { runnerOf } from '../tasks/tasks.ts';
import { inspect, type LoadedModel } from './inspect.ts';
import type { GlowNetwork } from './glow/network.ts';
import { offerToGlow } from './glow/offerToGlow.ts';
import type { StepContext } from './step.ts';

/** A model that GlowPort does not read: what goes in and out of it, for Glow. */
export interface UnreadModel {
  /** Absolute path. */
  readonly file: string;
  readonly network: GlowNetwork;
  /** Why GlowPort does not read it, where Glow takes it instead; undefined where Glow was asked for. */
  readonly refusal: UserError | undefined;
}

export function isUnread(model: LoadedModel | UnreadModel): model is UnreadModel {
  return 'network' in model;
}

/**
 * Reads a model; one that the importer refuses, or whose format it does not read, is read as far as Glow needs it, where Glow
 * reads that format and may compile it.
 * @throws UserError as `inspect` and `offerToGlow` do
 */
export async function readModel(
  choices: Pick<PortChoices, 'model' | 'name' | 'defines' | 'compiler'>,
  tools: ToolPaths | undefined,
  context: StepContext = {},
): Promise<LoadedModel | UnreadModel> {
  try {
    return await inspect(choices, context);
  } catch (e) {
    if (!(e instanceof UserError) || choices.compiler === 'builtin') throw e;
    const format = await formatAt(choices.model);
    // a file that is damaged, or not there, is so for Glow too
    const isRefusal = e.code === 'model' || (format && !isRead(format) && (await isThere(choices.model)));
    if (!isRefusal || !format?.ends) throw e;
    if (choices.compiler === 'glow') return readEnds(choices, undefined, context);
    return offerToGlow(e, tools, () => readEnds(choices, e, context));
  }
}

/** Whether there is a file that can be read: one that is not has a format by its ending all the same. */
async function isThere(file: string): Promise<boolean> {
  return (await readStart(file, 1)) !== undefined;
}

/**
 * Whether a model has to be measured with sample images: not where its file tells that it is quantized already. Whatever else
 * is wrong with it is told by who compiles it.
 */
export async function needsSamples(file: string, context: Pick<StepContext, 'tasks'> = {}): Promise<boolean> {
  const format = await formatAt(file);
  if (!format?.ends) return true;
  const bytes = await readSmall(file, LIMITS.fileBytes).catch(() => undefined);
  const read = bytes && runnerOf(context)('readEnds', { file, bytes, defines: undefined });
  const ends = await read?.catch(() => undefined);
  return ends?.isQuantized !== true;
}

async function readEnds(
  { model: file, name, defines }: Pick<PortChoices, 'model' | 'name' | 'defines'>,
  refusal: UserError | undefined,
  context: StepContext,
): Promise<UnreadModel> {
  const bytes = await readBounded(file, LIMITS.fileBytes, say`model file`);
  const ends = await runnerOf(context)('readEnds', { file, bytes, defines }, context);
  return { file: path.resolve(file), network: { ...ends, name: networkName(file, name) }, refusal };
}
