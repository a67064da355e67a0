import type { Sentence } from '../../common/errors/sentence.ts';
import type { Watchpoint } from '../../simulator/machine/bus.ts';
import type { FaultCause } from '../../simulator/cores/coreFault.ts';
import type { Fault } from '../../simulator/run/simulation.ts';

/** Why a board under a debugger stands. */
export type Stop =
  | { readonly kind: 'step' } // what was asked for has been done
  | { readonly kind: 'interrupt' }
  | { readonly kind: 'breakpoint' }
  | { readonly kind: 'watchpoint'; readonly watchpoint: Watchpoint; readonly address: number }
  | { readonly kind: 'fault'; readonly fault: Fault; readonly cause: FaultCause }
  | { readonly kind: 'exited' } // by a semihosting call
  | { readonly kind: 'compared'; readonly sentence: Sentence } // a network's tensors with the PC's
  | { readonly kind: 'begin' }; // the past is known from here on only

/**
 * What runs: each `next()` computes for some milliseconds and yields how many milliseconds to wait before the next one, so
 * that waiting firmware takes the time it would take; it returns why it has stopped.
 */
export type Running = Generator<number, Stop>;
