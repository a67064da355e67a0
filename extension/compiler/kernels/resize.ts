import { elements } from '../../model/graph.ts';
import type { QShares } from '../../quantize/quantizedGraph.ts';
import { block, type Code, plus } from '../c/code.ts';
import { imageOf } from '../values/layout.ts';
import type { StepOf } from '../values/step.ts';
import { fillCost, loadCost } from './border.ts';
import type { Kernel, KernelMaker, LayerContext } from './kernel.ts';

/** Bilinear interpolation: tables say for each row and each column where it is and how near to the next one. */
export const resizeLinear: KernelMaker<'resize'> = {
  computes: ['resize'],
  make(step, { costs }): Kernel {
    const { node, output } = step;
    const { rows, columns } = node;
    const x = step.inputs[0]!.layout;
    const taps = (rows.bits > 0 ? 2 : 1) * (columns.bits > 0 ? 2 : 1);
    const pixels = rows.low.length * columns.low.length;
    const outputs = elements(output.layout.shape);
    const { copy, innerLoop, outerLoop } = costs.nest;
    return {
      variant: 'tables',
      macs: taps * outputs,
      cycles:
        costs.call +
        fillCost(costs, output.layout) +
        (rows.low.length + pixels) * (outerLoop + 2 * copy) +
        outputs * (innerLoop + copy + taps * (costs.nest.add / 3 + loadCost(costs, x))),
      codeBytes: 120 + taps * 20,
      scratchBytes: 0,
      optimize: 'speed',
      note: 'bilinear, shares of both axes in tables',
      emit: (context) => emit(context, step),
    };
  },
};

function emit(context: LayerContext, step: StepOf<'resize'>): Code {
  const { rows, columns } = step.node;
  const x = step.inputs[0]!.layout;
  const y = step.output.layout;
  const [from, to] = [imageOf(x), imageOf(y)];
  const bits = rows.bits + columns.bits;
  const half = bits > 0 ? 2 ** (bits - 1) : 0;
  const isAway = step.node.halves === 'away' && bits > 0;
  // of what is as it is, not as it is stored, those below zero lie a little lower
  const sum = isAway ? 'sum + (sum >> 31)' : sumOf(step.node);
  const rounded = bits > 0 ? `((${plus(sum, half)}) >> ${bits})` : sum;
  const value = plus(rounded, isAway ? y.bias : y.bias - x.bias);
  return [
    ...declared(context, 'row', rows),
    ...declared(context, 'column', columns),
    block(`for (uint32_t i = 0; i < ${rows.low.length}; i++)`, [
      `const ${x.type} *const upper = ${plus(context.inputs[0]!, x.origin)} + rowLow[i] * ${from.row};`,
      ...shareOf('v', 'row', 'i', rows, [
        `const ${x.type} *const lower = upper + (v != 0 ? ${from.row} : 0);`,
      ]),
      block(`for (uint32_t j = 0; j < ${columns.low.length}; j++)`, [
        `const ${x.type} *p = upper + columnLow[j] * ${from.c};`,
        ...(rows.bits > 0 ? [`const ${x.type} *q = lower + columnLow[j] * ${from.c};`] : []),
        ...shareOf('h', 'column', 'j', columns, [`const uint32_t next = h != 0 ? ${from.c} : 0;`]),
        ...weights(step.node),
        `${y.type} *o = ${plus(`${context.output} + i * ${to.row} + j * ${to.column}`, y.origin)};`,
        block(`for (uint32_t k = 0; k < ${from.c}; k++)`, [
          ...(isAway ? [`const int32_t sum = ${plus(sumOf(step.node), -x.bias * 2 ** bits)};`] : []),
          `*o++ = (${y.type})(${value});`,
          'p++;',
          ...(rows.bits > 0 ? ['q++;'] : []),
        ]),
      ]),
    ]),
  ];
}

type Shares = StepOf<'resize'>['node'];

/** The tables of an axis. */
function declared(context: LayerContext, axis: 'row' | 'column', { low, share, bits }: QShares): Code {
  const table = (name: string, data: Int32Array): string => {
    const isShort = data.every((v) => v <= 65_535);
    const type = isShort ? 'uint16_t' : 'uint32_t';
    return `const ${type} *const ${axis}${name} = ${context.table(data, isShort ? 2 : 4)(type)};`;
  };
  return [table('Low', low), ...(bits > 0 ? [table('Share', share)] : [])];
}

/** The share of the next row or column, and what follows from it; nothing on an axis that does not interpolate. */
function shareOf(
  name: 'v' | 'h',
  axis: 'row' | 'column',
  index: string,
  { bits }: QShares,
  then: Code,
): Code {
  return bits > 0 ? [`const int32_t ${name} = ${axis}Share[${index}];`, ...then] : [];
}

/** What each of four neighbours counts; of two it is one minus the share, and the share. */
function weights({ rows, columns }: Shares): Code {
  if (rows.bits === 0 || columns.bits === 0) return [];
  return [
    'const int32_t both = v * h;',
    `const int32_t below = v * ${2 ** columns.bits} - both;`,
    `const int32_t right = h * ${2 ** rows.bits} - both;`,
    `const int32_t here = ${2 ** (rows.bits + columns.bits)} - below - right - both;`,
  ];
}

function sumOf({ rows, columns }: Shares): string {
  if (rows.bits > 0 && columns.bits > 0) return '*p * here + p[next] * right + *q * below + q[next] * both';
  if (columns.bits > 0) return `*p * (${2 ** columns.bits} - h) + p[next] * h`;
  return rows.bits > 0 ? `*p * (${2 ** rows.bits} - v) + *q * v` : '*p';
}
