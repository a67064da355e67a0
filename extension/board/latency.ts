import type { BoardData } from './catalogue.ts';

/**
 * Predicted time of one inference on the real board, in microseconds.
 * @param cycles of the board's core without wait states, as the compiler predicts or the simulated board counts them.
 * @returns the time, and what it rests on as a sentence.
 */
export function predictLatency(board: BoardData, cycles: number): { timeUs: number; note: string } {
  return { timeUs: (cycles * board.timing.cyclesFactor * 1e6) / board.coreClockHz, note: board.timing.note };
}
