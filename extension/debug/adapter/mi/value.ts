/** A value of GDB's machine interface: a text, a tuple of named values, or a list. */
export type MiValue = string | MiTuple | readonly MiValue[];
export type MiTuple = ReadonlyMap<string, MiValue>;

/** One line of GDB's machine interface ("GDB/MI Output Syntax" in its manual). */
export type MiRecord =
  /** The answer to the command with this token. */
  | {
      readonly kind: 'result';
      readonly token: number | undefined;
      readonly class: string;
      readonly results: MiTuple;
    }
  /** What happens: `exec` that the target runs or stands, `status` progress, `notify` anything else. */
  | { readonly kind: 'exec' | 'status' | 'notify'; readonly class: string; readonly results: MiTuple }
  /** Text for a console, of the target, or for the log. */
  | { readonly kind: 'console' | 'target' | 'log'; readonly text: string }
  | { readonly kind: 'prompt' };

/** The text of this name; undefined when there is none. */
export function textOf(tuple: MiTuple, name: string): string | undefined {
  const value = tuple.get(name);
  return typeof value === 'string' ? value : undefined;
}

/** The tuple of this name; undefined when there is none. */
export function tupleOf(tuple: MiTuple, name: string): MiTuple | undefined {
  const value = tuple.get(name);
  return value instanceof Map ? (value as MiTuple) : undefined;
}

/** The values of the list of this name; empty when there is none. */
export function listOf(tuple: MiTuple, name: string): readonly MiValue[] {
  const value = tuple.get(name);
  return Array.isArray(value) ? (value as readonly MiValue[]) : [];
}

/** The tuples in the list of this name. */
export function tuplesOf(tuple: MiTuple, name: string): readonly MiTuple[] {
  return listOf(tuple, name).filter((value): value is MiTuple => value instanceof Map);
}

/** The number of this name, in decimal or with 0x; undefined when there is none. */
export function numberOf(tuple: MiTuple, name: string): number | undefined {
  const number = Number(textOf(tuple, name) || NaN);
  return Number.isFinite(number) ? number : undefined;
}
