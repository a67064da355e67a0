import path from 'node:path';
import { UserError } from '../../common/error.ts';
import { say } from '../../common/errors/sentence.ts';
import { readBounded } from '../../common/files.ts';
import { readSmall } from '../../common/regularFile.ts';
import { LIMITS } from '../../model/import/limits.ts';
import { needsSamples } from '../../quantize/already.ts';
import type { ToolPaths } from '../../toolchain/find.ts';
import type { PortChoices } from '../choices/choices.ts';
import { networkName } from '../modelFile.ts';
import { runnerOf } from '../tasks/tasks.ts';
import { inspect, type LoadedModel } from './inspect.ts';
import type { GlowNetwork } from './glow/network.ts';
import { glowFormat } from './glow/profileByGlow.ts';
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
 * Reads a model; one that the importer refuses is read as far as Glow needs it, where Glow reads that format and may compile it.
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
    // a file that is damaged is so for Glow too
    if (e.code !== 'model' || !(await glowFormat(choices.model))) throw e;
    if (choices.compiler === 'glow') return readEnds(choices, undefined, context);
    return offerToGlow(e, tools, () => readEnds(choices, e, context));
  }
}

/**
 * Whether a model has to be measured with samples: not where its file has the parameters of all of its values, or of some where
 * GlowPort does not read it. Whatever else is wrong with it is told by who compiles it.
 */
export async function modelNeedsSamples(
  file: string,
  context: Pick<StepContext, 'tasks'> = {},
): Promise<boolean> {
  if (!(await glowFormat(file))) return true;
  const bytes = await readSmall(file, LIMITS.fileBytes).catch(() => undefined);
  if (!bytes) return true;
  const run = runnerOf(context);
  const ends = await run('readEnds', { file, bytes, defines: undefined }).catch(() => undefined);
  if (ends?.isQuantized !== true) return true;
  const options = { name: networkName(file, undefined) };
  const graph = await run('readModel', { file, bytes, options }).catch(() => undefined);
  return graph !== undefined && needsSamples(graph);
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
