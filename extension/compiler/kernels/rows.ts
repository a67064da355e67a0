import { elements } from '../../model/graph.ts';
import { advance, block, type Code } from '../c/code.ts';
import type { Target } from '../target/target.ts';
import type { Step } from '../values/step.ts';
import type { Kernel, LayerContext } from './kernel.ts';

/** What differs between kernels that compute each row of the last axis by itself. */
interface Rows extends Pick<Kernel, 'variant' | 'codeBytes' | 'note'> {
  /** Predicted cycles of a row, and of each of its elements. */
  readonly cycles: { readonly row: number; readonly element: number };
  /** Statements once a layer: its tables. */
  readonly declare?: (context: LayerContext) => Code;
  /** Statements on one row of n elements at `x`, whose results go to `q`. */
  readonly row: (context: LayerContext, n: number) => Code;
}

/** A kernel of rows along the last axis. */
export function rowKernel(step: Step, { costs }: Target, rows: Rows): Kernel {
  const { variant, codeBytes, note, cycles } = rows;
  const x = step.inputs[0]!.layout;
  const y = step.output.layout;
  const n = x.shape.at(-1)!;
  const count = elements(x.shape) / n;
  return {
    ...{ variant, codeBytes, note },
    macs: 0,
    cycles: costs.call + count * cycles.row + elements(y.shape) * cycles.element,
    scratchBytes: 0,
    optimize: 'speed',
    emit: (context) => [
      ...(rows.declare?.(context) ?? []),
      `const ${x.type} *x = ${context.inputs[0]!};`,
      `${y.type} *q = ${context.output};`,
      ...eachRow(count, n, rows.row(context, n)),
    ],
  };
}

function eachRow(count: number, n: number, row: Code): Code {
  if (count === 1) return row;
  return [
    block(`for (uint32_t g = ${count}; g != 0; g--)`, [...row, ...advance('x', n), ...advance('q', n)]),
  ];
}

/** Statements for each element i of a row. */
export function eachOfRow(n: number, body: Code): Code[number] {
  return block(`for (uint32_t i = 0; i < ${n}; i++)`, body);
}

/** `largest` of the n elements at `x`. */
export function largestOfRow(context: LayerContext, n: number): Code {
  return [
    'int32_t largest = x[0];',
    block(`for (uint32_t i = 1; i < ${n}; i++)`, [`largest = ${context.helper('max')}(largest, x[i]);`]),
  ];
}
