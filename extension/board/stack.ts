import type { Board } from './board.ts';

/** r0 to r3, r12, lr, pc and xPSR (ARMv6-M manual, B1.5.6). */
const FRAME = 32;
/** s0 to s15, FPSCR and a word to fill up, where there is an FPU (ARMv7-M manual, floating-point context). */
const FPU_FRAME = 72;
/** A frame begins at a multiple of 8: the core skips a word where the stack is at none. */
const ALIGNMENT = 4;

/**
 * Bytes that firmware needs of the stack, when so many were measured in a run: SysTick's interrupt may come where the stack is
 * deepest, which the run may not have met. Its handler (templates/firmware/timer.c) keeps nothing on the stack.
 */
export function stackNeed(board: Pick<Board, 'fpu'>, measuredBytes: number): number {
  return measuredBytes + toDoubleWords(FRAME + (board.fpu ? FPU_FRAME : 0) + ALIGNMENT);
}

function toDoubleWords(bytes: number): number {
  return (bytes + 7) & ~7;
}
