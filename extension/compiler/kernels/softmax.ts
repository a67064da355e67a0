import type { QLogSoftmax, QSoftmax } from '../../quantize/quantizedGraph.ts';
import { block, type Code, plus } from '../c/code.ts';
import type { Step } from '../values/step.ts';
import type { Kernel, KernelMaker, LayerContext } from './kernel.ts';
import { eachOfRow, largestOfRow, rowKernel } from './rows.ts';

/** Softmax over the last axis, in unsigned integers (QSoftmax tells the arithmetic). */
export const softmaxTable: KernelMaker<'softmax'> = {
  computes: ['softmax'],
  make(step, target): Kernel {
    const { node } = step;
    const { group, element, interpolation } = target.costs.softmax;
    return rowKernel(step, target, {
      variant: 'table',
      cycles: { row: group, element: element + (node.step > 0 ? interpolation : 0) },
      codeBytes: 160,
      note: 'exponents come from a table',
      declare: (context) => [`const uint16_t *const table = ${context.table(node.table, 2)('uint16_t')};`],
      row: (context, n) => rowOf(context, step, n),
    });
  },
};

function rowOf(context: LayerContext, { node, output: y }: Step<QSoftmax>, n: number): Code {
  const hi = y.value.hi + y.layout.bias;
  const value = plus(`(int32_t)((e * ${node.outScale}u + sum / 2) / sum)`, y.value.offset + y.layout.bias);
  const exponent = exponentOf(node);
  return [
    ...largestOfRow(context, n),
    'uint32_t sum = 0;',
    eachOfRow(n, [...exponent, 'sum += e;']),
    eachOfRow(n, [
      ...exponent,
      `const int32_t v = ${value};`,
      `q[i] = (${y.layout.type})(v > ${hi} ? ${hi} : v);`,
    ]),
  ];
}

/** `e`, the exponent of element i: from the table, between whose entries int16 interpolates. */
export function exponentOf({ step, table }: QSoftmax | QLogSoftmax): Code {
  const last = table.length - 1;
  const distance = 'const uint32_t d = (uint32_t)(largest - x[i]);';
  if (step === 0) return [distance, `const uint32_t e = table[d < ${last}u ? d : ${last}u];`];
  return [
    distance,
    `const uint32_t at = d >> ${step};`,
    `uint32_t e = table[at < ${last}u ? at : ${last}u];`,
    block(`if (at < ${last}u)`, [`e -= ((e - table[at + 1]) * (d & ${(1 << step) - 1}u)) >> ${step};`]),
  ];
}
