import { elements } from '../graph.ts';
import type { Constant, Graph, Node, Shape, Value } from '../graph.ts';
import { dependedOn } from '../live.ts';
import type { GivenParams } from '../params.ts';
import { UnusedNames } from '../../common/unusedNames.ts';

/**
 * A graph while a pass changes it. The pass starts from a Graph, edits, and `finish`es with a new Graph without the
 * nodes, values and constants that nothing reads any more.
 */
export class GraphEditor {
  readonly #graph: Graph;
  /** Outputs, and what becomes of states: values whose names stay. */
  readonly #ends: ReadonlySet<string>;
  /** One slot per node of the old graph, so that replacements stay in topological order. */
  readonly #slots: Node[][] = [];
  readonly #slotOf = new Map<Node, number>();
  readonly #producers = new Map<string, Node>();
  readonly #consumers = new Map<string, Set<Node>>();
  readonly #unusedNames = new UnusedNames((n) => this.#values.has(n) || this.#constants.has(n));
  readonly #nodeNames: ReadonlySet<string>;
  readonly #unusedNodeNames = new UnusedNames((n) => this.#nodeNames.has(n));
  readonly #values: Map<string, Value>;
  readonly #constants: Map<string, Constant>;

  constructor(graph: Graph) {
    this.#graph = graph;
    this.#ends = new Set([...graph.outputs, ...graph.states.flatMap((s) => s.written ?? [])]);
    this.#values = new Map(graph.values);
    this.#constants = new Map(graph.constants);
    this.#nodeNames = new Set(graph.nodes.map((n) => n.name));
    for (const node of graph.nodes) {
      this.#slots.push([]);
      this.#insert(node, this.#slots.length - 1);
    }
  }

  #insert(node: Node, slot: number): void {
    this.#slots[slot]!.push(node);
    this.#slotOf.set(node, slot);
    this.#producers.set(node.output, node);
    for (const name of node.inputs) {
      const set = this.#consumers.get(name) ?? new Set();
      this.#consumers.set(name, set.add(node));
    }
  }

  /** The nodes as they are now, in topological order. */
  nodes(): readonly Node[] {
    return this.#slots.flat();
  }

  /** Whether the node is still part of the graph. */
  holds(node: Node): boolean {
    return this.#slotOf.has(node);
  }

  shapeOf(name: string): Shape {
    const v = this.#values.get(name) ?? this.#constants.get(name);
    if (!v) throw new Error(`editor has no value '${name}'`);
    return v.shape;
  }

  /** Parameters that the file gives to a value or constant. */
  paramsOf(name: string): GivenParams | undefined {
    return (this.#values.get(name) ?? this.#constants.get(name))?.params;
  }

  /** Gives parameters to a value. */
  pin(name: string, params: GivenParams): void {
    const value = this.#values.get(name);
    if (value) this.#values.set(name, { ...value, params });
  }

  constantOf(name: string): Constant | undefined {
    return this.#constants.get(name);
  }

  producer(name: string): Node | undefined {
    return this.#producers.get(name);
  }

  consumers(name: string): readonly Node[] {
    return [...(this.#consumers.get(name) ?? [])];
  }

  /** Whether the graph gives the value out, or keeps it for the next inference. */
  isOutput(name: string): boolean {
    return this.#ends.has(name);
  }

  /** Whether one node alone reads the value (and the graph does not give it out), so that it may change. */
  isPrivate(name: string): boolean {
    const consumers = this.consumers(name);
    if (consumers.length !== 1 || this.isOutput(name)) return false;
    return consumers[0]!.inputs.filter((i) => i === name).length === 1;
  }

  /** Takes a node out and puts others in its place. */
  replace(node: Node, ...by: readonly Node[]): void {
    const slot = this.#slotOf.get(node);
    if (slot === undefined) throw new Error(`editor does not hold node '${node.name}'`);
    const list = this.#slots[slot]!;
    list.splice(list.indexOf(node), 1);
    this.#slotOf.delete(node);
    if (this.#producers.get(node.output) === node) this.#producers.delete(node.output);
    for (const name of node.inputs) this.#consumers.get(name)?.delete(node);
    for (const n of by) this.#insert(n, slot);
  }

  /** Everything that reads `from` reads `to` instead. Graph outputs keep their names: not for those. */
  redirect(from: string, to: string): void {
    if (this.isOutput(from)) throw new Error(`'${from}' is an output of the graph`);
    for (const node of this.consumers(from)) this.rewire(node, from, to);
  }

  /** A node that reads `from` reads `to` instead. */
  rewire(node: Node, from: string, to: string): void {
    this.replace(node, { ...node, inputs: node.inputs.map((i) => (i === from ? to : i)) });
  }

  /** Adds a node that computes what another does, into a value of its own. */
  twin(node: Node): Node {
    const slot = this.#slotOf.get(node);
    if (slot === undefined) throw new Error(`editor does not hold node '${node.name}'`);
    const output = this.addValue(node.output, this.shapeOf(node.output));
    const twin = { ...node, name: this.#unusedNodeNames.like(node.name), output };
    this.#insert(twin, slot);
    return twin;
  }

  /** Declares a value some new node defines; the name is made unique. */
  addValue(wanted: string, shape: Shape): string {
    const name = this.#fresh(wanted);
    this.#values.set(name, { name, shape });
    return name;
  }

  addConstant(wanted: string, shape: Shape, data: Float32Array): string {
    if (data.length !== elements(shape)) throw new Error(`constant '${wanted}' does not fill [${shape}]`);
    const name = this.#fresh(wanted);
    this.#constants.set(name, { name, shape, data });
    return name;
  }

  #fresh(wanted: string): string {
    return this.#unusedNames.like(wanted);
  }

  finish(): Graph {
    const live = this.#live();
    const given = new Set(this.#graph.inputs.map(({ name }) => name));
    return {
      name: this.#graph.name,
      inputs: this.#graph.inputs.map(({ name }) => this.#values.get(name)!),
      outputs: this.#graph.outputs,
      states: this.#graph.states.filter(({ name }) => live.has(name)),
      values: new Map([...this.#values].filter(([name]) => live.has(name) || given.has(name))),
      constants: new Map([...this.#constants].filter(([name]) => live.has(name))),
      nodes: this.nodes().filter((node) => live.has(node.output)),
    };
  }

  /** What some output depends on, by way of what states become too. */
  #live(): ReadonlySet<string> {
    const { outputs, states } = this.#graph;
    const kept = new Map(states.map((s) => [s.name, s.written ? [s.written] : []]));
    return dependedOn(outputs, (name) => this.#producers.get(name)?.inputs ?? kept.get(name) ?? []);
  }
}

/** The operands of an add or mul when exactly one of them is constant. */
export function constantOperand(
  editor: GraphEditor,
  node: Node,
): { readonly value: string; readonly constant: Constant } | undefined {
  const [a, b] = node.inputs as [string, string];
  const ca = editor.constantOf(a);
  const cb = editor.constantOf(b);
  if (ca && !cb) return { value: b, constant: ca };
  if (cb && !ca) return { value: a, constant: cb };
  return undefined;
}
