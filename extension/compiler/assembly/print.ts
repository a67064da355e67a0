import { pushAll } from '../../common/lists.ts';
import type { Branch, Label } from './item.ts';
import type { BranchForm, Layout, Pool } from './layout.ts';
import { opposite } from './registers.ts';

/** A line of assembly in unified syntax, and what a reader sees beside it. */
export interface Printed {
  readonly kind: 'code' | 'label' | 'comment';
  readonly text: string;
  /** Name of the label that stands here or is branched to, or what an instruction is about. */
  readonly note?: string;
}

/**
 * The text of laid out code. Labels are numbers, each once in the function, so that they need no name of the file's: the
 * assembler's `1b` and `1f` are the 1 behind and ahead.
 */
export function print({ items, forms, pools }: Layout): Printed[] {
  const numbers = new Map<Label, number>();
  for (const item of items) if (item.kind === 'label') numbers.set(item.label, numbers.size + 1);
  let free = numbers.size + 1; // for labels of our own
  const placed = new Set<Label>();
  const reference = (label: Label): string => `${numbers.get(label)}${placed.has(label) ? 'b' : 'f'}`;
  const lines: Printed[] = [];
  const printPool = (index: number): void => {
    const pool = pools.get(index);
    if (pool) pushAll(lines, poolLines(pool, pool.jumpedOver ? free++ : 0));
  };
  items.forEach((item, i) => {
    printPool(i);
    switch (item.kind) {
      case 'instruction':
        lines.push(code(item.text, item.note));
        break;
      case 'literal':
        lines.push(code(`ldr ${item.register}, =${item.value}`));
        break;
      case 'call':
        lines.push(code(`bl ${reference(item.target)}`, item.target.name));
        break;
      case 'branch': {
        const form = forms.get(i)!;
        const around = item.condition !== undefined && form !== 'short' ? free++ : 0;
        pushAll(lines, branchLines(item, form, reference(item.target), around));
        break;
      }
      case 'label':
        placed.add(item.label);
        lines.push({ kind: 'label', text: `${numbers.get(item.label)}:`, note: item.label.name });
        break;
      case 'comment':
        lines.push({ kind: 'comment', text: item.text });
        break;
    }
  });
  printPool(items.length);
  return lines;
}

function code(text: string, note?: string): Printed {
  return note === undefined ? { kind: 'code', text } : { kind: 'code', text, note };
}

function poolLines({ jumpedOver }: Pool, around: number): Printed[] {
  const pool = [code('.ltorg', 'literals')];
  if (!jumpedOver) return pool;
  return [code(`b ${around}f`), ...pool, { kind: 'label', text: `${around}:` }];
}

/** @param around number of the label behind a longer form of a conditional branch */
function branchLines(branch: Branch, form: BranchForm, to: string, around: number): Printed[] {
  const note = branch.target.name;
  const { condition } = branch;
  const jump = code(`${form === 'farthest' ? 'bl' : 'b'} ${to}`, note);
  if (condition === undefined) return [jump];
  if (form === 'short') return [code(`b${condition} ${to}`, note)];
  return [code(`b${opposite(condition)} ${around}f`), jump, { kind: 'label', text: `${around}:` }];
}
