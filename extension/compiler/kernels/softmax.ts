import { elements } from '../../model/graph.ts';
import type { QLogSoftmax, QSoftmax } from '../../quantize/quantizedGraph.ts';
import { advance, block, type Code, plus } from '../c/code.ts';
import type { Step } from '../values/step.ts';
import type { Kernel, KernelMaker, LayerContext } from './kernel.ts';

/** Softmax over the last axis, in unsigned integers (QSoftmax tells the arithmetic). */
export const softmaxTable: KernelMaker<'softmax'> = {
  computes: ['softmax'],
  make(step, target): Kernel {
    const n = elements(step.output.layout.shape);
    const { group, element, interpolation } = target.costs.softmax;
    const groups = n / step.inputs[0]!.layout.shape.at(-1)!;
    return {
      variant: 'table',
      macs: 0,
      cycles: target.costs.call + groups * group + n * (element + (step.node.step > 0 ? interpolation : 0)),
      codeBytes: 160,
      scratchBytes: 0,
      optimize: 'speed',
      note: 'exponents come from a table',
      emit: (context) => emit(context, step),
    };
  },
};

function emit(context: LayerContext, { node, inputs, output: y }: Step<QSoftmax>): Code {
  const x = inputs[0]!;
  const n = x.layout.shape.at(-1)!;
  const groups = elements(x.layout.shape) / n;
  const last = node.table.length - 1;
  const hi = y.value.hi + y.layout.bias;
  const value = plus(`(int32_t)((e * ${node.outScale}u + sum / 2) / sum)`, y.value.offset + y.layout.bias);
  const exponent = exponentOf(node, last);
  const group: Code = [
    ...largestOfRow(context, n),
    'uint32_t sum = 0;',
    block(`for (uint32_t i = 0; i < ${n}; i++)`, [...exponent, 'sum += e;']),
    block(`for (uint32_t i = 0; i < ${n}; i++)`, [
      ...exponent,
      `const int32_t v = ${value};`,
      `q[i] = (${y.layout.type})(v > ${hi} ? ${hi} : v);`,
    ]),
  ];
  return [
    `const uint16_t *const table = ${context.table(node.table, 2)('uint16_t')};`,
    `const ${x.layout.type} *x = ${context.inputs[0]!};`,
    `${y.layout.type} *q = ${context.output};`,
    ...eachRow(groups, n, group),
  ];
}

/** Statements on one row of n elements at `x` and `q`, for each of the rows. */
export function eachRow(rows: number, n: number, row: Code): Code {
  if (rows === 1) return row;
  return [block(`for (uint32_t g = ${rows}; g != 0; g--)`, [...row, ...advance('x', n), ...advance('q', n)])];
}

/** `largest` of the n elements at `x`. */
export function largestOfRow(context: LayerContext, n: number): Code {
  return [
    'int32_t largest = x[0];',
    block(`for (uint32_t i = 1; i < ${n}; i++)`, [`largest = ${context.helper('max')}(largest, x[i]);`]),
  ];
}

/** `e`, the exponent of element i: from the table, between whose entries int16 interpolates. */
export function exponentOf({ step }: QSoftmax | QLogSoftmax, last: number): Code {
  const distance = 'const uint32_t d = (uint32_t)(largest - x[i]);';
  if (step === 0) return [distance, `const uint32_t e = table[d < ${last}u ? d : ${last}u];`];
  return [
    distance,
    `const uint32_t at = d >> ${step};`,
    `uint32_t e = table[at < ${last}u ? at : ${last}u];`,
    block(`if (at < ${last}u)`, [`e -= ((e - table[at + 1]) * (d & ${(1 << step) - 1}u)) >> ${step};`]),
  ];
}
