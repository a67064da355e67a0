import { elements } from '../../../model/graph.ts';
import type { QTfliteSoftmax16 } from '../../../quantize/quantizedGraph.ts';
import { SOFTMAX_TABLES } from '../../../quantize/tflite/softmax16.ts';
import { block, type Code } from '../../c/code.ts';
import type { Step } from '../../values/step.ts';
import type { Kernel, KernelMaker, LayerContext } from '../kernel.ts';
import { eachRow, largestOfRow } from '../softmax.ts';

/** Softmax of int16 numbers over the last axis from TensorFlow Lite Micro's two tables; the exponents wait in the output. */
export const softmaxOfTflite16: KernelMaker<'tfliteSoftmax16'> = {
  computes: ['tfliteSoftmax16'],
  make(step, target): Kernel {
    const n = elements(step.output.layout.shape);
    const { group, element, interpolation } = target.costs.softmax;
    const groups = n / step.inputs[0]!.layout.shape.at(-1)!;
    return {
      variant: 'table',
      macs: 0,
      cycles: target.costs.call + groups * group + n * (element + interpolation),
      codeBytes: 240,
      scratchBytes: 0,
      optimize: 'speed',
      note: 'exponents and the reciprocal of their sum come from tables',
      emit: (context) => emit(context, step),
    };
  },
};

function emit(context: LayerContext, { node, inputs }: Step<QTfliteSoftmax16>): Code {
  const { shape } = inputs[0]!.layout;
  const n = shape.at(-1)!;
  const table = (name: keyof typeof SOFTMAX_TABLES): string =>
    context.table(SOFTMAX_TABLES[name], 2)('int16_t');
  return [
    `const int16_t *const exponents = ${table('exponents')};`,
    `const int16_t *const reciprocals = ${table('reciprocals')};`,
    `const int16_t *x = ${context.inputs[0]!};`,
    `int16_t *q = ${context.output};`,
    ...eachRow(elements(shape) / n, n, row(context, node, n)),
  ];
}

function row(context: LayerContext, { multiplier, shift }: QTfliteSoftmax16, n: number): Code {
  const interpolate = context.helper('interpolate');
  const each = (body: Code): Code[number] => block(`for (uint32_t i = 0; i < ${n}; i++)`, body);
  return [
    ...largestOfRow(context, n),
    'uint32_t sum = 0;',
    each([
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
    each([
      'const int32_t v = (q[i] * r + (1 << (shift - 1))) >> shift;',
      'q[i] = (int16_t)(v > 32767 ? 32767 : v);',
    ]),
  ];
}
