import type { Services } from '../../services.ts';
import type { ToolPaths } from '../../toolchain/find.ts';

/** Tools set by hand in the settings. */
export function toolPaths(services: Services): ToolPaths {
  const gcc = services.settings.toolchainPath();
  return gcc === '' ? {} : { gcc };
}
