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

/** Puts r8-r11 on the stack, by way of r4-r7, which must be there already. */
export const SAVE_HIGH = ['mov r4, r8', 'mov r5, r9', 'mov r6, r10', 'mov r7, r11', 'push {r4-r7}'] as const;
export const RESTORE_HIGH = [
  'pop {r4-r7}',
  'mov r8, r4',
  'mov r9, r5',
  'mov r10, r6',
  'mov r11, r7',
] as const;

/** Saturates a register to two constants within 0..255; only its low byte counts afterwards. Labels 9 are its own. */
export function saturateByte(register: string, scratch: string, low: number, high: number): string[] {
  if (low <= 0 && high >= 255) {
    return [
      `lsrs ${scratch}, ${register}, #8`,
      'beq 9f',
      `asrs ${register}, ${register}, #31`,
      `mvns ${register}, ${register}`,
      '9:',
    ];
  }
  return [
    `cmp ${register}, #${low}`,
    'bge 9f',
    `movs ${register}, #${low}`,
    '9:',
    `cmp ${register}, #${high}`,
    'ble 9f',
    `movs ${register}, #${high}`,
    '9:',
  ];
}

/** Bytes of machine code, literals not counted: BL takes four, every other Thumb-1 instruction two. */
export function codeSize(lines: readonly string[]): number {
  return lines.reduce((n, l) => n + (/[:.]/.test(l) ? 0 : l.startsWith('bl ') ? 4 : 2), 0);
}

/** A literal lies at most this far behind the instruction that loads it (LDR literal, imm8 * 4). */
const LITERAL_REACH = 1020;
/** An unconditional branch reaches this far back (B, imm11 * 2). */
const BRANCH_REACH = 2044;

/** Puts literal pools, jumped over, into code that is too long for the pool behind it. Labels 8 are the pools'. */
export function withLiteralPools(lines: readonly string[]): string[] {
  const out: string[] = [];
  let first: number | undefined; // address of the first load whose literal has no pool yet
  let pending = 0;
  let at = 0;
  let target: string | undefined; // of a conditional branch, whose reach a pool could exceed
  for (const line of lines) {
    // one more instruction, the jump and the alignment of the pool
    const farthest = first === undefined ? 0 : at + 6 + 4 * pending + 4 - first;
    if (farthest > LITERAL_REACH - 32 && target === undefined) {
      out.push('b 8f', '.ltorg', '8:');
      at += 4 + 4 * pending;
      [first, pending] = [undefined, 0];
    }
    target = /^b(?:eq|ge|le) (\d+)f$/.exec(line)?.[1] ?? (line === `${target}:` ? undefined : target);
    if (line === '.ltorg') {
      at += 2 + 4 * pending;
      [first, pending] = [undefined, 0];
    }
    if (line.includes('=')) {
      first ??= at;
      pending++;
    }
    at += codeSize([line]);
    out.push(line);
  }
  return out;
}

/** A jump back over `lines`; BL (the return address is on the stack) where B does not reach. */
export function jumpBack(label: string, lines: readonly string[]): string {
  const literals = 4 * lines.filter((l) => l.includes('=')).length;
  return `${codeSize(lines) + literals + 32 > BRANCH_REACH ? 'bl' : 'b'} ${label}b`;
}
