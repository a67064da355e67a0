import { UserError } from '../../common/error.ts';
import { say, type Sentence } from '../../common/errors/sentence.ts';
import { elements } from '../graph.ts';
import type { Shape } from '../graph.ts';
import { GraphBuilder, INVENTED } from '../builder.ts';
import type { NodeSpec } from '../builder.ts';
import { evaluateNode } from '../evaluate.ts';
import { sameShape, transposedShape } from '../indexing.ts';
import { LIMITS } from './limits.ts';
import { toNumber } from './proto.ts';
import type { AttributeProto, NodeProto } from './proto.ts';
import { checkedElements, readTensor } from './tensor.ts';
import type { ModelConstant } from './tensor.ts';

/** A tensor that flows at run time; `name` is a value of the graph being built, its shape in the model's order. */
export interface Flowing {
  readonly kind: 'value';
  readonly name: string;
  readonly shape: Shape;
}

export type FloatConstant = Extract<ModelConstant, { kind: 'float' }>;
export type IntConstant = Extract<ModelConstant, { kind: 'int' }>;

/** What an ONNX name can stand for. */
export type Operand = Flowing | FloatConstant | IntConstant;

/** A node's fields without those `emit` fills in. */
type EmitSpec = NodeSpec extends infer N ? (N extends NodeSpec ? Omit<N, 'name' | 'inputs'> : never) : never;

/** Counts the constants an import makes: a few shared weights could become any number of copies. */
export class ConstantBudget {
  #elements = 0;

  /** @throws UserError 'model' when all constants together exceed LIMITS.totalElements */
  spend(count: number): void {
    this.#elements += count;
    if (this.#elements <= LIMITS.totalElements) return;
    throw new UserError(
      'model',
      say`The model's constants and weights have more than ${LIMITS.totalElements} elements together.`,
      say`Choose a model made for a microcontroller.`,
    );
  }
}

/** AttributeProto.AttributeType */
const ATTRIBUTE_TYPES = { float: 1, int: 2, string: 3, tensor: 4, floats: 6, ints: 7 } as const;

/** Suffixes of outputs that only another order or shape sets apart from the node's own. */
const COMPUTES: ReadonlySet<string> = new Set(['', '/nhwc', '/linear', '/softmax', '/pool']);

/** Operators that only move data. */
const MOVES: ReadonlySet<string> = new Set(['Transpose', 'Reshape', 'Flatten', 'Squeeze', 'Unsqueeze']);

/**
 * One ONNX node while it is imported: its operands, its attributes, and `emit` to add IR nodes. Operator files work
 * with this only.
 */
export class OperatorContext {
  readonly opset: number;
  readonly node: NodeProto;
  readonly inputs: readonly (Operand | undefined)[];
  readonly #builder: GraphBuilder;
  readonly #budget: ConstantBudget;
  readonly #nodeName: string;
  readonly #isUsed: (output: string) => boolean;

  constructor(options: {
    opset: number;
    node: NodeProto;
    nodeName: string;
    inputs: readonly (Operand | undefined)[];
    builder: GraphBuilder;
    budget: ConstantBudget;
    isUsed: (output: string) => boolean;
  }) {
    this.opset = options.opset;
    this.node = options.node;
    this.inputs = options.inputs;
    this.#nodeName = options.nodeName;
    this.#builder = options.builder;
    this.#budget = options.budget;
    this.#isUsed = options.isUsed;
  }

  /** Refuses the model because of this node; `why` continues "Conv node 'c1' …". */
  refuse(why: Sentence, advice = say`Change the model, or export it with other options.`): never {
    throw new UserError('model', say`${this.node.opType} node '${this.#nodeName}' ${why}.`, advice);
  }

  /** Whether the node's k-th output is read by another node or is an output of the model. */
  outputUsed(k: number): boolean {
    const name = this.node.output[k];
    return name !== undefined && name !== '' && this.#isUsed(name);
  }

  // ------------------------------------------------------------------------------------------------------- operands

  /** The k-th operand; refused when the file leaves it out. */
  operand(k: number): Operand {
    const operand = this.inputs[k];
    if (!operand) this.refuse(say`has no input ${k}`);
    return operand;
  }

  /** The k-th operand as real numbers, flowing or constant. */
  real(k: number): Flowing | FloatConstant {
    const operand = this.operand(k);
    if (operand.kind === 'int') this.refuse(say`reads integers in input ${k}; only float32 tensors flow`);
    return operand;
  }

  /** The k-th operand, which must be constant real numbers; `what` names it ("the weights"). */
  floats(k: number, what: Sentence): FloatConstant {
    const operand = this.real(k);
    if (operand.kind !== 'float')
      this.refuse(say`computes ${what} at run time; only constants are supported`);
    return operand;
  }

  /** The k-th operand as constant integers, or undefined when the file leaves it out. */
  optionalInts(k: number, what: Sentence): readonly number[] | undefined {
    const operand = this.inputs[k];
    if (!operand) return undefined;
    if (operand.kind === 'value')
      this.refuse(say`computes ${what} at run time; only constants are supported`);
    if (operand.kind === 'float') this.refuse(say`has real numbers for ${what}`);
    return operand.data;
  }

  /** The k-th operand as one constant real number, or undefined when the file leaves it out. */
  optionalScalar(k: number, what: Sentence): number | undefined {
    if (!this.inputs[k]) return undefined;
    const { data } = this.floats(k, what);
    if (data.length !== 1) this.refuse(say`has ${data.length} numbers for ${what}; one is needed`);
    return data[0]!;
  }

  // ----------------------------------------------------------------------------------------------------- attributes

  #attribute(name: string, type: keyof typeof ATTRIBUTE_TYPES): AttributeProto | undefined {
    const found = this.node.attribute.find((a) => a.name === name);
    if (!found) return undefined;
    if (found.refAttrName !== '') this.refuse(say`refers to a function's attribute '${found.refAttrName}'`);
    if (found.type !== 0 && found.type !== ATTRIBUTE_TYPES[type]) {
      this.refuse(say`has an attribute '${name}' of another type than ${type}`);
    }
    return found;
  }

  has(name: string): boolean {
    return this.node.attribute.some((a) => a.name === name);
  }

  int(name: string, fallback: number): number {
    const a = this.#attribute(name, 'int');
    return a ? toNumber(a.i) : fallback;
  }

  float(name: string, fallback: number): number {
    return this.#attribute(name, 'float')?.f ?? fallback;
  }

  string(name: string, fallback: string): string {
    const a = this.#attribute(name, 'string');
    return a ? new TextDecoder().decode(Uint8Array.from(a.s)) : fallback;
  }

  ints(name: string): readonly number[] | undefined {
    return this.#attribute(name, 'ints')?.ints.map(toNumber);
  }

  floatList(name: string): readonly number[] | undefined {
    return this.#attribute(name, 'floats')?.floats;
  }

  tensor(name: string): ModelConstant | undefined {
    const a = this.#attribute(name, 'tensor');
    if (!a) return undefined;
    if (!a.t) this.refuse(say`has an empty attribute '${name}'`);
    return readTensor(a.t, say`Attribute '${name}' of ${this.node.opType} node '${this.#nodeName}'`);
  }

  /** `axis` counted from the front; refused when a tensor of this rank has no such axis. */
  axis(axis: number, rank: number): number {
    if (!Number.isInteger(axis) || axis < -rank || axis >= rank) {
      this.refuse(say`has axis ${axis} for a tensor of ${rank} dimensions`);
    }
    return axis < 0 ? axis + rank : axis;
  }

  // ------------------------------------------------------------------------------------------------------- emitting

  /**
   * Adds an IR node named after this one and returns its output. A node whose operands are all constants is computed
   * now instead.
   *
   * @param suffix tells several IR nodes of one ONNX node apart; '' for the one that computes
   */
  emit(
    spec: EmitSpec,
    operands: readonly (Flowing | FloatConstant)[],
    shape: Shape,
    suffix = '',
  ): Flowing | FloatConstant {
    checkedElements(shape, say`The output of ${this.node.opType} node '${this.#nodeName}'`);
    if (shape.some((d) => d === 0)) this.refuse(say`would have an empty output [${shape}]`);
    if (operands.every((o) => o.kind === 'float')) return this.#fold(spec, operands, shape);
    if ((spec.kind === 'conv2d' || spec.kind === 'dense') && !isFinite(spec.weights, spec.bias)) {
      this.refuse(say`has weights that are not finite`);
    }
    if ('weights' in spec) this.#budget.spend(spec.weights.length);
    const own = this.node.output[0] || this.#nodeName;
    const output =
      suffix === '' && !this.#builder.has(own)
        ? own
        : this.#builder.fresh(own + suffix.replace('/', INVENTED));
    const inputs = operands.map((o, k) =>
      o.kind === 'value' ? o.name : this.#addConstant(o, `${output}/${k}`),
    );
    this.#builder.node({ ...spec, name: this.#irName(spec.kind, suffix), inputs } as NodeSpec, output, shape);
    return { kind: 'value', name: output, shape };
  }

  /** The IR node that computes has the ONNX node's own name, those that move data around it have a suffix. */
  #irName(kind: NodeSpec['kind'], suffix: string): string {
    const moves = kind === 'transpose' || kind === 'reshape';
    if (!moves) return this.#nodeName + (COMPUTES.has(suffix) ? '' : suffix);
    return this.#nodeName + (suffix === '' && !MOVES.has(this.node.opType) ? '/out' : suffix);
  }

  #addConstant(constant: FloatConstant, name: string): string {
    if (!isFinite(constant.data)) this.refuse(say`has a constant that is not finite`);
    return this.#builder.constant(this.#builder.fresh(name), constant.shape, constant.data);
  }

  #fold(spec: EmitSpec, operands: readonly FloatConstant[], shape: Shape): FloatConstant {
    if (
      spec.kind === 'conv2d' ||
      spec.kind === 'dense' ||
      spec.kind === 'avgpool' ||
      spec.kind === 'maxpool'
    ) {
      this.refuse(say`computes on constants only, without any input of the model`);
    }
    this.#budget.spend(elements(shape));
    const node = { ...spec, name: this.#nodeName, inputs: [], output: '' } as never;
    return { kind: 'float', shape, data: evaluateNode(node, operands, shape) };
  }

  reshape(x: Flowing | FloatConstant, shape: Shape, suffix = ''): Flowing | FloatConstant {
    return sameShape(x.shape, shape) ? x : this.emit({ kind: 'reshape' }, [x], shape, suffix);
  }

  transpose(x: Flowing | FloatConstant, perm: readonly number[], suffix = ''): Flowing | FloatConstant {
    if (perm.every((p, k) => p === k)) return x;
    return this.emit({ kind: 'transpose', perm }, [x], transposedShape(x.shape, perm), suffix);
  }
}

function isFinite(...lists: readonly Float32Array[]): boolean {
  return lists.every((list) => list.every(Number.isFinite));
}

/** What an operator's importer returns: its first output (the only one the IR has). */
export type OperatorImporter = (ctx: OperatorContext) => Operand;
