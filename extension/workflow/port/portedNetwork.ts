import path from 'node:path';
import { findBoard } from '../../board/catalogue.ts';
import type { Bundle } from '../../bundle/bundle.ts';
import { UserError } from '../../common/error.ts';
import { say } from '../../common/errors/sentence.ts';
import { rawUnitsOf } from '../../data/normalize/rawUnits.ts';
import type { Graph } from '../../model/graph.ts';
import { placeInProject } from '../../project/layout.ts';
import { wasGenerated } from '../../project/write.ts';
import type { QuantizedGraph } from '../../quantize/quantizedGraph.ts';
import { readBundle } from '../folders/bundleFolder.ts';
import type { PortChoices } from '../choices/choices.ts';
import { targetOf } from '../steps/compile.ts';
import { inspect } from '../steps/inspect.ts';
import { profile } from '../steps/profile.ts';
import type { StepContext } from '../steps/step.ts';
import { runnerOf } from '../tasks/tasks.ts';

/** What a port leaves that says how its network came to be; plain data. */
export interface PortRecord {
  readonly choices: PortChoices;
  /** bundle/ of the project. */
  readonly bundleFolder: string;
  readonly compiler: 'builtin' | 'glow';
}

/**
 * The network of an earlier port: its bundle is read, the graph and its quantization are computed again from the model and
 * the samples.
 *
 * @throws UserError `input` when model, samples or GlowPort are not those of the port any more, which the bundle tells
 */
export async function portedNetwork(
  { choices, bundleFolder, compiler }: PortRecord,
  context: StepContext = {},
): Promise<{
  readonly graph: Graph;
  readonly quantized: QuantizedGraph | undefined;
  readonly bundle: Bundle;
}> {
  const bundle = await readBundle(bundleFolder);
  const { graph } = await inspect(choices, context);
  if (compiler === 'glow') return { graph, quantized: undefined, bundle };
  const { ranges, samples } = await profile(graph, choices.samples, choices, context);
  const { quantization, reuseInput: reuseInputs } = choices;
  const rawUnits = rawUnitsOf(graph.inputs, choices, samples[0]);
  const run = runnerOf(context);
  const quantized = await run('quantizeNetwork', { graph, ranges, quantization }, context);
  const { core, unrollBytes } = targetOf(findBoard(choices.board));
  const again = await run(
    'compileNetwork',
    { quantized, name: bundle.name, core, unrollBytes, reuseInputs, rawUnits },
    context,
  );
  const sources = new Map([
    [placeInProject(`${bundle.name}.h`), again.header],
    [placeInProject(`${bundle.name}.c`), again.source ?? ''],
  ]);
  // what the user made of the sources since is part of the firmware, but no other network
  const isSame =
    (await wasGenerated(path.dirname(bundleFolder), sources)) &&
    Buffer.compare(again.weights, bundle.weights) === 0;
  if (isSame) return { graph, quantized, bundle };
  throw new UserError(
    'input',
    say`The model, its samples or GlowPort have changed since the firmware was built.`,
    { do: 'portModel' },
  );
}
