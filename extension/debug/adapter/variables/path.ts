/** A value's place in an expression, so that it needs no brackets to be part of a larger one. */
function operand(expression: string): string {
  return /^[\w$]+$/.test(expression) ? expression : `(${expression})`;
}

/**
 * The expression of a child of a value, as C has it.
 * @param parent the value's expression and type. @param name what GDB calls the child: a member, an index, `*` and the parent
 */
export function childExpression(
  parent: { readonly expression: string; readonly type: string },
  name: string,
): string {
  const of = operand(parent.expression);
  if (name.startsWith('<anonymous')) return parent.expression; // its members are the parent's
  if (name.startsWith('*')) return `*${of}`;
  if (/^-?\d+$/.test(name)) return `${of}[${name}]`;
  return parent.type.trimEnd().endsWith('*') ? `${of}->${name}` : `${of}.${name}`;
}

/** The address that a pointer's value begins with; undefined when it is none. */
export function addressIn(value: string): string | undefined {
  return /^(?:\([^)]{1,200}\) ?)?(0x[0-9a-f]{1,8})\b/.exec(value)?.[1];
}
