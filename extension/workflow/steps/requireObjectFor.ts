import type { BoardData } from '../../board/catalogue.ts';
import type { Bundle } from '../../bundle/bundle.ts';
import { UserError } from '../../common/error.ts';
import { say } from '../../common/errors/sentence.ts';
import { isForCore, passesFloatsInRegisters } from '../../toolchain/armObject.ts';
import { readElf } from '../../toolchain/elf.ts';

/**
 * Refuses a bundle of another processor: a linker's message about it comes late and says little.
 * @throws UserError `board`
 */
export function requireObjectFor(board: BoardData, bundle: Bundle): void {
  if (!bundle.object) return; // told by networkFiles
  const elf = readElf(bundle.object);
  if (isForCore(elf, board.core) && passesFloatsInRegisters(elf) === board.fpu) return;
  throw new UserError(
    'board',
    say`The bundle "${bundle.name}" was compiled for another processor than ${board.name}'s.`,
    { do: 'compileForBoard', board: board.id },
  );
}
