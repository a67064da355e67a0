import { block, type Code } from '../c/code.ts';
import type { Costs } from '../target/costs.ts';
import type { Layout } from '../values/layout.ts';
import type { Operand } from '../values/step.ts';
import type { LayerContext } from './kernel.ts';

/** Fills an output that has a border with its zero point, as stored, before the inside is written. */
export function fillBorder(context: LayerContext, { value, layout }: Operand): Code {
  if (layout.contiguous) return [];
  const { output } = context;
  const zero = value.offset + layout.bias;
  if (layout.bytesPerElement === 1) {
    const word = (zero & 255) * 0x01010101;
    const words = Math.ceil(layout.size / 4);
    return [
      `${context.helper('fill')}(${output}, 0x${(word >>> 0).toString(16).padStart(8, '0')}u, ${words}u);`,
    ];
  }
  return [block(`for (uint32_t i = 0; i < ${layout.size}; i++)`, [`${output}[i] = ${zero};`])];
}

/** What loading an element of a layout takes more than an unsigned byte. */
export function loadCost(costs: Costs, { type }: Layout): number {
  return type === 'uint8_t' ? 0 : costs.signedLoad;
}

/** Predicted cycles of fillBorder. */
export function fillCost(costs: Costs, out: Layout): number {
  if (out.contiguous) return 0;
  return out.bytesPerElement === 1
    ? costs.fill.call + (out.size / 4) * costs.fill.word
    : out.size * costs.fill.element;
}
