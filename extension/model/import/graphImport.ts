import { UserError } from '../../common/error.ts';
import { say } from '../../common/errors/sentence.ts';
import { GraphBuilder } from '../builder.ts';
import type { Graph, Shape, Value } from '../graph.ts';
import { ConstantBudget } from './budget.ts';
import type { FileNode } from './fileNode.ts';
import type { FlowingParams, ModelConstant, Operand } from './operand.ts';
import { damaged } from './refusal.ts';

/** A node of the file whose turn it is: what it is called, and what it reads. */
export interface CurrentNode<N extends FileNode> {
  readonly file: N;
  /** The file's name for it, or one made of its operator and its place; unique. */
  readonly name: string;
  /** In the file's order; undefined for one that the file leaves out. */
  readonly operands: readonly (Operand | undefined)[];
}

/** What comes of a node of a file: its first output, or all in the file's order; undefined for one that nothing reads. */
export type Result = Operand | readonly (Operand | undefined)[];

/** A graph while it is imported: what the names in the file stand for, and the IR that comes of it. */
export class GraphImport {
  readonly builder: GraphBuilder;
  readonly budget = new ConstantBudget();
  readonly #used: ReadonlySet<string>;
  readonly #operands = new Map<string, Operand>();
  /** Inputs and states: what nothing computes. */
  readonly #inputs = new Set<string>();
  /** What becomes of states, by their names. */
  readonly #kept = new Map<string, string>();
  /** Tensors that nodes which are left out would have made. */
  readonly #leftOut = new Set<string>();

  /**
   * @param names every name of a tensor in the file: none of them is invented for something else
   * @param used names that a live node or an output of the graph reads
   */
  constructor(names: ReadonlySet<string>, used: ReadonlySet<string>) {
    this.builder = new GraphBuilder(names);
    this.#used = used;
  }

  /** Whether a live node or an output of the graph reads a tensor. */
  isUsed(name: string): boolean {
    return this.#used.has(name);
  }

  /** Says what a constant's name stands for. */
  constant(name: string, value: ModelConstant): void {
    this.#operands.set(name, value);
  }

  /** Adds an input of the graph. @param integers what those stand for that the file has there, in place of real numbers */
  input(value: Value, integers?: FlowingParams): void {
    const { name, shape } = value;
    this.builder.input(value);
    this.#inputs.add(name);
    this.#operands.set(name, { kind: 'value', name, shape, ...(integers && { integers }) });
  }

  /** Adds what lives between inferences; `initial` is what the first one finds. */
  state(value: Value, initial: Float32Array): void {
    this.budget.spend(initial.length);
    this.builder.state(value, initial);
    this.#inputs.add(value.name);
    this.#operands.set(value.name, { kind: 'value', ...value });
  }

  /** At the end of an inference a state is what a tensor stands for. */
  keep(state: string, tensor: string): void {
    this.#kept.set(state, tensor);
  }

  /**
   * Begins the next node in the file's order; undefined when it reads what a node that is left out would have made.
   * @param name unique
   * @throws UserError 'model' when nothing before it defines what it reads
   */
  begin<N extends FileNode>(node: N, name: string): CurrentNode<N> | undefined {
    if (node.inputs.some((input) => this.#leftOut.has(input))) return undefined;
    const operands = node.inputs.map((input) => {
      if (input === '') return undefined;
      const operand = this.#operands.get(input);
      if (operand) return operand;
      throw damaged(say`${node.type} node '${name}' reads '${input}', which nothing before it defines`);
    });
    return { file: node, name, operands };
  }

  /** Goes on without a node: nobody knows what its outputs stand for. */
  leaveOut(node: FileNode): void {
    for (const output of node.outputs) if (output !== '') this.#leftOut.add(output);
  }

  /** The shape of a tensor, as far as it has been imported. */
  shapeOf(name: string): Shape | undefined {
    return this.#operands.get(name)?.shape;
  }

  /** Ends a node: says what its outputs stand for. */
  end(node: CurrentNode<FileNode>, result: Result): void {
    const results = 'kind' in result ? [result] : result;
    results.forEach((operand, k) => {
      if (!operand) return;
      if ('data' in operand) this.budget.spend(operand.data.length);
      const output = node.file.outputs[k];
      if (output) this.#operands.set(output, operand);
    });
  }

  /**
   * The whole graph.
   * @param name of the model
   * @throws UserError 'model' when an output is computed by nothing, or from nothing
   */
  finish(name: string, outputs: readonly string[]): Graph {
    for (const output of outputs) this.#defineOutput(output);
    for (const [state, tensor] of this.#kept) this.#endState(state, tensor);
    return this.builder.finish(name, outputs);
  }

  #endState(state: string, tensor: string): void {
    const operand = this.#operands.get(tensor);
    if (!operand || operand.kind === 'int' || operand.kind === 'positions')
      throw damaged(say`'${tensor}', which is kept, is no real number of any node`);
    const shape = this.builder.shapeOf(state);
    // files may say another shape of a result than it has
    if (operand.shape.join() !== shape.join())
      throw damaged(say`'${tensor}', which is kept in '${state}', has the shape [${operand.shape}]; [${shape}] is needed`); // prettier-ignore
    const written =
      operand.kind === 'value'
        ? operand.name
        : this.builder.constant(this.builder.fresh(tensor), operand.shape, operand.data);
    this.builder.write(state, written);
  }

  #defineOutput(name: string): void {
    const operand = this.#operands.get(name);
    if (!operand) throw damaged(say`Output '${name}' is defined by no node`);
    if ('data' in operand) {
      throw new UserError(
        'model',
        say`Output '${name}' does not depend on any input: it is a constant.`,
        say`Export the model without that output.`,
      );
    }
    if (operand.name !== name) {
      this.builder.node({ kind: 'reshape', name, inputs: [operand.name] }, name, operand.shape);
    } else if (this.#inputs.has(name)) {
      throw new UserError(
        'model',
        say`Output '${name}' is an input of the model itself: nothing computes it.`,
        say`Export the model without that output.`,
      );
    }
  }
}
