import { UserError } from '../../common/error.ts';
import { UnusedNames } from '../../common/unusedNames.ts';
import { say, type Sentence } from '../../common/errors/sentence.ts';
import type { TfliteNode } from '../../model/formats/tflite/context.ts';
import { type ImportedNode, type IntegerNetwork, integersOf } from '../../model/formats/tflite/integers.ts';
import type { FusedActivation, TensorType } from '../../model/formats/tflite/names.ts';
import { elements, type Node } from '../../model/graph.ts';
import { sameParams } from '../../model/params.ts';
import type { TfliteTensor } from '../../model/formats/tflite/tensor.ts';
import {
  type QNode,
  type QState,
  type QuantizedGraph,
  type QuantizedValue,
  positionValue,
  qvalue,
} from '../quantizedGraph.ts';
import { type BiasPrecision, limits, type Precision, type QuantParams } from '../schemas.ts';
import type { Rounding } from '../options.ts';
import type { Requant } from '../requantize.ts';
import { extent } from '../valueParams.ts';
import { RatioTooLarge, roundAway } from './fixedPoint.ts';
import { wrongNode } from './refusals.ts';
import { alwaysExact, type ExactChannel, requantsOf } from './requant.ts';

/** A node without what every node has. */
export type NodeSpec = QNode extends infer N
  ? N extends QNode
    ? Omit<N, 'name' | 'inputs' | 'output'>
    : never
  : never;

/** What a tensor's numbers are less by where everything computes with int8: those of uint8. */
function shiftOf({ type }: Pick<TfliteTensor, 'type'>): number {
  return type === 'UINT8' ? 128 : 0;
}

/** Types of tensors that are computed with, as what a value of them has. */
export const PRECISION_OF = { INT8: 'int8', UINT8: 'int8', INT16: 'int16' } as const satisfies Readonly<
  Partial<Record<TensorType, Precision>>
>;

/**
 * The quantized graph of a network in integers while it is built, operator by operator. uint8 tensors become int8 ones: all numbers,
 * and the zero point, are less by 128.
 */
export class TfliteLowering {
  readonly #integers: IntegerNetwork;
  readonly #values = new Map<string, QuantizedValue>();
  readonly #constants = new Map<string, Int16Array>();
  readonly #nodes: QNode[] = [];
  readonly #states = new Map<string, QState>();
  readonly #unusedNames: UnusedNames;
  readonly #unusedNodeNames = new UnusedNames(() => false);
  /** Tensors that are another value. */
  readonly #same = new Map<number, string>();

  readonly rounding: Rounding;

  constructor(integers: IntegerNetwork, rounding: Rounding) {
    this.#integers = integers;
    this.rounding = rounding;
    const names = new Set(integers.names);
    this.#unusedNames = new UnusedNames((name) => names.has(name) || this.#values.has(name));
  }

  tensor(index: number): TfliteTensor {
    return this.#integers.network.tensors[index]!;
  }

  nameOf(index: number): string {
    return this.#integers.names[index]!;
  }

  /** Type, scale and zero point of a tensor, uint8 as int8. @throws UserError 'model' for other tensors than of int8, uint8, int16 */
  params(node: TfliteNode | undefined, index: number): QuantParams & { readonly type: Precision } {
    const { type: stored, quantization } = this.tensor(index);
    const type = Object.hasOwn(PRECISION_OF, stored)
      ? PRECISION_OF[stored as keyof typeof PRECISION_OF]
      : undefined;
    if (!quantization || quantization.scales.length !== 1 || !type) {
      const numbers = quantization ? say`numbers of ${stored}` : say`numbers of ${stored} without a scale`;
      const name = this.nameOf(index);
      const advice = say`Convert the model with int8 or int16 activations, or give the float32 model: GlowPort quantizes it itself.`;
      if (node) {
        throw wrongNode(
          node,
          say`has ${numbers}, '${name}'; int8, uint8 and int16 with one scale are computed exactly`,
          advice,
        );
      }
      throw new UserError(
        'model',
        say`Tensor '${name}' has ${numbers}; int8, uint8 and int16 with one scale are computed exactly.`,
        advice,
      );
    }
    return { type, ...checkedParams(node, this.tensor(index), type) };
  }

  /** The requantization of channels to a value. To int16 it is the exact one, whatever is asked for: no form of 32 bits has its bits. */
  requants(channels: readonly ExactChannel[], y: QuantizedValue): Requant[] {
    if (y.type === 'int16') return alwaysExact(channels);
    return requantsOf(channels, y, this.rounding);
  }

  /** Whether a tensor's numbers are real ones: what flows at the ends of a network. */
  isFloat(index: number): boolean {
    return this.tensor(index).type === 'FLOAT32';
  }

  /** The value that a tensor is; a constant one is added as it is first read. */
  operand(node: TfliteNode, k: number): QuantizedValue {
    const index = node.operator.inputs[k] ?? -1;
    if (index < 0) throw wrong(node, say`has no input ${k}`);
    const value = this.#valueOf(index, node);
    if (!value) throw wrong(node, say`reads '${this.nameOf(index)}', which nothing before it computes`);
    if (value.type === 'int32')
      throw wrong(node, say`reads '${value.name}', numbers of INT32, which only come out`);
    return value;
  }

  /** The value that a tensor is, a constant one too; undefined before it is computed. */
  #valueOf(index: number, node?: TfliteNode): QuantizedValue | undefined {
    const name = this.#same.get(index) ?? this.nameOf(index);
    const known = this.#values.get(name);
    if (known) return known;
    const tensor = this.tensor(index);
    const integers = integersOf(tensor);
    if (!integers) return undefined;
    const q = Int16Array.from(integers, (v) => v - shiftOf(tensor));
    const [lo, hi] = extent(q);
    return this.constant({ name, shape: tensor.shape, ...this.params(node, index), lo, hi }, q);
  }

  /** Adds a value that is a constant. */
  constant(value: QuantizedValue, q: Int16Array): QuantizedValue {
    this.#constants.set(value.name, q);
    this.#values.set(value.name, value);
    return value;
  }

  /** Integers of a constant operand: weights, biases, axes. @throws UserError 'model' for one that is computed or left out */
  integers(node: TfliteNode, k: number): Int32Array {
    const index = node.operator.inputs[k] ?? -1;
    const integers = index < 0 ? undefined : integersOf(this.tensor(index));
    if (!integers) throw wrong(node, say`computes input ${k} at run time; only constants are supported`);
    return integers;
  }

  has(node: TfliteNode, k: number): boolean {
    return (node.operator.inputs[k] ?? -1) >= 0;
  }

  /** What became of an operator in the graph of real numbers. */
  imported(node: TfliteNode): ImportedNode {
    return this.#integers.imported.get(node)!;
  }

  /** The value that a node's k-th result becomes, saturated by an activation that is fused into it. */
  result(node: TfliteNode, activation: FusedActivation = 'NONE', k = 0): QuantizedValue {
    const index = node.operator.outputs[k]!;
    const p = this.params(node, index);
    const { shape } = this.tensor(index);
    return { name: this.nameOf(index), shape, ...p, ...bounds(node, activation, p) };
  }

  /** A node's result in int32, which no other node reads; undefined for one of another type. */
  wideResult(node: TfliteNode): QuantizedValue | undefined {
    const index = node.operator.outputs[0]!;
    const { type, quantization, shape } = this.tensor(index);
    if (type !== 'INT32' || quantization?.scales.length !== 1) return undefined;
    const params = checkedParams(node, this.tensor(index), 'int32');
    const { qmin: lo, qmax: hi } = limits('int32');
    return { name: this.nameOf(index), shape, type: 'int32', ...params, lo, hi };
  }

  /** The value of positions that a node's result becomes. @param count of the elements that each is one of */
  positions(node: TfliteNode, count: number): QuantizedValue {
    const index = node.operator.outputs[0]!;
    return positionValue(this.nameOf(index), this.tensor(index).shape, count);
  }

  /** A value of a network's input, whose numbers stand behind what it is called. @param like tensor with its parameters */
  input(name: string, like: number): void {
    const { shape } = this.tensor(like);
    const p = this.params(undefined, like);
    const { qmin, qmax } = limits(p.type);
    this.#values.set(name, { name, shape, ...p, lo: qmin, hi: qmax });
  }

  /** What QUANTIZE makes of real numbers is the network's input itself, which has the result's parameters. */
  quantized(node: TfliteNode): void {
    const [from, result] = [node.operator.inputs[0]!, node.operator.outputs[0]!];
    const name = this.nameOf(from);
    const x = this.#integers.network.inputs.includes(from) ? this.#values.get(name) : undefined;
    const { type, scale, offset } = this.params(node, result);
    if (x?.scale !== scale || x.offset !== offset || x.type !== type) {
      throw wrong(
        node,
        say`quantizes real numbers that are no input of the network, or an input in a second way`,
      );
    }
    this.#sameAs(node, x, result);
  }

  /** What lives between inferences, and begins with the numbers given; undefined for zeros: its zero point. */
  state(value: QuantizedValue, initial?: Int32Array): QuantizedValue {
    const zeros = new Int32Array(elements(value.shape)).fill(value.offset);
    this.#states.set(value.name, { name: value.name, written: undefined, initial: initial ?? zeros });
    this.#values.set(value.name, value);
    return value;
  }

  /** A variable as an inference finds it, in the parameters of the tensor that reads it. @param initial zeros where undefined */
  variable(index: number, initial: TfliteTensor | undefined): void {
    const tensor = this.tensor(index);
    const first = initial && integersOf(initial)?.map((q) => q - shiftOf(tensor));
    const name = this.nameOf(index);
    const params = this.params(undefined, index);
    const { qmin: lo, qmax: hi } = limits(params.type);
    this.state({ name, shape: tensor.shape, ...params, lo, hi }, first);
  }

  /** At the end of an inference a variable is what a tensor is. */
  keep(index: number, written: number): void {
    const state = this.#states.get(this.nameOf(index))!;
    const value = this.#valueOf(written);
    if (!value) throw new Error(`${state.name} is kept, but nothing computes it`);
    this.#states.set(state.name, { ...state, written: value.name });
  }

  /** A value between the nodes that one operator becomes. */
  inner(node: TfliteNode, what: string, value: Omit<QuantizedValue, 'name'>): QuantizedValue {
    return { ...value, name: this.#unusedNames.like(`${this.nameOf(node.operator.outputs[0]!)}_${what}`) };
  }

  /** Adds a node that computes `y`. */
  emit(
    node: TfliteNode,
    inputs: readonly QuantizedValue[],
    y: QuantizedValue,
    spec: NodeSpec,
  ): QuantizedValue {
    this.#values.set(y.name, y);
    const name = this.#unusedNodeNames.like(node.name);
    this.#nodes.push({ ...spec, name, inputs: inputs.map((x) => x.name), output: y.name } as QNode);
    return y;
  }

  /** What DEQUANTIZE makes of integers are these, for whoever reads them; as an output of the network they have its name. */
  dequantized(node: TfliteNode): void {
    this.#sameAs(node, this.operand(node, 0), node.operator.outputs[0]!);
  }

  /** What READ_VARIABLE finds: the numbers as they are, in the parameters of its result. */
  read(node: TfliteNode): void {
    const [result] = node.operator.outputs as [number];
    this.#sameAs(node, this.taken(node, this.operand(node, 0), this.params(node, result)), result);
  }

  /** A tensor is another value; an output of the network is that under a name of its own. */
  #sameAs(node: TfliteNode, x: QuantizedValue, index: number): void {
    const isOutput = this.#integers.network.outputs.includes(index);
    if (isOutput) this.emit(node, [x], { ...x, name: this.nameOf(index) }, { kind: 'reshape' });
    else this.#same.set(index, x.name);
  }

  /** The same numbers under another shape. */
  reshaped(node: TfliteNode, x: QuantizedValue, shape: readonly number[], what: string): QuantizedValue {
    if (x.shape.join() === shape.join()) return x;
    return this.emit(node, [x], this.inner(node, what, { ...x, shape }), { kind: 'reshape' });
  }

  /** The same numbers as if they had other parameters. */
  taken(node: TfliteNode, x: QuantizedValue, { scale, offset }: QuantParams): QuantizedValue {
    if (sameParams(x, { scale, offset })) return x;
    return this.emit(node, [x], this.inner(node, 'taken', { ...x, scale, offset }), { kind: 'reshape' });
  }

  /** The whole graph. */
  finish(name: string, inputs: readonly string[], outputs: readonly string[]): QuantizedGraph {
    const graph = {
      name,
      inputs,
      outputs,
      states: [...this.#states.values()],
      values: this.#values,
      constants: this.#constants,
      nodes: this.#nodes,
    };
    for (const output of outputs) qvalue(graph, output);
    return graph;
  }
}

/** The node of a kind that an operator became in the graph of real numbers, where it becomes one. */
export function importedOf<K extends Node['kind']>(
  lowering: TfliteLowering,
  node: TfliteNode,
  kind: K,
): Extract<Node, { kind: K }> {
  const found = lowering.imported(node).nodes.find((n) => n.kind === kind);
  if (!found) throw new Error(`${node.name} has become no ${kind}`);
  return found as Extract<Node, { kind: K }>;
}

/** @throws UserError 'model' where numbers that have to be symmetric have a zero point */
export function requireSymmetric(node: TfliteNode, name: string, zero: number): void {
  if (zero !== 0)
    throw wrong(node, say`has numbers of INT16 with the zero point ${zero}, '${name}'; 0 is needed`);
}

/** @throws UserError 'model' where a result's scale is not the one that its operator has, but for a thousandth */
export function requireScale(node: TfliteNode, y: QuantizedValue, scale: number): void {
  if (Math.abs(Math.log2(y.scale / scale)) < 1e-3) return;
  throw wrong(node, say`has an output of scale ${y.scale}; 1/${1 / scale} is needed`);
}

/** @throws UserError 'model' where a result's zero point is not the one that its operator has: both as the file would have them */
export function requireZeroPoint(
  lowering: TfliteLowering,
  node: TfliteNode,
  { offset }: QuantizedValue,
  needed: number,
): void {
  if (offset === needed) return;
  const shift = shiftOf(lowering.tensor(node.operator.outputs[0]!));
  throw wrong(node, say`has an output with the zero point ${offset + shift}; ${needed + shift} is needed`);
}

/**
 * The only scale and zero point of a tensor, uint8's as int8's.
 * @param what names the tensor where the node alone does not tell which: "the cell state"
 * @throws UserError 'model' for such as no number is represented by
 */
export function checkedParams(
  node: TfliteNode | undefined,
  { type: stored, quantization }: TfliteTensor,
  type: BiasPrecision,
  what?: Sentence,
): QuantParams {
  const [scale, zero] = [quantization!.scales[0]!, quantization!.zeroPoints[0]!];
  const offset = zero - shiftOf({ type: stored });
  const { qmin, qmax } = limits(type);
  // real numbers are float32 wherever somebody sees them
  if (!(scale > 0) || !Number.isFinite(Math.fround(scale * (qmax - qmin))))
    throw wrong(node, what ? say`has the scale ${scale} for ${what}` : say`has the scale ${scale}`);
  if (!(offset >= qmin && offset <= qmax)) {
    throw wrong(node, what ? say`has the zero point ${zero} for ${what}` : say`has the zero point ${zero}`);
  }
  return { scale, offset };
}

/** What an accumulator may be when its shift to the left is done: of results in int8, whose form is rounded within 32 bits, and others. */
const MOST = { int8: 2 ** 30, int16: 2 ** 31 } as const;

/** @throws UserError 'model' where what a channel's accumulator may become does not fit 32 bits */
export function checkedChannel(
  node: TfliteNode,
  channel: ExactChannel,
  result: Precision = 'int8',
): ExactChannel {
  const moved = Math.max(1, channel.max, -channel.min) * 2 ** Math.max(0, channel.shift);
  if (moved < MOST[result]) return channel;
  throw wrong(node, say`has sums that do not fit 32 bits`);
}

/** Runs `lower`. @throws UserError 'model' of the node in place of a RatioTooLarge */
export function ofNode<T>(node: TfliteNode, lower: () => T): T {
  try {
    return lower();
  } catch (e) {
    if (e instanceof RatioTooLarge) throw wrong(node, say`has scales too far apart for 32 bits`);
    throw e;
  }
}

/** @param why goes on behind the node's name: "has no input 1" */
export function wrong(node: TfliteNode | undefined, why: Sentence): UserError {
  const needed = say`Convert the model again; if it stays so, give the float32 model: GlowPort quantizes it itself.`;
  return node ? wrongNode(node, why, needed) : new UserError('model', say`The model ${why}.`, needed);
}

/** `CalculateActivationRangeQuantized`: what a fused activation leaves of the type's numbers. Scales are float32. */
function bounds(
  node: TfliteNode,
  activation: FusedActivation,
  { type, scale, offset }: QuantParams & { readonly type: Precision },
): Pick<QuantizedValue, 'lo' | 'hi'> {
  const at = (real: number): number => offset + roundAway(Math.fround(real / Math.fround(scale)));
  const { qmin: lo, qmax: hi } = limits(type);
  switch (activation) {
    case 'NONE':
      return { lo, hi };
    case 'RELU':
      return { lo: Math.max(lo, at(0)), hi };
    case 'RELU6':
      return { lo: Math.max(lo, at(0)), hi: Math.min(hi, at(6)) };
    case 'RELU_N1_TO_1':
      return { lo: Math.max(lo, at(-1)), hi: Math.min(hi, at(1)) };
    default:
      throw wrong(node, say`has the activation ${activation} behind it, which is not supported in integers`);
  }
}
