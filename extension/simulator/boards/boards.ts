import { type BoardData, boards } from '../../board/catalogue.ts';
import { UserError } from '../../common/error.ts';
import { say } from '../../common/errors/sentence.ts';
import type { Mcu, SimulatedBoard } from '../machine/mcu.ts';
import * as described from '../mcus/all.ts';
import { simulatedBoard } from './simulatedBoard.ts';

const mcus: readonly Mcu[] = Object.values(described);

let simulated: readonly SimulatedBoard[] | undefined;

/** The boards of the catalogue whose microcontroller, with the UART of their console, has a description here. */
export function simulatedBoards(): readonly SimulatedBoard[] {
  simulated ??= boards().flatMap((board) => {
    const mcu = mcus.find((m) => m.partNumber === board.partNumber);
    return (mcu && simulatedBoard(board, mcu)) ?? [];
  });
  return simulated;
}

export function isSimulated(board: Pick<BoardData, 'id'>): boolean {
  return simulatedBoards().some((b) => b.id === board.id);
}

/** @throws UserError `board` when the simulator does not have it. */
export function findSimulatedBoard(id: string): SimulatedBoard {
  const board = simulatedBoards().find((b) => b.id === id);
  if (board) return board;
  throw new UserError('board', say`The board "${id}" cannot be simulated.`, {
    do: 'chooseBoard',
    which: 'simulated',
  });
}
