import { remediesOf, UserError } from '../../common/error.ts';
import { say, type Sentence } from '../../common/errors/sentence.ts';
import { INVENTED } from '../builder.ts';
import type { NodeSpec } from '../builder.ts';
import { evaluateNode } from '../evaluate.ts';
import { elements } from '../graph.ts';
import type { Shape, Value } from '../graph.ts';
import { sameShape, transposedShape } from '../indexing.ts';
import { checkedElements, checkIrNodeCount, checkOperandCount } from './checks.ts';
import type { FileNode } from './fileNode.ts';
import type { CurrentNode, GraphImport } from './graphImport.ts';
import type { FloatConstant, Operand, Real } from './operand.ts';
import { integersBehind, movedIntegers, paramsOf } from './integers.ts';

/** A node's fields without those `emit` fills in. */
type EmitSpec = NodeSpec extends infer N ? (N extends NodeSpec ? Omit<N, 'name' | 'inputs'> : never) : never;

/** Suffixes of outputs that only another order or shape sets apart from the node's own. */
const COMPUTES: ReadonlySet<string> = new Set([
  '',
  '/nhwc',
  '/linear',
  '/softmax',
  '/pool',
  '/gather',
  '/sequence',
]);

/**
 * One node of a model file while it is imported: its operands, and `emit` to add IR nodes. What importers of all formats
 * share; a format adds how its attributes are read.
 */
export class OperatorContext<N extends FileNode = FileNode> {
  protected readonly graph: GraphImport;
  protected readonly current: CurrentNode<N>;
  readonly #movesData: boolean;

  /** @param movesData whether the operator only moves data: then an IR node that does so too is the node itself */
  constructor(graph: GraphImport, current: CurrentNode<N>, movesData: boolean) {
    this.graph = graph;
    this.current = current;
    this.#movesData = movesData;
  }

  /** The node as the file has it. */
  get node(): N {
    return this.current.file;
  }

  /** In the file's order; undefined for one that the file leaves out. */
  get inputs(): readonly (Operand | undefined)[] {
    return this.current.operands;
  }

  /** The node in a sentence: "Conv node 'c1'". */
  get label(): Sentence {
    return nodeLabel(this.node.type, this.current.name);
  }

  /** Refuses the model because of this node; `why` continues "Conv node 'c1' …". */
  refuse(why: Sentence, advice = say`Change the model, or export it with other options.`): never {
    const { label } = this;
    const problem = {
      node: this.current.name,
      operator: this.node.type,
      label,
      why,
      needed: remediesOf(advice),
    };
    throw new UserError('model', say`${label} ${why}.`, advice, undefined, [problem]);
  }

  /** Whether the node's k-th output is read by another node or is an output of the model. */
  outputUsed(k: number): boolean {
    const name = this.node.outputs[k];
    return name !== undefined && name !== '' && this.graph.isUsed(name);
  }

  // ------------------------------------------------------------------------------------------------------- operands

  /** The k-th operand; refused when the file leaves it out. */
  operand(k: number): Operand {
    const operand = this.inputs[k];
    if (!operand) this.refuse(say`has no input ${k}`);
    return operand;
  }

  /** The k-th operand as real numbers, flowing or constant. */
  real(k: number): Real {
    const operand = this.operand(k);
    if (operand.kind === 'int') this.refuse(say`reads integers in input ${k}; only float32 tensors flow`);
    if (operand.kind === 'positions') this.refusePositions();
    return operand;
  }

  /** Refuses the node because it computes with what ArgMax or ArgMin finds. */
  refusePositions(): never {
    this.refuse(
      say`computes with the position of a largest or smallest element, which only outputs of the model can be`,
      say`Let ArgMax or ArgMin be the model's last operator.`,
    );
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
    if (operand.kind === 'value' || operand.kind === 'positions')
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

  /** `axis` counted from the front; refused when a tensor of this rank has no such axis. */
  axis(axis: number, rank: number): number {
    if (!Number.isInteger(axis) || axis < -rank || axis >= rank) {
      this.refuse(say`has axis ${axis} for a tensor of ${rank} dimensions`);
    }
    return axis < 0 ? axis + rank : axis;
  }

  /** The k-th operand, which must live between inferences; `what` names it ("its memory"). */
  state(k: number, what: Sentence): Value {
    const operand = this.real(k);
    if (operand.kind === 'value' && this.graph.builder.isState(operand.name)) return operand;
    return this.refuse(say`has no variable for ${what}`);
  }

  /** At the end of an inference a state is `value`, of as many elements. */
  keep(state: Value, value: Real): void {
    const { builder } = this.graph;
    const { name } = state;
    const same = this.reshape(value, state.shape, '/kept');
    builder.write(name, same.kind === 'value' ? same.name : this.#addConstant(same, `${name}/kept`));
  }

  // ------------------------------------------------------------------------------------------------------- emitting

  /**
   * Adds an IR node named after this one and returns its output. A node whose operands are all constants is computed
   * now instead.
   *
   * @param suffix tells several IR nodes of one node apart; '' for the one that computes
   * @param k which of the node's outputs it makes, or helps to make
   */
  emit(spec: EmitSpec, operands: readonly Real[], shape: Shape, suffix = '', k = 0): Real {
    checkedElements(shape, say`The output of ${this.label}`);
    if (shape.some((d) => d === 0)) this.refuse(say`would have an empty output [${shape}]`);
    if (operands.every((o) => o.kind === 'float')) return this.#fold(spec, operands, shape);
    const integers = integersBehind(spec.kind, operands);
    if (integers === 'none') this.refuse(say`computes with quantized integers as they are`);
    const weights = Object.values(spec).filter((v) => v instanceof Float32Array);
    if (!isFinite(...weights)) this.refuse(say`has weights that are not finite`);
    const { budget, builder } = this.graph;
    checkIrNodeCount(builder.nodeCount + 1, this.label);
    checkOperandCount(operands.length, this.label);
    for (const list of weights) budget.spend(list.length);
    if ('rows' in spec) budget.spend(2 * (spec.rows.low.length + spec.columns.low.length));
    if ('indices' in spec) budget.spend(spec.indices.reduce((n, list) => n + list.length, 0));
    const own = this.node.outputs[k] || this.current.name;
    const output =
      suffix === '' && !builder.has(own) ? own : builder.fresh(own + suffix.replace('/', INVENTED));
    const inputs = operands.map((o, i) =>
      o.kind === 'value' ? o.name : this.#addConstant(o, `${output}/${i}`),
    );
    builder.node({ ...spec, name: this.#irName(spec.kind, suffix), inputs } as NodeSpec, output, shape);
    return { kind: 'value', name: output, shape, ...(integers && { integers }) };
  }

  /** The IR node that computes has the file node's own name, those that move data around it have a suffix. */
  #irName(kind: NodeSpec['kind'], suffix: string): string {
    const moves = kind === 'transpose' || kind === 'reshape';
    if (!moves) return this.current.name + (COMPUTES.has(suffix) ? '' : suffix);
    return this.current.name + (suffix === '' && !this.#movesData ? '/out' : suffix);
  }

  #addConstant(constant: FloatConstant, name: string): string {
    if (!isFinite(constant.data)) this.refuse(say`has a constant that is not finite`);
    const { builder } = this.graph;
    return builder.constant(builder.fresh(name), constant.shape, constant.data, paramsOf(constant));
  }

  #fold(spec: EmitSpec, operands: readonly FloatConstant[], shape: Shape): FloatConstant {
    if (
      spec.kind === 'conv2d' ||
      spec.kind === 'convTranspose2d' ||
      spec.kind === 'dense' ||
      spec.kind === 'recurrent' ||
      spec.kind === 'avgpool' ||
      spec.kind === 'maxpool'
    ) {
      this.refuse(say`computes on constants only, without any input of the model`);
    }
    this.graph.budget.spend(elements(shape));
    const node = { ...spec, name: this.current.name, inputs: [], output: '' } as never;
    const quantized = operands.length === 1 ? movedIntegers(spec, operands[0]!) : undefined;
    return {
      kind: 'float',
      shape,
      data: evaluateNode(node, operands, shape),
      ...(quantized && { quantized }),
    };
  }

  reshape(x: Real, shape: Shape, suffix = '', k = 0): Real {
    return sameShape(x.shape, shape) ? x : this.emit({ kind: 'reshape' }, [x], shape, suffix, k);
  }

  transpose(x: Real, perm: readonly number[], suffix = ''): Real {
    if (perm.every((p, k) => p === k)) return x;
    return this.emit({ kind: 'transpose', perm }, [x], transposedShape(x.shape, perm), suffix);
  }
}

/** A node in a sentence. */
export function nodeLabel(operator: string, name: string): Sentence {
  return say`${operator} node '${name}'`;
}

function isFinite(...lists: readonly Float32Array[]): boolean {
  return lists.every((list) => list.every(Number.isFinite));
}
