import type { QTfliteLogSoftmax, QTfliteSoftmax } from '../../../quantize/quantizedGraph.ts';
import { limits } from '../../../quantize/schemas.ts';
import { BITS, DIVISION_BEGIN, DIVISION_SLOPE, SUM_BITS } from '../../../quantize/tflite/softmax.ts';
import { block, type Code, plus } from '../../c/code.ts';
import type { Operand } from '../../values/step.ts';
import type { Kernel, KernelMaker, LayerContext } from '../kernel.ts';
import { eachOfRow, largestOfRow, rowKernel } from '../rows.ts';

/** A table of exponents by the distance from a row's largest number. */
type Exponents = Pick<QTfliteSoftmax | QTfliteLogSoftmax, 'table'>;

/** `d`, how far element i is from the largest. */
const DISTANCE = 'const uint32_t d = (uint32_t)(largest - x[i]);';

/** Softmax over the last axis in TensorFlow Lite Micro's fixed point; the exponents are a table. */
export const softmaxOfTflite: KernelMaker<'tfliteSoftmax'> = {
  computes: ['tfliteSoftmax'],
  make(step, target): Kernel {
    const { node } = step;
    const { group, element } = target.costs.softmax;
    return rowKernel(step, target, {
      variant: 'table',
      cycles: { row: group, element },
      codeBytes: 320,
      note: 'exponents come from a table',
      declare: (context) => [exponentTable(context, node)],
      row: (context, n) => rowOf(context, node, n, step.output),
    });
  },
};

/** Declares the table of exponents. */
export function exponentTable(context: LayerContext, { table }: Exponents): string {
  return `const int32_t *const table = ${context.table(table, 4)('int32_t')};`;
}

/** Statements for an element at the distance `d`, where the table has it: beyond, nothing counts. */
function ifCounted({ table }: Exponents, body: Code): Code {
  return table.length === 256 ? body : [block(`if (d < ${table.length}u)`, body)];
}

/** `largest` of a row, and `sum` of its exponents, 1 or more as Q12.19. */
export function sumOfExponents(context: LayerContext, exponents: Exponents, n: number): Code {
  return [
    ...largestOfRow(context, n),
    'int32_t sum = 0;',
    eachOfRow(n, [
      DISTANCE,
      ...ifCounted(exponents, [`sum += ${context.helper('shiftRight')}(table[d], ${SUM_BITS});`]),
    ]),
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

function rowOf(context: LayerContext, node: QTfliteSoftmax, n: number, { layout }: Operand): Code {
  const precision = layout.bytesPerElement === 1 ? 'int8' : 'int16';
  const { qmin, qmax } = limits(precision);
  const largest = qmax - qmin;
  const highMul = context.helper('highMul');
  const shiftRight = context.helper('shiftRight');
  return [
    ...sumOfExponents(context, node, n),
    "/* 1 / sum by three of Newton's steps, from the sum between 1/2 and 1 */",
    'uint32_t scaled = (uint32_t)sum;',
    `int32_t shift = ${SUM_BITS + 31 - BITS[precision]};`,
    block('while (scaled < 0x80000000u)', ['scaled <<= 1;', 'shift--;']),
    'const int32_t half = (int32_t)(scaled >> 1);',
    ...reciprocal(context),
    eachOfRow(n, [
      DISTANCE,
      'int32_t v = 0;',
      ...ifCounted(node, [`v = ${shiftRight}(${highMul}(r, table[d]), shift);`]),
      `v = v > ${largest} ? ${largest} : v;`,
      `q[i] = (${layout.type})(${plus('v', qmin + layout.bias)});`,
    ]),
  ];
}
