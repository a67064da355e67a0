import { elements } from '../../model/graph.ts';
import type { QLogSoftmax } from '../../quantize/quantizedGraph.ts';
import { block, type Code, plus, times } from '../c/code.ts';
import type { Step } from '../values/step.ts';
import type { Kernel, KernelMaker, LayerContext } from './kernel.ts';
import { saturate, storeBias } from './requant.ts';
import { eachRow, exponentOf, largestOfRow } from './softmax.ts';

/** Logarithm of the softmax over the last axis (QLogSoftmax tells the arithmetic). */
export const logSoftmax: KernelMaker<'logSoftmax'> = {
  computes: ['logSoftmax'],
  make(step, target): Kernel {
    const n = elements(step.output.layout.shape);
    const rows = n / step.inputs[0]!.layout.shape.at(-1)!;
    const { group, element } = target.costs.logSoftmax;
    const { interpolation } = target.costs.softmax;
    return {
      variant: 'table',
      macs: 0,
      cycles: target.costs.call + rows * group + n * (element + (step.node.step > 0 ? interpolation / 2 : 0)),
      codeBytes: 220,
      scratchBytes: 0,
      optimize: 'speed',
      note: 'exponents and logarithms come from tables',
      emit: (context) => emit(context, step),
    };
  },
};

function emit(context: LayerContext, { node, inputs, output: y }: Step<QLogSoftmax>): Code {
  const x = inputs[0]!;
  const n = x.layout.shape.at(-1)!;
  const constant = node.constant + storeBias(y.layout) * 2 ** node.post;
  const product = times('(x[i] - largest)', node.multiplier);
  const value = `((${product} >> ${node.pre}) + base) >> ${node.post}`;
  const row: Code = [
    ...largestOfRow(context, n),
    'uint32_t sum = 0;',
    block(`for (uint32_t i = 0; i < ${n}; i++)`, [...exponentOf(node, node.table.length - 1), 'sum += e;']),
    `int32_t base = ${plus('', constant)};`,
    block('for (; sum < 1073741824u; sum <<= 1)', [`base += ${node.ln2};`]),
    'const int32_t *const t = logarithms + (sum >> 24) - 64;',
    'base -= t[0] + (((t[1] - t[0]) * (int32_t)((sum >> 8) & 65535u)) >> 16);',
    block(`for (uint32_t i = 0; i < ${n}; i++)`, [
      `q[i] = ${saturate(context, value, y.value.lo, y.value.hi, y.layout)};`,
    ]),
  ];
  return [
    `const uint16_t *const table = ${context.table(node.table, 2)('uint16_t')};`,
    `const int32_t *const logarithms = ${context.table(node.logarithms, 4)('int32_t')};`,
    `const ${x.layout.type} *x = ${context.inputs[0]!};`,
    `${y.layout.type} *q = ${context.output};`,
    ...eachRow(elements(x.layout.shape) / n, n, row),
  ];
}
