import type { Platform } from '../board/board.ts';
import { type BoardData, dataRam } from '../board/catalogue.ts';

/** Between which bytes an eighth of the RAM is taken. NXP's SDK calls through pointers, which hide how much it takes. */
const BOUNDS: Readonly<Record<Platform, { readonly least: number; readonly most: number }>> = {
  own: { least: 256, most: 512 },
  sdk: { least: 512, most: 8192 },
  semihost: { least: 512, most: 8192 },
};

/**
 * Bytes reserved for the stack: an eighth of the RAM within bounds, less where variables leave less, but never less than the
 * firmware needs. The SDK's own default (80 to 256 bytes on small Kinetis) is less than its PRINTF needs.
 * @param leftBytes RAM that variables leave
 * @param needBytes what the firmware needs, as far as it is known
 */
export function reservedStack(
  board: BoardData,
  platform: Platform,
  leftBytes: number,
  needBytes: number,
): number {
  const { least, most } = BOUNDS[platform];
  return Math.max(needBytes, Math.min(most, Math.max(least, dataRam(board).size >> 3), leftBytes & ~7));
}
