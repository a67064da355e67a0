import { stat } from 'node:fs/promises';
import path from 'node:path';
import { throwIfCancelled } from '../../common/error.ts';
import { checkBundleName } from '../../project/names.ts';
import type { PortChoices } from '../choices/choices.ts';
import { answerOf } from '../data/task.ts';
import { readLabels } from '../data/labels.ts';
import { filesOf, type TestInput } from '../data/testInput.ts';
import { readBundle } from '../folders/bundleFolder.ts';
import { gccOptions, modelSize } from '../steps/compile.ts';
import { endsOf, networkOf } from '../steps/glow/network.ts';
import { isUnread, readModel } from '../steps/readModel.ts';
import { requireObjectFor } from '../steps/requireObjectFor.ts';
import type { StepContext } from '../steps/step.ts';
import { boardOfPort } from './boardOfPort.ts';
import type { FirmwareOptions } from './firmware.ts';
import { type CompiledResult, portCompiled } from './portCompiled.ts';

/** What can be chosen for the port of a bundle. */
export type BundleChoices = Pick<
  PortChoices,
  | 'board'
  | 'out'
  | 'labels'
  | 'task'
  | 'threshold'
  | 'sdk'
  | 'run'
  | 'port'
  | 'weights'
  | 'console'
  | 'defines'
  | 'image'
  | 'sound'
  | 'normalize'
> & {
  /** Folder of the bundle, or its NAME.h. */
  readonly bundle: string;
  /** What the firmware holds and runs. */
  readonly input: TestInput;
  /** Placeholders that are outputs, where nothing else tells; empty when they were not named. */
  readonly outputs: readonly string[];
  /**
   * The model that the bundle was made of: it tells the outputs, and where GlowPort reads it, what the board prints is compared
   * with the float network's results.
   */
  readonly model?: string | undefined;
};

/**
 * From a bundle that was there, such as one made by hand with Glow's tools, to firmware that ran. Without its model nothing on
 * the PC computes it, so the board's results are compared with nothing.
 *
 * @throws UserError of any code; see each step
 */
export async function portBundle(
  choices: BundleChoices,
  context: StepContext = {},
  options: FirmwareOptions & { readonly fitAll?: boolean | undefined } = {},
): Promise<CompiledResult> {
  throwIfCancelled(context.signal);
  const { tools } = options;
  const { board, sdk } = await boardOfPort(choices, tools, context.signal);
  const { model: file, outputs, defines, weights } = choices;
  // only asked what goes in and out of it where GlowPort does not read it
  const asked = file === undefined ? undefined : { model: file, name: undefined, defines };
  const model = asked && (await readModel({ ...asked, compiler: 'glow' }, tools, context));
  const graph = model && !isUnread(model) ? model.graph : undefined;
  const network = model && (isUnread(model) ? model.network : networkOf(model.graph));
  const bundle = await readBundle(choices.bundle, { ends: network && endsOf(network), outputs });
  checkBundleName(bundle.name);
  requireObjectFor(board, bundle);
  const answer = answerOf(graph, bundle.placeholders, choices);
  const labels = await labelsOf(choices, model?.file);
  const size = await modelSize(
    { ...bundle, object: bundle.object! },
    weights,
    gccOptions(board, tools, context),
  );
  return portCompiled(
    {
      ...{ board, sdk, bundle, size, answer, labels, drawing: undefined, graph },
      ...{ compiler: undefined, insteadBecause: undefined, floatKinds: [] },
      modelName: model && path.basename(model.file),
      inputs: [...filesOf(choices.input), ...(model ? [model.file] : [])].map((p) => path.resolve(p)),
    },
    choices,
    options,
    context,
  );
}

/** Class names: of the file chosen, else of labels.txt beside the model, else of the one in the bundle's folder. */
async function labelsOf(
  { bundle, labels }: BundleChoices,
  model: string | undefined,
): Promise<readonly string[]> {
  const isFolder = (await stat(bundle).catch(() => undefined))?.isDirectory() === true;
  return readLabels(model ?? (isFolder ? path.join(bundle, 'labels.txt') : bundle), labels);
}
