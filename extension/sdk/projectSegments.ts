import path from 'node:path';
import type { BoardData } from '../board/catalogue.ts';
import { readSmall } from '../common/regularFile.ts';

/** Longest prj.conf that is read; they have some kilobytes. */
const MAX_CONF = 256 * 1024;

/** Folders below a board's that its prj.conf chooses from (examples/_common/project_segments/common of SDK 24.12). */
const CLOCK_FOLDERS: Readonly<Record<string, string>> = {
  clock: '.',
  clock_board_folder: 'common/clock',
  clock_board_core_folder: 'common/clock/cm7',
};

/**
 * The clock_config.c that a board's prj.conf names in SDK 24.12 and newer, where examples have others of their own; undefined where
 * none does.
 */
export async function clockSource(root: string, { id, core }: BoardData): Promise<string | undefined> {
  const board = `examples/_boards/${id}`;
  // of two cores the Cortex-M7 is ours, and its settings come last
  const files = core === 'cortex-m7' ? ['prj.conf', 'cm7/prj.conf'] : ['prj.conf'];
  let chosen: string | undefined;
  for (const file of files) {
    const text = (await readSmall(path.join(root, board, file), MAX_CONF))?.toString('utf8') ?? '';
    for (const [, name] of text.matchAll(
      /^CONFIG_MCUX_PRJSEG_module\.board\.(clock\w{0,40})=y[ \t]*\r?$/gm,
    )) {
      chosen = CLOCK_FOLDERS[name!] ?? chosen;
    }
  }
  return chosen === undefined ? undefined : path.posix.join(board, chosen, 'clock_config.c');
}
