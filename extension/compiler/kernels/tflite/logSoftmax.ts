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
import { eachOfRow, rowKernel } from '../rows.ts';
import { exponentTable, reciprocal, sumOfExponents } from './softmax.ts';

/** Logarithm of the softmax over the last axis in TensorFlow Lite Micro's fixed point; the exponents are a table. */
export const logSoftmaxOfTflite: KernelMaker<'tfliteLogSoftmax'> = {
  computes: ['tfliteLogSoftmax'],
  make(step, target): Kernel {
    const { group, element } = target.costs.softmax;
    return rowKernel(step, target, {
      variant: 'table',
      cycles: { row: 2 * group, element: element + target.costs.nest.requant },
      codeBytes: 560,
      note: 'exponents come from a table',
      declare: (context) => [exponentTable(context, step.node)],
      row: (context, n) => rowOf(context, step, n),
    });
  },
};

function rowOf(context: LayerContext, { node, output: y }: Step<QTfliteLogSoftmax>, n: number): Code {
  const { multiplier, reach } = node;
  const shiftRight = context.helper('shiftRight');
  const scaled = `${context.helper('requantize')}(-d, ${multiplier.multiplier}, ${multiplier.shift})`;
  const value = `v + ${ZERO + storeBias(y.layout)}`;
  return [
    ...sumOfExponents(context, node, n),
    ...logarithm(context),
    eachOfRow(n, [
      'const int32_t d = largest - x[i];',
      'int32_t v = -256;',
      block(`if (d < ${reach})`, [`v = ${shiftRight}(${scaled} - log, ${OUTPUT_BITS});`]),
      `q[i] = ${saturate(context, value, -128, 127, y.layout)};`,
    ]),
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
