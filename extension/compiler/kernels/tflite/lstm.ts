import type { QTfliteLstm } from '../../../quantize/quantizedGraph.ts';
import { stateLimits } from '../../../quantize/recurrentInts.ts';
import { GATE_BITS, GATE_INPUT, PRODUCT } from '../../../quantize/tflite/lstmInts.ts';
import { type Block, block, type Code } from '../../c/code.ts';
import type { Target } from '../../target/target.ts';
import type { Step } from '../../values/step.ts';
import type { DotPlan } from '../dot/dot.ts';
import { convert } from '../elementwise/nests.ts';
import type { Kernel, KernelMaker, LayerContext } from '../kernel.ts';
import { gateAt, multiply, planRows, sums } from '../recurrent.ts';
import { foldRequant, requantStatements, saturate, withInit } from '../requant.ts';
import { sigmoidCall, sigmoidTable } from './sigmoid.ts';

/** Rows of weights per unit, in this order: input, forget, candidate, output. */
const GATES = 4;
/** Bytes of code for the loops over units. */
const UNIT_BYTES = 560;

/** The products of a time step, by what they read. */
interface Products {
  readonly input: DotPlan;
  readonly hidden: DotPlan;
}

/**
 * TensorFlow Lite Micro's LSTM: a loop over time, in it the products of all gates over the input and over the hidden state, then loops
 * over units. Both states are brought up to date where they live.
 */
export const lstmOfTflite: KernelMaker<'tfliteLstm'> = {
  computes: ['tfliteLstm'],
  make(step, target): Kernel {
    const { node } = step;
    const { units } = node;
    const products = planProducts(step, target);
    const plans = [products.input, products.hidden];
    const time = timeOf(step);
    const { nest, call } = target.costs;
    const unit = 5 * (nest.interpolate + nest.add) + 3 * (nest.mul + nest.add);
    return {
      variant: plans.every((p) => p.isThumb) ? 'rows, thumb' : 'rows',
      macs: time * (node.fromInput.weights.length + node.fromHidden.weights.length),
      cycles: call + time * (plans.reduce((n, p) => n + p.cycles, 0) + units * unit),
      codeBytes: UNIT_BYTES + plans.reduce((n, p) => n + p.codeBytes, 0),
      scratchBytes: 2 * 2 * GATES * units,
      optimize: 'speed',
      note: 'a loop over time; weights are streamed from the constant memory',
      emit: (context) => emit(context, step, products),
    };
  },
};

function timeOf({ node, inputs }: Step<QTfliteLstm>): number {
  return inputs[0]!.layout.size / featuresOf(node);
}

function featuresOf({ fromInput }: QTfliteLstm): number {
  return fromInput.weights.length / fromInput.outChannels;
}

function planProducts({ node, inputs, output }: Step<QTfliteLstm>, target: Target): Products {
  const [x, hidden] = inputs;
  const { fromInput, fromHidden } = node;
  return {
    input: planRows(fromInput, x!, sums(fromInput, output), target),
    hidden: planRows(fromHidden, hidden!, sums(fromHidden, output), target),
  };
}

function emit(context: LayerContext, step: Step<QTfliteLstm>, products: Products): Code {
  const { node, inputs, output: y } = step;
  const { units } = node;
  const [x, hidden] = inputs;
  return [
    `int16_t *const px = ${context.scratch('int16_t')};`,
    `int16_t *const ph = px + ${GATES * units};`,
    sigmoidTable(context),
    `${hidden!.layout.type} *const hidden = ${context.inputs[1]!};`,
    `int16_t *const cell = ${context.inputs[2]!};`,
    `const ${x!.layout.type} *now = ${context.inputs[0]!};`,
    `${y.layout.type} *row = ${context.output};`,
    block(`for (uint32_t t = ${timeOf(step)}; t != 0; t--)`, [
      multiply(context, products.input, 'now', 'px'),
      multiply(context, products.hidden, 'hidden', 'ph'),
      gateLoop(context, 'sigmoid', 0, 2 * units),
      gateLoop(context, 'tanh', 2 * units, 3 * units),
      gateLoop(context, 'sigmoid', 3 * units, 4 * units),
      block(`for (uint32_t u = 0; u < ${units}; u++)`, unitCode(context, step)),
      `now += ${featuresOf(node)};`,
      `row += ${units};`,
    ]),
  ];
}

/** Makes gates of their two sums, in the place of the first. */
function gateLoop(context: LayerContext, name: 'sigmoid' | 'tanh', from: number, to: number): Block {
  return block(`for (uint32_t u = ${from}; u < ${to}; u++)`, [
    `const int32_t v = ${context.helper('clamp')}(px[u] + ph[u], -32768, 32767);`,
    `px[u] = (int16_t)${sigmoidCall(context, name, 'v', GATE_INPUT)};`,
  ]);
}

function unitCode(context: LayerContext, { node, inputs, output: y }: Step<QTfliteLstm>): Code {
  const { units, addBits, requant, tanh } = node;
  const hidden = inputs[1]!;
  const clamp = context.helper('clamp');
  const [lo, hi] = stateLimits(node);
  const gate = (k: number): string => gateAt('px', k, units);
  const folded = foldRequant(requant, 0, hidden.value, hidden.layout, { min: -PRODUCT, max: PRODUCT });
  return [
    `const int32_t kept = ${inUnits(context, `${gate(1)} * cell[u]`, GATE_BITS)};`,
    `const int32_t added = ${inUnits(context, `${gate(0)} * ${gate(2)}`, addBits)};`,
    `const int32_t c = ${clamp}(kept + added, ${lo}, ${hi});`,
    'cell[u] = (int16_t)c;',
    `const int32_t p = ${gate(3)} * ${sigmoidCall(context, 'tanh', 'c', tanh)};`,
    ...requantStatements(
      context,
      withInit('p', folded),
      folded,
      (v) => `hidden[u] = ${saturate(context, v, hidden.value.lo, hidden.value.hi, hidden.layout)};`,
    ),
    `row[u] = ${convert('hidden[u]', hidden, y)};`,
  ];
}

/** A product / 2^bits, rounded twice as by a multiplier of 1/2 and a shift; saturated where it may leave int16. */
function inUnits(context: LayerContext, product: string, bits: number): string {
  const value = `${context.helper('shiftRight')}((${product} + 1) >> 1, ${bits - 1})`;
  return PRODUCT / 2 ** bits <= 32767 ? value : `${context.helper('clamp')}(${value}, -32768, 32767)`;
}
