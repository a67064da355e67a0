import { UserError } from '../common/error.ts';
import { say } from '../common/errors/sentence.ts';
import { innerName, innerNames } from '../model/evaluate/recurrent.ts';
import { type Graph, type Node, shapeOf } from '../model/graph.ts';
import { DEFAULT_QUANTIZE_OPTIONS, type QuantizeOptions } from './options.ts';
import { chooseRange, type Ranges, type ValueRange } from './ranges.ts';
import {
  chooseParams,
  dequantize,
  limits,
  type Precision,
  type QuantParams,
  quantizeReal,
} from './schemas.ts';

/**
 * Scale and offset of every value and constant of the graph: those that the file gives, else chosen.
 *
 * Operators that only move numbers (max pooling, reshape, transpose, gather, pad), or take something between them (resize), give their input's parameters on, so that no
 * requantization is needed, unless a padding's value lies outside of what they represent; functions with a known image (sigmoid, tanh, softmax) take that rather than the observed range.
 */
export function chooseValueParams(
  graph: Graph,
  ranges: Ranges,
  options: QuantizeOptions,
): ReadonlyMap<string, QuantParams> {
  const rangeOf = (name: string, by: Node | undefined): { readonly min: number; readonly max: number } => {
    const r = ranges.get(name);
    if (!r) throw new Error(`no range for value '${name}'`);
    if (!Number.isFinite(r.min) || !Number.isFinite(r.max)) throw notFinite(name, r, by);
    const { qmin, qmax } = limits(options.precision);
    return chooseRange(r, options.range, qmax - qmin);
  };
  const params = paramsBy(graph, options, rangeOf, new Map());
  // what is kept has one set of parameters, when it is written and when it is read
  const kept = graph.states.flatMap(({ name, written }): [string, QuantParams][] =>
    written === undefined ? [] : [[name, params.get(written)!]],
  );
  return kept.length > 0 ? paramsBy(graph, options, rangeOf, new Map(kept)) : params;
}

/** Whether `chooseValueParams` asks for measured ranges: not where the file gives parameters to all of the network's values. */
export function needsRanges(graph: Graph): boolean {
  let isAsked = false;
  const rangeOf = (): { readonly min: number; readonly max: number } => {
    isAsked = true;
    return { min: -1, max: 1 };
  };
  paramsBy(graph, DEFAULT_QUANTIZE_OPTIONS, rangeOf, new Map());
  return isAsked;
}

/** @param rangeOf the range to represent of a value @param states parameters of states that are known already */
function paramsBy(
  graph: Graph,
  options: QuantizeOptions,
  rangeOf: (name: string, by: Node | undefined) => { readonly min: number; readonly max: number },
  states: ReadonlyMap<string, QuantParams>,
): ReadonlyMap<string, QuantParams> {
  const params = new Map<string, QuantParams>();
  const choose = (min: number, max: number): QuantParams =>
    chooseParams(min, max, options.schema, options.precision);
  const observed = (name: string, by?: Node): QuantParams => {
    const { min, max } = rangeOf(name, by);
    return choose(min, max);
  };
  for (const c of graph.constants.values()) {
    const [min, max] = extent(c.data);
    params.set(c.name, c.params ?? choose(min, max));
  }
  for (const input of graph.inputs) params.set(input.name, input.params ?? observed(input.name));
  for (const { name } of graph.states) params.set(name, states.get(name) ?? observed(name));
  for (const node of graph.nodes) {
    const known = knownImage(node);
    const input = params.get(node.inputs[0]!);
    if (node.kind === 'recurrent') for (const inner of innerNames(node)) observed(inner, node);
    const given = graph.values.get(node.output)?.params;
    if (given) params.set(node.output, given);
    else if (input && passesOn(node, input, options.precision)) params.set(node.output, input);
    else if (known) params.set(node.output, choose(known[0], known[1]));
    else if (node.kind === 'position') params.set(node.output, POSITION_PARAMS);
    else if (node.kind === 'recurrent' && node.sequence === 'last') {
      // the hidden state of every time step is kept in the output's parameters
      params.set(node.output, observed(innerName(node, 'hidden'), node));
    } else params.set(node.output, observed(node.output, node));
    shapeOf(graph, node.output);
  }
  return params;
}

/** Positions are as they are. */
const POSITION_PARAMS: QuantParams = { scale: 1, offset: 0 };

/** Of the first value whose numbers are not finite: what it is computed of is finite. @param by what computes it */
function notFinite(name: string, { min, max }: ValueRange, by: Node | undefined): UserError {
  return by
    ? new UserError(
        'model',
        say`The ${by.kind} layer '${by.name}' computes numbers that are not finite: '${name}' ranges from ${min} to ${max}.`,
        say`Look at this layer in the model: all it reads is finite. Large weights, a padding with infinity, or a logarithm, root or reciprocal of what is not above 0 do this.`,
      )
    : new UserError(
        'input',
        say`The input '${name}' is given numbers that are not finite: from ${min} to ${max}.`,
        say`Give samples without infinities.`,
      );
}

/** Whether an operator's output holds numbers of its input only, or such as the input's parameters represent. */
function passesOn(node: Node, input: QuantParams, precision: Precision): boolean {
  if (node.kind !== 'pad') return ['maxpool', 'reshape', 'transpose', 'gather', 'resize'].includes(node.kind);
  const nearest = dequantize(quantizeReal(node.value, input, limits(precision)), input);
  return Math.abs(node.value - nearest) <= input.scale / 2;
}

function knownImage(node: Node): readonly [number, number] | undefined {
  if (node.kind === 'softmax') return [0, 1];
  if (node.kind !== 'activation') return undefined;
  if (node.fn.type === 'sigmoid') return [0, 1];
  return node.fn.type === 'tanh' ? [-1, 1] : undefined;
}

/** [smallest, largest] of some numbers, [0, 0] of none. */
export function extent(data: ArrayLike<number>): [number, number] {
  let min = data.length > 0 ? Infinity : 0;
  let max = data.length > 0 ? -Infinity : 0;
  for (let i = 0; i < data.length; i++) {
    if (data[i]! < min) min = data[i]!;
    if (data[i]! > max) max = data[i]!;
  }
  return [min, max];
}
