import type { Board } from './board.ts';

/** r0 to r3, r12, lr, pc and xPSR (ARMv6-M manual, B1.5.6). */
const FRAME = 32;
/** s0 to s15, FPSCR and a word to fill up, where there is an FPU (ARMv7-M manual, floating-point context). */
const FPU_FRAME = 72;

/**
 * Bytes to reserve for firmware whose functions bring the stack so deep: SysTick's interrupt may come where it is deepest, and
 * its frame begins at a multiple of 8. The handler (templates/firmware/timer.c) keeps nothing on the stack.
 */
export function stackNeed(board: Pick<Board, 'fpu'>, bytes: number): number {
  return toDoubleWords(bytes) + FRAME + (board.fpu ? FPU_FRAME : 0);
}

function toDoubleWords(bytes: number): number {
  return (bytes + 7) & ~7;
}
