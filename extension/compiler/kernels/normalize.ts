import type { QNormalize } from '../../quantize/quantizedGraph.ts';
import { limits } from '../../quantize/schemas.ts';
import { block, type Code, plus, times } from '../c/code.ts';
import type { Operand, Step } from '../values/step.ts';
import type { Kernel, KernelMaker, LayerContext } from './kernel.ts';
import { saturate, storeBias } from './requant.ts';
import { eachOfRow, rowKernel } from './rows.ts';

/** Normalization of the rows of the last axis (QNormalize tells the arithmetic). */
export const normalize: KernelMaker<'normalize'> = {
  computes: ['normalize'],
  make(step, target): Kernel {
    const { group, element } = target.costs.normalize;
    return rowKernel(step, target, {
      variant: 'loops',
      cycles: { row: group, element },
      codeBytes: 260,
      note: 'mean, sum of squares and their root, row by row',
      row: (context, n) => rowOf(context, step, n),
    });
  },
};

/** q - qmin of an element of a row, which is what unsigned bytes hold. */
function unsigned({ layout }: Operand): string {
  const { qmin } = limits(layout.bytesPerElement === 1 ? 'int8' : 'int16');
  return plus('x[i]', -(qmin + layout.bias));
}

function rowOf(context: LayerContext, { node, inputs, output: y }: Step<QNormalize>, n: number): Code {
  const x = inputs[0]!;
  const unit = 2 ** node.bits;
  const difference = `const int32_t d = ${times(`(${node.centred ? unsigned(x) : plus('x[i]', -(x.value.offset + x.layout.bias))})`, unit)}${node.centred ? ' - mean' : ''};`;
  const mean: Code = [
    'uint32_t sum = 0;',
    eachOfRow(n, [`sum += (uint32_t)(${unsigned(x)});`]),
    `const int32_t mean = (int32_t)((${times('sum', unit)} + ${n >> 1}u) / ${n}u);`,
  ];
  const value = plus('((d * m + half) >> s)', y.value.offset + storeBias(y.layout));
  return [
    ...(node.centred ? mean : []),
    `uint64_t squares = ${node.epsilon}u;`,
    eachOfRow(n, [difference, 'squares += (uint32_t)d * (uint32_t)d;']),
    `int32_t s = ${node.shift};`,
    block('for (; squares >> 32 != 0; squares >>= 2)', ['s++;']),
    'uint32_t w = (uint32_t)squares;',
    'int32_t m = 0;',
    block(
      'if (w != 0)',
      [
        block('for (; w < 1073741824u; w <<= 2)', ['s--;']),
        '/* the root of w, bit by bit */',
        'uint32_t root = 0;',
        block('for (uint32_t bit = 1u << 15; bit != 0; bit >>= 1)', [
          'const uint32_t more = root | bit;',
          block('if (more * more <= w)', ['root = more;']),
        ]),
        `m = (int32_t)(${node.factor}u / root);`,
        block('for (; s < 1; s++)', ['m *= 2;']),
        block('for (; s > 30; s--)', ['m >>= 1;']),
      ],
      ' else s = 1;',
    ),
    'const int32_t half = 1 << (s - 1);',
    eachOfRow(n, [difference, `q[i] = ${saturate(context, value, y.value.lo, y.value.hi, y.layout)};`]),
  ];
}
