/** Small pieces of Thumb-1 assembly (unified syntax). */

/** register += n in the fewest halfwords: immediates up to two of 255, else through a literal. */
export function addImmediate(register: string, n: number, scratch: string): string[] {
  if (n === 0) return [];
  const op = n > 0 ? 'adds' : 'subs';
  const size = Math.abs(n);
  if (size <= 255) return [`${op} ${register}, #${size}`];
  if (size <= 510) return [`${op} ${register}, #255`, `${op} ${register}, #${size - 255}`];
  return [...loadConstant(scratch, size), `${op} ${register}, ${register}, ${scratch}`];
}

/** register = a 32-bit constant: an immediate where it fits, else from the literal pool. */
export function loadConstant(register: string, value: number): string[] {
  if (value >= 0 && value <= 255) return [`movs ${register}, #${value}`];
  return [`ldr ${register}, =${value}`];
}
