import { say } from '../../common/errors/sentence.ts';
import path from 'node:path';
import type { FileIndex } from './fileIndex.ts';
import type { LinkerMemories } from './linkerScript.ts';
import { notFound } from './problem.ts';

/** What a boot ROM wants at the start of an external flash. */
export interface BootParts {
  readonly kind: 'none' | 'flexspi' | 'flash_config';
  readonly defines: readonly string[];
}

/** What the sections of a linker script ask for. Pure. */
export function bootParts({ bootSections }: LinkerMemories): BootParts {
  if (bootSections.includes('.flash_conf'))
    return { kind: 'flash_config', defines: ['BOOT_HEADER_ENABLE=1'] };
  if (bootSections.length === 0) return { kind: 'none', defines: [] };
  return { kind: 'flexspi', defines: ['XIP_EXTERNAL_FLASH=1', 'XIP_BOOT_HEADER_ENABLE=1'] };
}

/** The sources that fill those sections; a board without them would not start. */
export async function bootSourcesOf(
  index: FileIndex,
  folder: string,
  deviceFolders: readonly string[],
  { kind }: BootParts,
  name: string,
): Promise<string[]> {
  if (kind === 'none') return [];
  const board = path.posix.basename(folder);
  const own =
    kind === 'flexspi'
      ? [`${folder}/xip/${board}_flexspi_nor_config.c`]
      : [`${folder}/flash_config/flash_config.c`, `${folder}/flash_config/${board}_flash_config.c`];
  const found: string[] = [];
  for (const file of own) if ((await index.text(file)) !== undefined) found.push(file);
  if (found.length === 0) throw notFound(name, say`the configuration of its flash`, own[0]!);
  if (kind === 'flash_config') return found;
  const boot = index.named('fsl_flexspi_nor_boot.c');
  const best =
    deviceFolders.map((d) => boot.find((at) => at.startsWith(`${d}/`))).find((at) => at !== undefined) ??
    boot.find((at) => !at.startsWith('devices/'));
  if (best === undefined) throw notFound(name, say`its boot header`, `${deviceFolders[0]!}/xip`);
  return [...found, best];
}
