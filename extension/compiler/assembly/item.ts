import type { Condition, Low } from './registers.ts';

/** A place that branches go to; two labels of the same name are two places. */
export interface Label {
  readonly name: string;
}

/** What every item knows of its own place in the code. */
interface Placed {
  /** How often it is executed in one call of the function, as predicted; need not be a whole number. */
  readonly times: number;
  /** A literal pool before it would part a conditional branch from its flags or its target. */
  readonly closed: boolean;
}

export interface Instruction extends Placed {
  readonly kind: 'instruction';
  readonly text: string;
  /** For the reader, beside it. */
  readonly note?: string | undefined;
  readonly bytes: 2 | 4;
  /** On Cortex-M0+ at zero wait states. */
  readonly cycles: number;
  /** Control does not go on behind it. */
  readonly stops: boolean;
}

/** A constant that a load takes from a literal pool. */
export interface LiteralLoad extends Placed {
  readonly kind: 'literal';
  readonly register: Low;
  readonly value: number;
}

export interface Branch extends Placed {
  readonly kind: 'branch';
  /** Undefined: always. */
  readonly condition: Condition | undefined;
  readonly target: Label;
  /** Share of its executions, 0..1, in which it is taken, as predicted. */
  readonly taken: number;
  /** The link register is free, so that BL, which reaches everywhere, may stand for B. */
  readonly mayLink: boolean;
}

/** BL to a subroutine within the function. */
export interface Call extends Placed {
  readonly kind: 'call';
  readonly target: Label;
}

export interface Place extends Placed {
  readonly kind: 'label';
  readonly label: Label;
}

export interface Comment extends Placed {
  readonly kind: 'comment';
  readonly text: string;
}

export type Item = Instruction | LiteralLoad | Branch | Call | Place | Comment;

/** Cycles on Cortex-M0+ at zero wait states (Cortex-M0+ Technical Reference Manual, DDI 0484, table 3-1). */
export const CYCLES = {
  /** Moves, arithmetic, logic, shifts, MULS with the one-cycle multiplier. */
  plain: 1,
  /** One register loaded or stored. */
  memory: 2,
  /** LDM, STM, PUSH, POP: and one more for each register. */
  multiple: 1,
  /** POP that returns: this and one for each register. */
  popReturn: 3,
  branchTaken: 2,
  branchNotTaken: 1,
  branchLink: 3,
  branchExchange: 2,
} as const;
