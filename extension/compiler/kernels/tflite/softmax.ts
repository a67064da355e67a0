import { elements } from '../../../model/graph.ts';
import type { QTfliteSoftmax } from '../../../quantize/quantizedGraph.ts';
import { limits } from '../../../quantize/schemas.ts';
import { BITS, DIVISION_BEGIN, DIVISION_SLOPE, SUM_BITS } from '../../../quantize/tflite/softmax.ts';
import { block, type Code, plus } from '../../c/code.ts';
import type { Operand, Step } from '../../values/step.ts';
import type { Kernel, KernelMaker, LayerContext } from '../kernel.ts';
import { eachRow, largestOfRow } from '../softmax.ts';

/** Softmax over the last axis in TensorFlow Lite Micro's fixed point; the exponents are a table. */
export const softmaxOfTflite: KernelMaker<'tfliteSoftmax'> = {
  computes: ['tfliteSoftmax'],
  make(step, target): Kernel {
    const n = elements(step.output.layout.shape);
    const { group, element } = target.costs.softmax;
    const groups = n / step.inputs[0]!.layout.shape.at(-1)!;
    return {
      variant: 'table',
      macs: 0,
      cycles: target.costs.call + groups * group + n * element,
      codeBytes: 320,
      scratchBytes: 0,
      optimize: 'speed',
      note: 'exponents come from a table',
      emit: (context) => emit(context, step),
    };
  },
};

function emit(context: LayerContext, { node, inputs, output: y }: Step<QTfliteSoftmax>): Code {
  const x = inputs[0]!;
  const n = x.layout.shape.at(-1)!;
  const groups = elements(x.layout.shape) / n;
  const row = rowOf(context, node, n, y);
  return [
    `const int32_t *const table = ${context.table(node.table, 4)('int32_t')};`,
    `const ${x.layout.type} *x = ${context.inputs[0]!};`,
    `${y.layout.type} *q = ${context.output};`,
    ...eachRow(groups, n, row),
  ];
}

/** `r`, half of one divided by `half`, both as Q0.31: three of Newton's steps. */
export function reciprocal(context: LayerContext): Code {
  const highMul = context.helper('highMul');
  return [
    `int32_t r = ${DIVISION_BEGIN} + ${highMul}(half, ${DIVISION_SLOPE});`,
    block('for (uint32_t i = 3; i != 0; i--)', [`r += ${highMul}(r, 536870912 - ${highMul}(half, r)) * 4;`]),
    'r = r > 1073741823 ? INT32_MAX : r * 2;',
  ];
}

function rowOf(context: LayerContext, { table }: QTfliteSoftmax, n: number, { layout }: Operand): Code {
  const precision = layout.bytesPerElement === 1 ? 'int8' : 'int16';
  const { qmin, qmax } = limits(precision);
  const largest = qmax - qmin;
  const highMul = context.helper('highMul');
  const shiftRight = context.helper('shiftRight');
  const whole = table.length === 256;
  const counts = (body: Code): Code => (whole ? body : [block(`if (d < ${table.length}u)`, body)]);
  const distance = 'const uint32_t d = (uint32_t)(largest - x[i]);';
  return [
    ...largestOfRow(context, n),
    'int32_t sum = 0;',
    block(`for (uint32_t i = 0; i < ${n}; i++)`, [
      distance,
      ...counts([`sum += ${shiftRight}(table[d], ${SUM_BITS});`]),
    ]),
    "/* 1 / sum by three of Newton's steps, from the sum between 1/2 and 1 */",
    'uint32_t scaled = (uint32_t)sum;',
    `int32_t shift = ${SUM_BITS + 31 - BITS[precision]};`,
    block('while (scaled < 0x80000000u)', ['scaled <<= 1;', 'shift--;']),
    'const int32_t half = (int32_t)(scaled >> 1);',
    ...reciprocal(context),
    block(`for (uint32_t i = 0; i < ${n}; i++)`, [
      distance,
      'int32_t v = 0;',
      ...counts([`v = ${shiftRight}(${highMul}(r, table[d]), shift);`]),
      `v = v > ${largest} ? ${largest} : v;`,
      `q[i] = (${layout.type})(${plus('v', qmin + layout.bias)});`,
    ]),
  ];
}
