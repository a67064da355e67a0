import type { BoardData } from '../../board/catalogue.ts';
import { stackNeed } from '../../board/stack.ts';
import type { BuiltFirmware } from '../../toolchain/build.ts';
import { readElf } from '../../toolchain/elf.ts';
import { StackNeeds } from '../../toolchain/stack/need.ts';
import { readFirmware } from '../steps/run.ts';

/** Where firmware begins; all that runs is called from it, but for interrupts. */
const ENTRY = 'Reset_Handler';

/**
 * Stack that a board's firmware needs, an interrupt included.
 * @returns undefined where its code does not tell, as that of NXP's SDK, which calls through pointers
 * @throws UserError `input` when it is no ELF file
 */
export function stackOfFirmware(board: BoardData, firmware: Uint8Array): number | undefined {
  const stack = new StackNeeds(readElf(firmware)).of(ENTRY);
  return stack?.kind === 'known' ? stackNeed(board, stack.bytes) : undefined;
}

/**
 * Makes firmware, and once more when its code needs more stack than was reserved for it.
 * @param makeWith generates and builds it; bytes reserved for the stack, or the default
 * @returns `isKnown`: the stack suffices whatever happens; else only a run can tell
 * @throws UserError `board` when there is no room for that stack; what `makeWith` throws
 */
export async function withEnoughStack(
  board: BoardData,
  makeWith: (stackBytes?: number) => Promise<BuiltFirmware>,
): Promise<{ readonly built: BuiltFirmware; readonly isKnown: boolean }> {
  const built = await makeWith();
  const need = stackOfFirmware(board, await readFirmware(built.elf));
  const suffices = need === undefined || need <= built.size.stackBytes;
  return { built: suffices ? built : await makeWith(need), isKnown: need !== undefined };
}
