import { buildProject, type BuiltFirmware } from '../../toolchain/build.ts';
import type { ToolPaths } from '../../toolchain/find.ts';
import { whileAlone } from '../folders/outputFolder.ts';
import { openChosenSdk } from '../sdk.ts';
import { step, type StepContext } from './step.ts';

/**
 * Builds a generated project.
 * @param sdk where the SDK is now that the project is built on, when it has moved
 *
 * @throws UserError `toolchain`, `board` (too large), `input` (no project there, or another GlowPort is at it)
 */
export async function build(
  project: string,
  tools: ToolPaths | undefined,
  context: StepContext = {},
  sdk?: string,
): Promise<BuiltFirmware> {
  return step(
    context,
    'build',
    'firmware',
    () =>
      whileAlone(project, async () =>
        buildProject(project, {
          paths: tools ?? {},
          signal: context.signal,
          log: context.log,
          ...(sdk === undefined
            ? {}
            : { sdk: await openChosenSdk(sdk, { set: tools?.sdk, signal: context.signal }) }),
        }),
      ),
    ({ size }) => `firmware, flash ${size.flashBytes} B, RAM ${size.ramBytes} B`,
  );
}
