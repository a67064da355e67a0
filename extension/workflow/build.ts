import { buildProject, type BuiltFirmware } from '../toolchain/build.ts';
import type { ToolPaths } from '../toolchain/find.ts';
import { step, type StepContext } from './steps.ts';

/**
 * Builds a generated project.
 *
 * @throws PortError `toolchain`, `board` (too large), `input` (no project there)
 */
export async function build(
  project: string,
  tools: ToolPaths | undefined,
  context: StepContext = {},
): Promise<BuiltFirmware> {
  return step(
    context,
    'build',
    'firmware',
    () => buildProject(project, { paths: tools ?? {}, signal: context.signal, log: context.log }),
    ({ size }) => `firmware, flash ${size.flashBytes} B, RAM ${size.ramBytes} B`,
  );
}
