import type { QSoftmax } from '../../quantize/quantizedGraph.ts';
import { elements } from '../../model/graph.ts';
import { CALL } from '../cost.ts';
import type { Step } from '../program.ts';
import type { EmitContext, Kernel } from './kernel.ts';
import { plus, tableAt } from './text.ts';

/** Finding the maximum, two table look-ups and one software division per element. */
const PER_ELEMENT = 130;

/** Softmax over the last axis, in unsigned integers (QSoftmax tells the arithmetic). */
export function softmax(node: QSoftmax, step: Step): Kernel {
  const n = elements(step.output.layout.shape);
  return {
    variant: 'table',
    macs: 0,
    cycles: CALL + n * PER_ELEMENT,
    codeBytes: 160,
    scratchBytes: 0,
    optimize: 'speed',
    note: 'exponents come from a table',
    emit: (context) => emit(context, node, step),
  };
}

function emit(context: EmitContext, node: QSoftmax, step: Step): string[] {
  const [x, y] = [step.inputs[0]!, step.output];
  const n = x.layout.shape.at(-1)!;
  const groups = elements(x.layout.shape) / n;
  const table = context.constants.add(node.table, 2);
  const last = node.table.length - 1;
  const hi = y.value.hi + y.layout.bias;
  const exponent = (d: string): string[] =>
    node.step === 0
      ? [`const uint32_t e = table[${d} < ${last}u ? ${d} : ${last}u];`]
      : [
          `const uint32_t at = ${d} >> ${node.step};`,
          `uint32_t e = table[at < ${last}u ? at : ${last}u];`,
          `if (at < ${last}u) {`,
          `e -= ((e - table[at + 1]) * (${d} & ${(1 << node.step) - 1}u)) >> ${node.step};`,
          '}',
        ];
  const group = [
    `int32_t largest = x[0];`,
    `for (uint32_t i = 1; i < ${n}; i++) {`,
    `largest = ${context.helper('max')}(largest, x[i]);`,
    '}',
    'uint32_t sum = 0;',
    `for (uint32_t i = 0; i < ${n}; i++) {`,
    'const uint32_t d = (uint32_t)(largest - x[i]);',
    ...exponent('d'),
    'sum += e;',
    '}',
    `for (uint32_t i = 0; i < ${n}; i++) {`,
    'const uint32_t d = (uint32_t)(largest - x[i]);',
    ...exponent('d'),
    `const int32_t v = ${plus(`(int32_t)((e * ${node.outScale}u + sum / 2) / sum)`, y.value.offset + y.layout.bias)};`,
    `q[i] = (${y.layout.type})(v > ${hi} ? ${hi} : v);`,
    '}',
  ];
  const outer = [
    `const uint16_t *const table = ${tableAt('uint16_t', table)};`,
    `const ${x.layout.type} *x = in;`,
    `${y.layout.type} *q = out;`,
  ];
  if (groups === 1) return [...outer, ...group];
  return [...outer, `for (uint32_t g = ${groups}; g != 0; g--) {`, ...group, `x += ${n};`, `q += ${n};`, '}'];
}
