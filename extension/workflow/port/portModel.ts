import path from 'node:path';
import { throwIfCancelled } from '../../common/error.ts';
import { sampleFiles } from '../../data/sample.ts';
import { checkBundleName } from '../../project/names.ts';
import type { PortChoices } from '../choices/choices.ts';
import { filesOf, testInput } from '../data/testInput.ts';
import { answerOf } from '../data/task.ts';
import { readLabels } from '../data/labels.ts';
import { compileUnread } from '../steps/glow/compileUnread.ts';
import { isUnread, readModel, type UnreadModel } from '../steps/readModel.ts';
import type { StepContext } from '../steps/step.ts';
import { type BoardAndSdk, boardOfPort } from './boardOfPort.ts';
import { type PortOptions, portLoaded } from './port.ts';
import { type AnyPortResult, type CompiledResult, portCompiled } from './portCompiled.ts';

/**
 * From a model file to firmware that ran: as `port` does, and for a model that GlowPort does not read with Glow, where that may
 * compile it.
 *
 * @throws UserError of any code; see each step
 */
export async function portModel(
  choices: PortChoices,
  context: StepContext = {},
  options: PortOptions = {},
): Promise<AnyPortResult> {
  throwIfCancelled(context.signal);
  const { tools } = options;
  const where = await boardOfPort(choices, tools, context.signal);
  const model = await readModel(choices, tools, context);
  return isUnread(model)
    ? portUnread(model, where, choices, context, options)
    : portLoaded(model, where, choices, context, options);
}

/** Nothing on the PC computes what GlowPort does not read, so that the result is compared with nothing. */
async function portUnread(
  model: UnreadModel,
  { board, sdk }: BoardAndSdk,
  choices: PortChoices,
  context: StepContext,
  options: PortOptions,
): Promise<CompiledResult> {
  const { file, network } = model;
  checkBundleName(network.name);
  const labels = await readLabels(file, choices.labels);
  const { tools, glowCache } = options;
  const { compiled, samples } = await compileUnread(model, { ...choices, board, tools, glowCache }, context);
  const input = await testInput(choices.input, samples);
  const { bundle, size, drawing, floatKinds, insteadBecause } = compiled;
  const answer = answerOf(undefined, bundle.placeholders, choices);
  return portCompiled(
    {
      ...{ board, sdk, bundle, size, drawing, floatKinds, insteadBecause, labels },
      ...{ graph: undefined, compiler: 'glow', answer },
      modelName: path.basename(file),
      inputs: [file, ...filesOf(input), ...samples.flatMap(sampleFiles)],
    },
    { ...choices, input },
    options,
    context,
  );
}
