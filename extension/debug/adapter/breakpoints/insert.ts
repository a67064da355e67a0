import type { Gdb } from '../mi/gdb.ts';
import { type MiTuple, numberOf, textOf, tupleOf, tuplesOf } from '../mi/value.ts';
import { hitCondition } from './hitCondition.ts';
import type { WantedBreakpoint } from './wanted.ts';

/** A breakpoint that GDB has. */
export interface SetBreakpoint {
  /** GDB's number of it. */
  readonly number: string;
  /** Where it is; absent of watched data. */
  readonly line: number | undefined;
  readonly address: string | undefined;
  /** The variable of GDB's that its hits are counted in. */
  readonly counter: string | undefined;
}

let counters = 0;

/** Sets a breakpoint. @throws Error that says why it cannot be set */
export async function insert(gdb: Gdb, wanted: WantedBreakpoint): Promise<SetBreakpoint> {
  const counter = wanted.hitCondition?.trim() ? `$glowport_hits_${++counters}` : undefined;
  const condition = conditionOf(wanted, counter);
  if (counter !== undefined) await gdb.ask('-data-evaluate-expression', `${counter} = 0`);
  if (wanted.kind === 'data') return { ...(await watch(gdb, wanted, condition)), counter };
  const conditional = condition === undefined ? [] : ['-c', condition];
  const results = await gdb.ask('-break-insert', ...conditional, ...placeOf(wanted));
  const breakpoint = tupleOf(results, 'bkpt') ?? new Map<string, never>();
  const [first = breakpoint] = tuplesOf(breakpoint, 'locations');
  return {
    number: textOf(breakpoint, 'number') ?? '',
    line: numberOf(first, 'line'),
    address: textOf(first, 'addr'),
    counter,
  };
}

/** What both conditions come to; a hit counts when the first one holds. */
function conditionOf(
  { condition, hitCondition: hits }: WantedBreakpoint,
  counter?: string,
): string | undefined {
  const own = condition?.trim() ? condition : undefined;
  if (counter === undefined || hits === undefined) return own;
  const counted = hitCondition(hits, counter);
  return own === undefined ? counted : `(${own}) && ${counted}`;
}

function placeOf(wanted: Exclude<WantedBreakpoint, { readonly kind: 'data' }>): (string | number)[] {
  switch (wanted.kind) {
    case 'source':
      return ['--source', wanted.file, '--line', wanted.line];
    case 'function':
      return ['--function', wanted.name];
    case 'instruction':
      return [`*0x${wanted.address.toString(16)}`];
  }
}

const ACCESS = { write: [], read: ['-r'], readWrite: ['-a'] } as const;

async function watch(
  gdb: Gdb,
  { expression, access }: Extract<WantedBreakpoint, { readonly kind: 'data' }>,
  condition: string | undefined,
): Promise<Omit<SetBreakpoint, 'counter'>> {
  const results = await gdb.ask('-break-watch', ...ACCESS[access], expression);
  const [set] = [...results.values()].filter((value): value is MiTuple => value instanceof Map);
  const number = (set && textOf(set, 'number')) ?? '';
  try {
    if (condition !== undefined) await gdb.ask('-break-condition', number, condition);
  } catch (error) {
    await gdb.ask('-break-delete', number);
    throw error;
  }
  return { number, line: undefined, address: undefined };
}
