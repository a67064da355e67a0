import { elements } from '../../../model/graph.ts';
import type { QTfliteLogSoftmax } from '../../../quantize/quantizedGraph.ts';
import {
  LOG,
  LOG_BITS,
  LOG_ONE,
  LOG_QUARTER,
  OUTPUT_BITS,
  ZERO,
} from '../../../quantize/tflite/logSoftmax.ts';
import { SUM_BITS } from '../../../quantize/tflite/softmax.ts';
import { block, type Code } from '../../c/code.ts';
import type { Step } from '../../values/step.ts';
import type { Kernel, KernelMaker, LayerContext } from '../kernel.ts';
import { saturate, storeBias } from '../requant.ts';
import { eachRow, largestOfRow } from '../softmax.ts';
import { reciprocal } from './softmax.ts';

/** Logarithm of the softmax over the last axis in TensorFlow Lite Micro's fixed point; the exponents are a table. */
export const logSoftmaxOfTflite: KernelMaker<'tfliteLogSoftmax'> = {
  computes: ['tfliteLogSoftmax'],
  make(step, target): Kernel {
    const n = elements(step.output.layout.shape);
    const { group, element } = target.costs.softmax;
    const rows = n / step.inputs[0]!.layout.shape.at(-1)!;
    return {
      variant: 'table',
      macs: 0,
      cycles: target.costs.call + 2 * rows * group + n * (element + target.costs.nest.requant),
      codeBytes: 560,
      scratchBytes: 0,
      optimize: 'speed',
      note: 'exponents come from a table',
      emit: (context) => emit(context, step),
    };
  },
};

function emit(context: LayerContext, { node, inputs, output: y }: Step<QTfliteLogSoftmax>): Code {
  const x = inputs[0]!;
  const n = x.layout.shape.at(-1)!;
  const { table, multiplier, reach } = node;
  const shiftRight = context.helper('shiftRight');
  const counts = (body: Code): Code =>
    table.length === 256 ? body : [block(`if (d < ${table.length}u)`, body)];
  const distance = 'const int32_t d = largest - x[i];';
  const scaled = `${context.helper('requantize')}(-d, ${multiplier.multiplier}, ${multiplier.shift})`;
  const value = `v + ${ZERO + storeBias(y.layout)}`;
  const row: Code = [
    ...largestOfRow(context, n),
    'int32_t sum = 0;',
    block(`for (uint32_t i = 0; i < ${n}; i++)`, [
      'const uint32_t d = (uint32_t)(largest - x[i]);',
      ...counts([`sum += ${shiftRight}(table[d], ${SUM_BITS});`]),
    ]),
    ...logarithm(context),
    block(`for (uint32_t i = 0; i < ${n}; i++)`, [
      distance,
      `int32_t v = -256;`,
      block(`if (d < ${reach})`, [`v = ${shiftRight}(${scaled} - log, ${OUTPUT_BITS});`]),
      `q[i] = ${saturate(context, value, -128, 127, y.layout)};`,
    ]),
  ];
  return [
    `const int32_t *const table = ${context.table(table, 4)('int32_t')};`,
    `const ${x.layout.type} *x = ${context.inputs[0]!};`,
    `${y.layout.type} *q = ${context.output};`,
    ...eachRow(elements(x.layout.shape) / n, n, row),
  ];
}

/** `log` of `sum`, 1 or more as Q12.19, in Q5.26: two powers of two from which to start, a quotient of polynomials between them. */
function logarithm(context: LayerContext): Code {
  const highMul = context.helper('highMul');
  const shiftRight = context.helper('shiftRight');
  const doubled = (v: string): string => `${v} > 1073741823 ? INT32_MAX : ${v} * 2`;
  return [
    '/* the logarithm of the sum: of a power of two, and of what is left between the roots of 1/2 and 1 */',
    'int32_t lower = sum;',
    `int32_t power = ${(SUM_BITS - 1) * LOG_ONE + LOG_QUARTER};`,
    block('while (lower < 1073741824)', ['lower *= 2;', `power -= ${LOG_ONE};`]),
    `lower = ${highMul}(lower, ${LOG.root});`,
    `lower = ${doubled('lower')};`,
    'int32_t rest = sum;',
    `int32_t upper = ${SUM_BITS * LOG_ONE - LOG_QUARTER};`,
    block(`for (int32_t t = ${highMul}(sum, ${LOG.root}); t < 1073741824; t *= 2)`, [
      `rest = ${doubled('rest')};`,
      `upper -= ${LOG_ONE};`,
    ]),
    'power = power > upper ? power : upper;',
    'rest = rest < lower ? rest : lower;',
    `const int32_t p = (int32_t)(((uint32_t)rest + ${LOG.middle + 1}u) >> 1);`,
    `const int32_t a = (rest - ${LOG.middle}) * 2;`,
    `const int32_t a2 = ${highMul}(a, a);`,
    `const int32_t over = ${highMul}(a, rest) + ${highMul}(${highMul}(a, a2), ${LOG.above});`,
    `const int32_t under = ${highMul}(p, ${LOG.constant} + a + ${highMul}(${LOG.square}, a2)) + ${highMul}(${LOG.slope}, a);`,
    'const int32_t half = (int32_t)(((uint32_t)under + 0x80000000u) >> 1);',
    ...reciprocal(context),
    `const int32_t part = ${highMul}(${shiftRight}(over, ${LOG_BITS}), r);`,
    `const int32_t log = (${highMul}(power, ${LOG.log2}) + part) * 2;`,
  ];
}
