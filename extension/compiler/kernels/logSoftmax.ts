import type { QLogSoftmax } from '../../quantize/quantizedGraph.ts';
import { block, type Code, plus, times } from '../c/code.ts';
import type { Step } from '../values/step.ts';
import type { Kernel, KernelMaker, LayerContext } from './kernel.ts';
import { saturate, storeBias } from './requant.ts';
import { eachOfRow, largestOfRow, rowKernel } from './rows.ts';
import { exponentOf } from './softmax.ts';

/** Logarithm of the softmax over the last axis (QLogSoftmax tells the arithmetic). */
export const logSoftmax: KernelMaker<'logSoftmax'> = {
  computes: ['logSoftmax'],
  make(step, target): Kernel {
    const { node } = step;
    const { group, element } = target.costs.logSoftmax;
    const { interpolation } = target.costs.softmax;
    return rowKernel(step, target, {
      variant: 'table',
      cycles: { row: group, element: element + (node.step > 0 ? interpolation / 2 : 0) },
      codeBytes: 220,
      note: 'exponents and logarithms come from tables',
      declare: (context) => [
        `const uint16_t *const table = ${context.table(node.table, 2)('uint16_t')};`,
        `const int32_t *const logarithms = ${context.table(node.logarithms, 4)('int32_t')};`,
      ],
      row: (context, n) => rowOf(context, step, n),
    });
  },
};

function rowOf(context: LayerContext, { node, output: y }: Step<QLogSoftmax>, n: number): Code {
  const constant = node.constant + storeBias(y.layout) * 2 ** node.post;
  const product = times('(x[i] - largest)', node.multiplier);
  const value = `((${product} >> ${node.pre}) + base) >> ${node.post}`;
  return [
    ...largestOfRow(context, n),
    'uint32_t sum = 0;',
    eachOfRow(n, [...exponentOf(node), 'sum += e;']),
    `int32_t base = ${plus('', constant)};`,
    block('for (; sum < 1073741824u; sum <<= 1)', [`base += ${node.ln2};`]),
    'const int32_t *const t = logarithms + (sum >> 24) - 64;',
    'base -= t[0] + (((t[1] - t[0]) * (int32_t)((sum >> 8) & 65535u)) >> 16);',
    eachOfRow(n, [`q[i] = ${saturate(context, value, y.value.lo, y.value.hi, y.layout)};`]),
  ];
}
