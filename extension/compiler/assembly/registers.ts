/** Registers that most Thumb-1 instructions reach. */
export type Low = 'r0' | 'r1' | 'r2' | 'r3' | 'r4' | 'r5' | 'r6' | 'r7';
/** Registers that only MOV, ADD and CMP reach. */
export type High = 'r8' | 'r9' | 'r10' | 'r11' | 'r12';
export type Register = Low | High | 'sp' | 'lr';

/** Conditions of branches, as CMP and the arithmetic instructions leave the flags. */
export type Condition = 'eq' | 'ne' | 'hs' | 'lo' | 'mi' | 'pl' | 'hi' | 'ls' | 'ge' | 'lt' | 'gt' | 'le';

const OPPOSITE: Readonly<Record<Condition, Condition>> = {
  ...{ eq: 'ne', ne: 'eq', hs: 'lo', lo: 'hs', mi: 'pl', pl: 'mi' },
  ...{ hi: 'ls', ls: 'hi', ge: 'lt', lt: 'ge', gt: 'le', le: 'gt' },
};

export function opposite(condition: Condition): Condition {
  return OPPOSITE[condition];
}
