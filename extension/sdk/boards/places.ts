import path from 'node:path';
import type { SdkLayout } from '../layout.ts';

/** Folders of a board's own files, relative to the SDK's root; those of the core that is built for go first. */
export function boardFolderOf(layout: SdkLayout, id: string): string {
  return layout === 'mcuxsdk' ? `examples/_boards/${id}` : `boards/${id}`;
}

/** Where board.c, clock_config.c and pin_mux.c of hello_world may be; each folder's core folder goes first. */
export function sourcePlaces(board: string, core: string, file: string): string[] {
  const pins = file.startsWith('pin_mux')
    ? ['demo_apps/hello_world', 'common/pin_mux', 'demo_apps/new_project', 'project_template']
    : ['.', 'common/clock', 'common', 'project_template'];
  return pins.flatMap((folder) =>
    (core === '' ? ['.'] : [core, '.']).map((inner) => path.posix.join(board, folder, inner, file)),
  );
}
