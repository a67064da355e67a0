import type { BoardData } from '../board/catalogue.ts';

/**
 * Oldest release that firmware for a board can be built on: of 2.9 and older the files are others, and current binutils do not
 * read the linker scripts that 2.10 has for i.MX RT.
 */
export function oldestRelease({ core }: BoardData): string {
  return core === 'cortex-m7' ? '2.11.0' : '2.10.0';
}

/** Whether a release, such as `2.9.0`, is too old for a board; one that the SDK does not say is not. */
export function isTooOld(release: string | undefined, board: BoardData): boolean {
  return release !== undefined && release.localeCompare(oldestRelease(board), 'en', { numeric: true }) < 0;
}
