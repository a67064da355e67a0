import os from 'node:os';
import * as vscode from 'vscode';
import { parseGlowSetting } from '../../glow/find.ts';
import type { Services } from '../services.ts';
import type { ToolPaths } from '../../toolchain/find.ts';

/**
 * Tools set by hand in the settings. A relative place of Glow starts from the workspace's first folder, else from the home folder.
 * @throws UserError `usage` when Glow's setting is no path and no command
 */
export function toolPaths(services: Services): ToolPaths {
  const gcc = services.settings.toolchainPath();
  const gdb = services.settings.gdbPath();
  const base = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? os.homedir();
  const glow = parseGlowSetting(services.settings.glowPath(), base);
  const sdk = services.settings.sdkPath();
  return {
    ...(gcc === '' ? {} : { gcc }),
    ...(gdb === '' ? {} : { gdb }),
    ...(glow === undefined ? {} : { glow }),
    ...(sdk === '' ? {} : { sdk }),
  };
}
