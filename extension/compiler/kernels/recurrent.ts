import type { QDense, QFunction, QRecurrent } from '../../quantize/quantizedGraph.ts';
import { stateLimits } from '../../quantize/recurrentInts.ts';
import { type Block, block, type Code } from '../c/code.ts';
import type { Target } from '../target/target.ts';
import { innerLayout, type Layout, NO_BORDER } from '../values/layout.ts';
import type { Operand, Step } from '../values/step.ts';
import { type DotPlan, planDot } from './dot/dot.ts';
import { convert } from './elementwise/nests.ts';
import type { Kernel, KernelMaker, LayerContext } from './kernel.ts';
import { foldRequant, requantExpression, saturate, withInit } from './requant.ts';

/** Bytes of code for the loops over units, a function that they compute. */
const FUNCTION_BYTES = 90;

/** The products of a time step, by what they read. */
interface Products {
  readonly input: DotPlan;
  readonly hidden: DotPlan;
  readonly reset: DotPlan | undefined;
}

/**
 * A recurrent layer: a loop over time, in it the products of all gates over the input and over the hidden state, then loops over
 * units (quantize/recurrentInts.ts tells the arithmetic). The hidden state is read where the last time step wrote it.
 */
export const recurrentRows: KernelMaker<'recurrent'> = {
  computes: ['recurrent'],
  make(step, target): Kernel {
    const { node } = step;
    const x = step.inputs[0]!;
    const [, time, features] = x.layout.shape as [number, number, number];
    const products = planProducts(step, target);
    const plans = [products.input, products.hidden, ...(products.reset ? [products.reset] : [])];
    const functions = node.cell === 'lstm' ? 5 : node.cell === 'gru' ? 3 : 1;
    const { nest, call } = target.costs;
    const unit = functions * (nest.interpolate + nest.add) + nest.mul;
    const macs = node.fromInput.weights.length + node.units * gatesOf(node) * node.units;
    return {
      variant: plans.every((p) => p.isThumb) ? 'rows, thumb' : 'rows',
      macs: time * macs,
      cycles: call + time * (plans.reduce((n, p) => n + p.cycles, 0) + node.units * unit),
      codeBytes: 100 + plans.reduce((n, p) => n + p.codeBytes, 0) + functions * FUNCTION_BYTES,
      scratchBytes: scratchOf(step).bytes,
      optimize: 'speed',
      note: 'a loop over time; weights are streamed from the constant memory',
      emit: (context) => emit(context, step, products, time, features),
    };
  },
};

/** How rows of weights are multiplied with a vector. @param y the results */
export function planRows(rows: QDense, x: Operand, y: Operand, target: Target): DotPlan {
  return planDot(
    {
      ...{ node: rows, x, y, groups: 1, keepMaximum: false },
      taps: rows.weights.length / rows.outChannels,
      channels: rows.outChannels,
    },
    target,
  );
}

function planProducts(step: Step<QRecurrent>, target: Target): Products {
  const { node, output } = step;
  const x = step.inputs[0]!;
  const plan = (rows: QDense, operand: Operand): DotPlan =>
    planRows(rows, operand, sums(rows, output), target);
  return {
    input: plan(node.fromInput, x),
    hidden: plan(node.fromHidden, output),
    reset: node.fromReset && plan(node.fromReset, output),
  };
}

/** int16 sums in scratch memory, of one time step. */
export function sums(rows: QDense, { buffer, value }: Operand): Operand {
  const of = {
    ...value,
    shape: [1, rows.outChannels],
    type: 'int16' as const,
    offset: 0,
    lo: rows.lo,
    hi: rows.hi,
  };
  return { buffer, value: of, layout: innerLayout(of, NO_BORDER) };
}

function gatesOf({ fromInput, units }: QRecurrent): number {
  return fromInput.outChannels / units;
}

/**
 * Where things lie in the scratch memory, in int16 elements: sums of input and hidden state, the state where it does not live between
 * inferences, a hidden state.
 */
function scratchOf({ node, inputs, output }: Step<QRecurrent>): {
  readonly fromHidden: number;
  readonly state: number;
  readonly hidden: number;
  readonly needsHidden: boolean;
  readonly bytes: number;
} {
  const rows = gatesOf(node) * node.units;
  const state = 2 * rows;
  const hidden = state + (node.cell === 'rnn' || inputs.length > 1 ? 0 : node.units);
  const needsHidden = node.sequence !== 'last' || node.fromReset !== undefined;
  const bytes = 2 * hidden + (needsHidden ? node.units * output.layout.bytesPerElement : 0);
  return { fromHidden: rows, state, hidden, needsHidden, bytes };
}

function emit(
  context: LayerContext,
  step: Step<QRecurrent>,
  products: Products,
  time: number,
  features: number,
): Code {
  const { node, output: y } = step;
  const { units, cell, sequence } = node;
  const { layout: from } = step.inputs[0]!;
  /** The hidden state where it lives between inferences; then the cell state does so too. */
  const kept = step.inputs[1];
  const { type } = y.layout;
  const memory = scratchOf(step);
  const isLast = sequence === 'last';
  const zero = y.value.offset + y.layout.bias;
  const rowsBackward = node.backward && sequence === 'inTime';
  const move = (pointer: string, distance: number, backward: boolean): string =>
    `${pointer} ${backward ? '-' : '+'}= ${distance};`;
  const begin = (pointer: string, distance: number, backward: boolean): string =>
    backward && time > 1 ? `${pointer} + ${(time - 1) * distance}` : pointer;
  return [
    `int16_t *const px = ${context.scratch('int16_t')};`,
    `int16_t *const ph = px + ${memory.fromHidden};`,
    ...(cell === 'rnn'
      ? []
      : [`int16_t *const state = ${kept ? context.inputs[2]! : `px + ${memory.state}`};`]),
    ...(memory.needsHidden ? [`${type} *const kept = ${pointerOver(type, `px + ${memory.hidden}`)};`] : []),
    ...functionTables(context, node),
    `const ${from.type} *now = ${begin(context.inputs[0]!, features, node.backward)};`,
    `${type} *row = ${begin(context.output, units, rowsBackward)};`,
    `const ${type} *hidden = ${isLast ? 'row' : 'kept'};`,
    block(`for (uint32_t u = 0; u < ${units}; u++)`, [
      `${isLast ? 'row' : 'kept'}[u] = ${kept ? convert(`${context.inputs[1]!}[u]`, kept, y) : zero};`,
      ...(cell === 'rnn' || kept ? [] : ['state[u] = 0;']),
    ]),
    block(`for (uint32_t t = ${time}; t != 0; t--)`, [
      multiply(context, products.input, 'now', 'px'),
      multiply(context, products.hidden, 'hidden', 'ph'),
      ...gateLoops(context, node),
      ...(products.reset
        ? [
            block(`for (uint32_t u = 0; u < ${units}; u++)`, resetUnit(context, step)),
            multiply(context, products.reset, 'kept', `ph + ${2 * units}`),
          ]
        : []),
      block(`for (uint32_t u = 0; u < ${units}; u++)`, unitCode(context, step)),
      ...(isLast ? [] : ['hidden = row;', move('row', units, rowsBackward)]),
      move('now', features, node.backward),
    ]),
    ...(kept
      ? [
          block(`for (uint32_t u = 0; u < ${units}; u++)`, [
            `${context.inputs[1]!}[u] = ${convert('hidden[u]', y, kept)};`,
          ]),
        ]
      : []),
  ];
}

function pointerOver(type: Layout['type'], expression: string): string {
  return type === 'int16_t' ? expression : `(${type} *)(${expression})`;
}

/** One product of matrix and vector into sums, or into results of another type. */
export function multiply(
  context: LayerContext,
  plan: DotPlan,
  vector: string,
  to: string,
  type: Layout['type'] = 'int16_t',
): Block {
  const code = plan.emit(context, vector);
  return block('', [`${type} *q = ${to};`, ...code.setup, ...code.begin, ...code.multiply]);
}

/** Tables by name; functions that are alike share one. */
function functionTables(context: LayerContext, { cell, gate, candidate, outputFunction }: QRecurrent): Code {
  const table = (name: string, fn: QFunction): string =>
    `const int16_t *const ${name} = ${context.table(fn.table, 2)('int16_t')};`;
  return [
    ...(cell === 'rnn' ? [] : [table('gate', gate)]),
    table('candidate', candidate),
    ...(outputFunction ? [table('output', outputFunction)] : []),
  ];
}

/** A function of a sum, as a C expression. */
function applied(context: LayerContext, name: string, { shift }: QFunction, sum: string): string {
  const clamped = `${context.helper('clamp')}(${sum}, ${-(32768 >> shift)}, ${32767 >> shift})`;
  return `${context.helper('interpolate')}(${name}, ${clamped}${shift > 0 ? ` * ${2 ** shift}` : ''})`;
}

/** A number of the k-th gate. */
export function gateAt(list: 'px' | 'ph', k: number, units: number): string {
  return k === 0 ? `${list}[u]` : `${list}[u + ${k * units}]`;
}

/** Makes gates of their two sums, in the place of the first: loops of their own, for which the registers suffice. */
function gateLoops(context: LayerContext, { cell, units, gate, candidate }: QRecurrent): Code {
  const loop = (name: string, fn: QFunction, from: number, to: number): Block =>
    block(`for (uint32_t u = ${from * units}; u < ${to * units}; u++)`, [
      `px[u] = (int16_t)${applied(context, name, fn, 'px[u] + ph[u]')};`,
    ]);
  switch (cell) {
    case 'lstm':
      return [loop('gate', gate, 0, 2), loop('candidate', candidate, 2, 3), loop('gate', gate, 3, 4)];
    case 'gru':
      return [loop('gate', gate, 0, 2)];
    case 'rnn':
      return [];
  }
}

/** Of the reset hidden state. */
function resetUnit(context: LayerContext, { node, output }: Step<QRecurrent>): Code {
  const product = `${gateAt('px', 1, node.units)} * state[u]`;
  return store(context, 'kept[u]', product, node.resetRequant!, node, output);
}

function unitCode(context: LayerContext, { node, output }: Step<QRecurrent>): Code {
  const { units, cell, candidate, outputFunction, stateBits } = node;
  const gate = (k: number): string => gateAt('px', k, units);
  const hidden = (value: string): Code => store(context, 'row[u]', value, node.requant, node, output);
  switch (cell) {
    case 'lstm': {
      const shift = candidate.bits - stateBits;
      const product = `${gate(0)} * ${gate(2)}`;
      const [lo, hi] = stateLimits(node);
      const added = shift > 0 ? `((${product} + ${2 ** (shift - 1)}) >> ${shift})` : product;
      return [
        `const int32_t c = ${context.helper('clamp')}((${gate(1)} * state[u] + ${added} + 16384) >> 15, ${lo}, ${hi});`,
        'state[u] = (int16_t)c;',
        ...hidden(`${gate(3)} * ${applied(context, 'output', outputFunction!, 'c')}`),
      ];
    }
    case 'gru': {
      const own = gateAt('ph', 2, units);
      const reset = node.fromReset ? own : `((${gate(1)} * ${own} + 16384) >> 15)`;
      return [
        `const int32_t n = ${applied(context, 'candidate', candidate, `${gate(2)} + ${reset}`)};`,
        `const int32_t z = ${gate(0)};`,
        'const int32_t s = (z * state[u] + (32768 - z) * n + 16384) >> 15;',
        'state[u] = (int16_t)s;',
        ...hidden('s'),
      ];
    }
    case 'rnn':
      return hidden(applied(context, 'candidate', candidate, 'px[u] + ph[u]'));
  }
}

/** Requantizes into a hidden state. */
function store(
  context: LayerContext,
  to: string,
  value: string,
  requant: QRecurrent['requant'],
  { lo, hi }: QRecurrent,
  y: Operand,
): Code {
  const folded = foldRequant(requant, 0, y.value, y.layout, { min: -(2 ** 30), max: 2 ** 30 });
  return [
    `const int32_t v = ${value};`,
    `${to} = ${saturate(context, requantExpression(context, withInit('v', folded), folded), lo, hi, y.layout)};`,
  ];
}
