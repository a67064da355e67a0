import { UserError } from '../../common/error.ts';
import { say } from '../../common/errors/sentence.ts';
import { K32L2B31 } from '../mcus/k32l2b31.ts';
import { lpc845m301 } from '../mcus/lpc845m301.ts';
import { MKE02Z64 } from '../mcus/mke02z64.ts';
import { MKE04Z8 } from '../mcus/mke04z8.ts';
import { mke16z64 } from '../mcus/mke16z64.ts';
import { MKV11Z128 } from '../mcus/mkv11z128.ts';
import type { SimulatedBoard } from '../machine/mcu.ts';

/** The boards the simulator can be. */
export const simulatedBoards: readonly SimulatedBoard[] = [
  { id: 'frdmke02z40m', name: 'FRDM-KE02Z40M', mcu: MKE02Z64 },
  { id: 'frdmke04z', name: 'FRDM-KE04Z', mcu: MKE04Z8 },
  { id: 'frdmke16z', name: 'FRDM-KE16Z', mcu: mke16z64 },
  { id: 'frdmk32l2b', name: 'FRDM-K32L2B', mcu: K32L2B31 },
  { id: 'frdmkv11z', name: 'FRDM-KV11Z', mcu: MKV11Z128 },
  { id: 'lpc845breakout', name: 'LPC845BREAKOUT', mcu: lpc845m301 },
];

/** @throws UserError `board` when the simulator does not have it. */
export function findSimulatedBoard(id: string): SimulatedBoard {
  const board = simulatedBoards.find((b) => b.id === id);
  if (board) return board;
  throw new UserError('board', say`The board "${id}" cannot be simulated.`, {
    do: 'chooseBoard',
    which: 'simulated',
  });
}
