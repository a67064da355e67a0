import type { Sentence } from '../../common/errors/sentence.ts';

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
 * Thrown by the core and what it reaches when an instruction cannot complete; becomes an exception of the core and never
 * leaves the simulator. Not an Error: nobody needs its stack trace, and making one would cost more than all the rest.
 */
export class CoreFault {
  readonly reason: FaultCause;
  readonly address: number | undefined;

  constructor(reason: FaultCause, address: number | undefined) {
    this.reason = reason;
    this.address = address === undefined ? undefined : address >>> 0;
  }
}

/** A fault as the core saw it. */
export interface FaultRecord {
  /** The exception it became, such as `HardFault`. */
  readonly exception: string;
  readonly cause: CoreFault;
  /** When it happened, by the manual's names: r0 to r12, sp, lr, pc (of the instruction at fault), xpsr. */
  readonly registers: Readonly<Record<string, number>>;
  /** A second fault on the way into, or inside, the fault's handler: the core stops for good. */
  readonly lockup: boolean;
}
