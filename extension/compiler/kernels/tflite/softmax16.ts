import type { QTfliteSoftmax16 } from '../../../quantize/quantizedGraph.ts';
import { SOFTMAX_TABLES } from '../../../quantize/tflite/softmax16.ts';
import { block, type Code } from '../../c/code.ts';
import type { Kernel, KernelMaker, LayerContext } from '../kernel.ts';
import { eachOfRow, largestOfRow, rowKernel } from '../rows.ts';

/** Softmax of int16 numbers over the last axis from TensorFlow Lite Micro's two tables; the exponents wait in the output. */
export const softmaxOfTflite16: KernelMaker<'tfliteSoftmax16'> = {
  computes: ['tfliteSoftmax16'],
  make(step, target): Kernel {
    const { node } = step;
    const { group, element, interpolation } = target.costs.softmax;
    return rowKernel(step, target, {
      variant: 'table',
      cycles: { row: group, element: element + interpolation },
      codeBytes: 240,
      note: 'exponents and the reciprocal of their sum come from tables',
      declare: (context) =>
        (['exponents', 'reciprocals'] as const).map(
          (name) => `const int16_t *const ${name} = ${context.table(SOFTMAX_TABLES[name], 2)('int16_t')};`,
        ),
      row: (context, n) => rowOf(context, node, n),
    });
  },
};

function rowOf(context: LayerContext, { multiplier, shift }: QTfliteSoftmax16, n: number): Code {
  const interpolate = context.helper('interpolate');
  return [
    ...largestOfRow(context, n),
    'uint32_t sum = 0;',
    eachOfRow(n, [
      `const int32_t d = ${context.helper('requantize')}(x[i] - largest, ${multiplier}, ${shift}) + 32767;`,
      `const int32_t e = ${interpolate}(exponents, d < -32768 ? -32768 : d);`,
      'q[i] = (int16_t)e;',
      'sum += (uint32_t)e;',
    ]),
    '/* 1 / sum, from the sum between 1 and 2 */',
    'int32_t shift = 30;',
    block('while (sum < 0x40000000u)', ['sum <<= 1;', 'shift--;']),
    'const int32_t above = (int32_t)((sum + 8192u) >> 14) - 98304;',
    `const int32_t r = ${interpolate}(reciprocals, above > 32767 ? 32767 : above);`,
    eachOfRow(n, [
      'const int32_t v = (q[i] * r + (1 << (shift - 1))) >> shift;',
      'q[i] = (int16_t)(v > 32767 ? 32767 : v);',
    ]),
  ];
}
