import { odometer } from '../../../model/indexing.ts';
import type { Code } from '../../c/code.ts';
import type { Layout } from '../../values/layout.ts';
import type { Kernel, KernelMaker, LayerContext } from '../kernel.ts';
import type { Stride } from './loopNest.ts';
import { convert, elementKernel, moveCycles } from './nests.ts';

/** Loops that one dimension takes, outermost first. */
interface Loops {
  readonly counts: readonly number[];
  /** How far a step of each leads in the input: elements, or a table of them. */
  readonly from: readonly Stride[];
  /** Where the first is. */
  readonly start: number;
  /** What the table holds, for a dimension that has one. */
  readonly table?: readonly number[];
}

/** More loops than these cost more than a table of where the elements are. */
const MOST_LOOPS = 2;

function loopsOf(list: Int32Array, stride: number, table: string): Loops {
  const digits = odometer(list);
  if (!digits || digits.length > MOST_LOOPS) {
    const entries = Array.from(list, (i) => i * stride);
    return { counts: [list.length], from: [table], start: 0, table: entries };
  }
  return {
    counts: digits.map((d) => d.count),
    from: digits.map((d) => d.step * stride),
    start: list[0]! * stride,
  };
}

/** How far a step of each loop leads in the output. */
function outputSteps({ counts }: Loops, stride: number): number[] {
  return counts.map((_, k) => counts.slice(k + 1).reduce((n, c) => n * c, stride));
}

/** Slices and repetitions are loops with steps of their own; a dimension whose order is none of these reads a table of it. */
export const gather: KernelMaker<'gather'> = {
  computes: ['gather'],
  make(step, target): Kernel {
    const x = step.inputs[0]!;
    const y = step.output;
    const loops = step.node.indices.map((list, k) => loopsOf(list, x.layout.strides[k]!, `at${k}`));
    const start = loops.reduce((n, l) => n + l.start, x.layout.origin);
    const toSteps = loops.flatMap((l, k) => outputSteps(l, y.layout.strides[k]!));
    return elementKernel(
      step,
      target,
      [
        {
          nest: {
            extents: loops.flatMap((l) => l.counts),
            walks: [
              { of: 'output', start: y.layout.origin, steps: toSteps },
              { of: 0, start, steps: loops.flatMap((l) => l.from) },
            ],
          },
          cycles: moveCycles(target.costs, x, y),
          statements: (_, [o, i]) => [`${o} = ${convert(i!, x, y)};`],
        },
      ],
      { declare: (context) => loops.flatMap((l, k) => declared(context, l.table, `at${k}`, x.layout)) },
    );
  },
};

function declared(
  context: LayerContext,
  table: readonly number[] | undefined,
  name: string,
  { size }: Layout,
): Code {
  if (!table) return [];
  const isShort = size <= 65_536;
  const type = isShort ? 'uint16_t' : 'uint32_t';
  return [`const ${type} *const ${name} = ${context.table(table, isShort ? 2 : 4)(type)};`];
}
