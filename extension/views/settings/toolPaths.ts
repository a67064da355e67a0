import { parseGlowSetting } from '../../glow/find.ts';
import type { Services } from '../services.ts';
import type { ToolPaths } from '../../toolchain/find.ts';

/** Tools set by hand in the settings. @throws UserError `usage` when Glow's setting is no path and no command */
export function toolPaths(services: Services): ToolPaths {
  const gcc = services.settings.toolchainPath();
  const glow = parseGlowSetting(services.settings.glowPath());
  const sdk = services.settings.sdkPath();
  return {
    ...(gcc === '' ? {} : { gcc }),
    ...(glow === undefined ? {} : { glow }),
    ...(sdk === '' ? {} : { sdk }),
  };
}
