import { C_TYPE_BYTES, type CType } from './types.ts';

/** C statements: lines, and blocks of them in braces. */
export type Code = readonly Statement[];
export type Statement = string | Block;

export interface Block {
  /** The line that opens it, such as `for (...) {`. */
  readonly head: string;
  readonly body: Code;
  /** The line that closes it. */
  readonly tail: string;
}

/** `head { body }`; `tail` is what stands behind the brace that closes it, such as ` while (p != end);`. */
export function block(head: string, body: Code, tail = ''): Block {
  return { head: head === '' ? '{' : `${head} {`, body, tail: `}${tail}` };
}

/** Text of statements, indented two spaces a level. */
export function textLines(code: Code, level = 1): string[] {
  const indent = '  '.repeat(level);
  return code.flatMap((s) =>
    typeof s === 'string'
      ? [s === '' ? '' : indent + s]
      : [indent + s.head, ...textLines(s.body, level + 1), indent + s.tail],
  );
}

/** `expr + n`, `expr - n` or `expr`. */
export function plus(expr: string, n: number): string {
  if (n === 0) return expr;
  if (expr === '') return intLiteral(n);
  return n > 0 ? `${expr} + ${n}` : n === -2147483648 ? `${expr} + ${intLiteral(n)}` : `${expr} - ${-n}`;
}

/** An int32 constant; the smallest has no literal of its own in C. */
export function intLiteral(n: number): string {
  return n === -2147483648 ? '(-2147483647 - 1)' : String(n);
}

/** `expr * n` without the factor 1. */
export function times(expr: string, n: number): string {
  return n === 1 ? expr : `${expr} * ${n}`;
}

/** Element `offset` behind a pointer. */
export function at(pointer: string, offset: number): string {
  return `${pointer}[${offset}]`;
}

/** A byte pointer as a pointer to constants of another type; by way of void where that is wider, so that no compiler doubts its alignment. */
export function pointerTo(type: CType, bytes: string): string {
  const wide = C_TYPE_BYTES[type] === 1 ? '' : '(const void *)';
  return type === 'uint8_t' ? bytes : `(const ${type} *)${wide}(${bytes})`;
}

/** The same for memory that is written. */
export function writablePointerTo(type: CType, bytes: string): string {
  const wide = C_TYPE_BYTES[type] === 1 ? '' : '(void *)';
  return type === 'uint8_t' ? bytes : `(${type} *)${wide}(${bytes})`;
}

/** Moves a pointer, or nothing when the distance is 0. */
export function advance(pointer: string, distance: number): Code {
  if (distance === 0) return [];
  return [distance > 0 ? `${pointer} += ${distance};` : `${pointer} -= ${-distance};`];
}

/** Repeats statements n times with a counter that runs down; no loop at all for n = 1. */
export function repeat(counter: string, n: number, body: Code): Code {
  if (n === 1) return body;
  return [block(`for (uint32_t ${counter} = ${n}; ${counter} != 0; ${counter}--)`, body)];
}

/** A float32 constant with enough digits to be read back exactly. */
export function floatLiteral(x: number): string {
  return `${x.toExponential(8)}f`;
}
