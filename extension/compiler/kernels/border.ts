import { FILL_WORD, MOVE } from '../cost.ts';
import type { Layout } from '../layout.ts';
import type { Operand } from '../program.ts';
import type { EmitContext } from './kernel.ts';

/** Fills an output that has a border with its zero point, as stored, before the inside is written. */
export function fillBorder(context: EmitContext, { value, layout }: Operand): string[] {
  if (layout.contiguous) return [];
  const zero = value.offset + layout.bias;
  if (layout.bytesPerElement === 1) {
    const word = (zero & 255) * 0x01010101;
    const words = Math.ceil(layout.size / 4);
    return [`${context.helper('fill')}(out, 0x${(word >>> 0).toString(16).padStart(8, '0')}u, ${words}u);`];
  }
  return [`for (uint32_t i = 0; i < ${layout.size}; i++) {`, `out[i] = ${zero};`, '}'];
}

/** Predicted cycles of fillBorder. */
export function fillCost(out: Layout): number {
  if (out.contiguous) return 0;
  return out.bytesPerElement === 1 ? (out.size / 4) * FILL_WORD + 20 : out.size * MOVE;
}
