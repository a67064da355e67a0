/** Pieces of C text. */

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

/** A byte pointer as a pointer to another type; by way of void where that is wider, so that no compiler doubts its alignment. */
export function pointerTo(type: string, bytes: string): string {
  const wide = type.endsWith('int8_t') ? '' : '(const void *)';
  return type === 'uint8_t' ? bytes : `(const ${type} *)${wide}(${bytes})`;
}

/** A table in the constant memory. */
export function tableAt(type: string, offset: number): string {
  return pointerTo(type, `constants + ${offset}`);
}

/** Moves a pointer, or nothing when the distance is 0. */
export function advance(pointer: string, distance: number): string[] {
  if (distance === 0) return [];
  return [distance > 0 ? `${pointer} += ${distance};` : `${pointer} -= ${-distance};`];
}

/** Repeats statements n times with a counter that runs down; no loop at all for n = 1. */
export function repeat(counter: string, n: number, body: readonly string[]): string[] {
  if (n === 1) return [...body];
  return [`for (uint32_t ${counter} = ${n}; ${counter} != 0; ${counter}--) {`, ...body, '}'];
}

/** Indents lines by their braces. */
export function indent(lines: readonly string[], level = 1): string[] {
  let depth = level;
  return lines.flatMap((line) => {
    const closes = /^[})]/.test(line);
    if (closes) depth--;
    const text = line === '' ? '' : '  '.repeat(Math.max(0, depth)) + line;
    if (/[{(]$/.test(line)) depth++;
    return [text];
  });
}
