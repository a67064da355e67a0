import path from 'node:path';
import type { Bundle } from '../../bundle/bundle.ts';
import { UserError } from '../../common/error.ts';
import { say } from '../../common/errors/sentence.ts';
import { BUNDLE_FOLDER } from '../../project/layout.ts';
import { PORT_FILE } from '../../project/portFile.ts';
import { readBuildPlan } from '../../toolchain/buildPlanFile.ts';
import { readConfig } from '../choices/config.ts';
import { readBundle } from '../folders/bundleFolder.ts';
import { portedNetwork } from '../port/portedNetwork.ts';
import type { StepContext } from '../steps/step.ts';
import { runnerOf } from '../tasks/tasks.ts';

type Numbers = ReadonlyMap<string, ArrayLike<number>>;

/** What a debugger has to know of a firmware's network (debug/network/debuggedNetwork.ts). */
export interface ProjectNetwork extends Pick<Bundle, 'name' | 'placeholders' | 'layers' | 'states'> {
  /** The network on the PC. @throws UserError as `portedNetwork` and `readConfig` do */
  readonly pc: () => Promise<(inputs: Numbers, states: Numbers) => Promise<Numbers>>;
}

/**
 * The network of a project that a port has generated: where its tensors lie the bundle tells, and what they are to hold is computed when it
 * is asked for, from the model and the samples.
 *
 * @throws UserError `input` when the folder holds no such project, or Glow or an earlier GlowPort compiled the network
 */
export async function debuggedNetwork(project: string, context: StepContext = {}): Promise<ProjectNetwork> {
  const { network } = await readBuildPlan(project);
  if (!('source' in network)) {
    throw new UserError('input', say`Glow compiled this network, and does not tell where its layers write.`, {
      do: 'useBuiltinCompiler',
    });
  }
  const { name, placeholders, layers, states = [] } = await readBundle(project);
  if (layers.some((l) => l.output === undefined)) {
    throw new UserError(
      'input',
      say`An earlier GlowPort did not write down where the layers of "${name}" write.`,
      {
        do: 'portModel',
      },
    );
  }
  return {
    ...{ name, placeholders, layers, states },
    pc: async () => {
      const choices = await readConfig(path.join(project, PORT_FILE));
      const bundleFolder = path.join(project, BUNDLE_FOLDER);
      const { quantized } = await portedNetwork({ choices, bundleFolder, compiler: 'builtin' }, context);
      if (!quantized) throw new Error('the built-in compiler gave no quantized graph');
      const values = layers.map((l) => l.output!.value);
      return (inputs, states) =>
        runnerOf(context)('interpretNetwork', { quantized, inputs, states, values }, context);
    },
  };
}
