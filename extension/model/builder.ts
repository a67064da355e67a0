import { UnusedNames } from '../common/unusedNames.ts';
import { elements } from './graph.ts';
import type { Constant, Graph, Node, Shape, State, Value } from './graph.ts';
import type { GivenParams } from './params.ts';

/** A node before it has its output; Omit that keeps the union apart. */
export type NodeSpec = Node extends infer N ? (N extends Node ? Omit<N, 'output'> : never) : never;

/** Stands in the names of values the importer and the passes invent, behind the model's own name: `conv1@nhwc`. */
export const INVENTED = '@';

/** `@nhwc`, `@transposed_2`. */
const INVENTED_SUFFIX = new RegExp(`^${INVENTED}[a-zA-Z]+(_[0-9]+)?$`);

/** The model's own name in an invented one, which may have several suffixes. */
export function ownName(name: string): string {
  let own = name;
  for (let at = own.lastIndexOf(INVENTED); at > 0; at = own.lastIndexOf(INVENTED)) {
    if (!INVENTED_SUFFIX.test(own.slice(at))) break;
    own = own.slice(0, at);
  }
  return own;
}

/** Collects the parts of a Graph in topological order and keeps names unique. */
export class GraphBuilder {
  readonly #values = new Map<string, Value>();
  readonly #constants = new Map<string, Constant>();
  readonly #inputs: Value[] = [];
  readonly #states = new Map<string, State>();
  readonly #nodes: Node[] = [];
  readonly #nodeNames = new Set<string>();
  readonly #unusedNames: UnusedNames;
  readonly #unusedNodeNames = new UnusedNames((name) => this.#nodeNames.has(name));

  /** @param reserved names of values that `fresh` leaves alone (they will be defined later) */
  constructor(reserved: ReadonlySet<string> = new Set()) {
    this.#unusedNames = new UnusedNames((name) => this.has(name) || reserved.has(name));
  }

  /** `wanted`, or `wanted_2`, `wanted_3`, … when a value or constant has that name already. */
  fresh(wanted: string): string {
    return this.#unusedNames.like(wanted);
  }

  has(name: string): boolean {
    return this.#values.has(name) || this.#constants.has(name);
  }

  get nodeCount(): number {
    return this.#nodes.length;
  }

  /** The nodes from the k-th on. */
  nodesFrom(k: number): readonly Node[] {
    return this.#nodes.slice(k);
  }

  shapeOf(name: string): Shape {
    const v = this.#values.get(name) ?? this.#constants.get(name);
    if (!v) throw new Error(`builder has no value '${name}'`);
    return v.shape;
  }

  input(value: Value): void {
    this.#inputs.push(value);
    this.#values.set(value.name, value);
  }

  /** Adds what lives between inferences; `write` says what becomes of it. */
  state(value: Value, initial: Float32Array): void {
    this.#states.set(value.name, { name: value.name, written: undefined, initial });
    this.#values.set(value.name, value);
  }

  isState(name: string): boolean {
    return this.#states.has(name);
  }

  /** At the end of an inference the state is another value, or a constant. */
  write(state: string, written: string): void {
    this.#states.set(state, { ...this.#states.get(state)!, written });
  }

  /** Adds a constant under exactly this name. */
  constant(name: string, shape: Shape, data: Float32Array, params?: GivenParams): string {
    if (this.has(name)) throw new Error(`builder already has '${name}'`);
    if (data.length !== elements(shape)) throw new Error(`constant '${name}' does not fill [${shape}]`);
    this.#constants.set(name, { name, shape, data, ...(params && { params }) });
    return name;
  }

  /** Appends a node that defines exactly `output`; its own name is made unique. Returns `output`. */
  node(spec: NodeSpec, output: string, shape: Shape): string {
    if (this.has(output)) throw new Error(`builder already has '${output}'`);
    for (const name of spec.inputs) if (!this.has(name)) throw new Error(`builder has no value '${name}'`);
    const name = this.#unusedNodeNames.like(spec.name);
    this.#nodeNames.add(name);
    this.#values.set(output, { name: output, shape });
    this.#nodes.push({ ...spec, name, output } as Node);
    return output;
  }

  finish(name: string, outputs: readonly string[]): Graph {
    return {
      name,
      inputs: this.#inputs,
      outputs,
      states: [...this.#states.values()],
      values: this.#values,
      constants: this.#constants,
      nodes: this.#nodes,
    };
  }
}
