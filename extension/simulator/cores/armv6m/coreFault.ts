import type { Sentence } from '../../../common/errors/sentence.ts';

/** The breakpoint by which firmware calls a debugger (BKPT 0xAB). */
export const SEMIHOSTING = 0xab;

/** What made the core fault. `address` is the data address, or the address that could not be executed. */
export type FaultCause =
  | {
      readonly kind: 'bus';
      readonly access: 'read' | 'write';
      readonly size: number;
      readonly why?: Sentence;
    }
  | { readonly kind: 'unaligned'; readonly access: 'read' | 'write'; readonly size: number }
  | { readonly kind: 'fetch' }
  | { readonly kind: 'undefined'; readonly instruction: number }
  | { readonly kind: 'arm-state' }
  | { readonly kind: 'breakpoint'; readonly number: number }
  | { readonly kind: 'svc'; readonly number: number }
  | { readonly kind: 'exception-return'; readonly value: number }
  | { readonly kind: 'stacking' }
  | { readonly kind: 'vector'; readonly exception: number };

/**
 * Thrown inside the core when an instruction cannot complete; becomes a HardFault and never leaves the simulator. Not an
 * Error: nobody needs its stack trace, and making one would cost more than all the rest.
 */
export class CoreFault {
  readonly reason: FaultCause;
  readonly address: number | undefined;

  constructor(reason: FaultCause, address: number | undefined) {
    this.reason = reason;
    this.address = address === undefined ? undefined : address >>> 0;
  }
}
