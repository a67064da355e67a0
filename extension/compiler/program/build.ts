import { UnusedNames } from '../../common/unusedNames.ts';
import type { QMaxPool, QNode, QuantizedGraph } from '../../quantize/quantizedGraph.ts';
import { qvalue } from '../../quantize/quantizedGraph.ts';
import { families } from '../kernels/families.ts';
import type { Family } from '../kernels/family.ts';
import {
  type Border,
  hasBorder,
  innerLayout,
  NO_BORDER,
  placeholderLayout,
  reshapeLayout,
  wider,
} from '../values/layout.ts';
import type { Buffer, CopyNode, Operand, Program, Step, StepNode } from '../values/step.ts';
import { placeStates, type StateBuffers } from './states.ts';

/**
 * Fuses, removes reshapes and decides the layout of every value.
 *
 * A reshape is another name for its input's buffer. A value that a padded convolution reads gets a border; where the
 * same value must also be contiguous (a placeholder, a reshape, a dense layer), the convolution reads a copy with a border.
 * At the end what becomes of states is copied to where the next inference reads it, unless it could be written there at once.
 */
export function buildProgram(graph: QuantizedGraph): Program {
  return new Builder(graph).build();
}

class Builder {
  readonly #graph: QuantizedGraph;
  /** Name of the buffer that a value lives in (reshapes share one). */
  readonly #root = new Map<string, string>();
  readonly #buffers = new Map<string, Buffer>();
  readonly #steps: Step[] = [];
  readonly #copies = new Map<string, string>();
  /** Inputs, outputs and states of the network. */
  readonly #pinned: ReadonlySet<string>;
  readonly #states: StateBuffers;
  /** Values that share a buffer, and the operators that read any of them, by the buffer's name. */
  readonly #members = new Map<string, string[]>();
  readonly #readers = new Map<string, QNode[]>();
  readonly #outputs: ReadonlySet<string>;
  readonly #unusedNames: UnusedNames;
  readonly #unusedNodeNames: UnusedNames;
  /** The operator that writes a value. */
  readonly #writers: ReadonlyMap<string, QNode>;

  constructor(graph: QuantizedGraph) {
    this.#graph = graph;
    this.#unusedNames = new UnusedNames((name) => graph.values.has(name) || this.#buffers.has(name));
    const nodeNames = new Set(graph.nodes.map((n) => n.name));
    this.#unusedNodeNames = new UnusedNames((name) => nodeNames.has(name));
    this.#outputs = new Set(graph.outputs);
    this.#pinned = new Set([...graph.inputs, ...graph.outputs, ...graph.states.map((s) => s.name)]);
    this.#writers = new Map(graph.nodes.map((n) => [n.output, n]));
    this.#aliasReshapes();
    this.#states = placeStates(graph, this.#root, (node) => hasBorder(borderOf(node)));
    for (const [value, root] of this.#root) append(this.#members, root, value);
    for (const node of graph.nodes) {
      for (const root of new Set(node.inputs.map((i) => this.#root.get(i)!)))
        append(this.#readers, root, node);
    }
  }

  build(): Program {
    const graph = this.#graph;
    for (const name of graph.constants.keys()) this.#addBuffer(name, 'constant', NO_BORDER);
    for (const name of graph.inputs) this.#addBuffer(name, 'mutable', NO_BORDER);
    for (const { name } of graph.states) this.#addBuffer(name, 'state', NO_BORDER);
    const fused = new Set<QNode>();
    for (const node of graph.nodes) {
      if (fused.has(node)) continue;
      if (node.kind === 'reshape') {
        this.#reshape(node.inputs[0]!, node.output);
        continue;
      }
      const pool = this.#poolWith(node);
      if (pool) fused.add(pool);
      const inputs = node.inputs.map((i) => this.#operand(this.#readable(node, i), i));
      const result = (pool ?? node).output;
      const buffer = this.#root.get(result)!;
      this.#define(buffer);
      this.#steps.push({ node, pool, inputs, output: this.#operand(buffer, result) });
    }
    this.#endStates();
    return { steps: this.#steps, buffers: this.#buffers };
  }

  /** A reshape shares its input's buffer unless both ends are placeholders, which have memory of their own. */
  #aliasReshapes(): void {
    const graph = this.#graph;
    for (const name of graph.values.keys()) this.#root.set(name, name);
    const pinned = this.#pinned;
    for (const node of graph.nodes) {
      if (node.kind !== 'reshape') continue;
      const from = this.#root.get(node.inputs[0]!)!;
      if (!pinned.has(from)) {
        // the buffer takes the later name when that is a placeholder, so that it lands in the mutable memory
        const to = pinned.has(node.output) ? node.output : from;
        for (const [v, r] of this.#root) if (r === from || v === node.output) this.#root.set(v, to);
      } else if (!pinned.has(node.output)) this.#root.set(node.output, from);
    }
  }

  #reshape(from: string, to: string): void {
    const a = this.#root.get(from)!;
    const b = this.#root.get(to)!;
    if (a !== b) {
      this.#define(b);
      this.#copy(a, b);
    }
  }

  /** What was written becomes what the next inference reads; old states that others become are saved first. */
  #endStates(): void {
    const saved = new Map<string, string>();
    for (const from of this.#states.saved) {
      const name = this.#unusedNames.like(`${from}_before`);
      const value = { ...qvalue(this.#graph, from), name };
      const layout = innerLayout(value, NO_BORDER);
      this.#buffers.set(name, { value, layout, memory: 'activations' });
      this.#copy(from, name);
      saved.set(from, name);
    }
    for (const { from, to } of this.#states.copies) this.#copy(saved.get(from) ?? from, to);
  }

  /** The value `name` in the memory of a buffer, which a reshape may have given another shape. */
  #operand(buffer: string, name: string): Operand {
    const value = qvalue(this.#graph, name);
    const layout = reshapeLayout(this.#buffers.get(buffer)!.layout, value.shape);
    return this.#states.updated.has(name)
      ? { buffer, value, layout, isUpdated: true }
      : { buffer, value, layout };
  }

  #readersOf(buffer: string): readonly QNode[] {
    return this.#readers.get(buffer) ?? [];
  }

  #define(name: string): void {
    if (this.#buffers.has(name)) return;
    const placeholder = this.#outputs.has(name);
    this.#addBuffer(
      name,
      placeholder ? 'mutable' : 'activations',
      this.#mustBeContiguous(name) ? NO_BORDER : this.#borderWanted(name),
    );
  }

  #addBuffer(name: string, memory: Buffer['memory'], border: Border): void {
    const value = qvalue(this.#graph, name);
    const isInner = memory === 'activations' || memory === 'state';
    const layout = isInner ? innerLayout(value, border) : placeholderLayout(value);
    this.#buffers.set(name, { value, layout, memory });
  }

  #mustBeContiguous(name: string): boolean {
    const values = this.#members.get(name)!;
    return (
      values.length > 1 ||
      values.some((v) => this.#pinned.has(v)) ||
      this.#readersOf(name).some((n) => n.kind === 'reshape' || familyOf(n).contiguousInputs === true) ||
      values.some((v) => {
        const writer = this.#writers.get(v);
        return writer && writer.kind !== 'reshape' && familyOf(writer).contiguousOutput === true;
      })
    );
  }

  /** The border that the padded readers of a value need, all of them together. */
  #borderWanted(name: string): Border {
    return this.#readersOf(name).map(borderOf).reduce(wider, NO_BORDER);
  }

  /** The buffer a node reads an input from: the value's own, or its copy with a border. */
  #readable(node: QNode, input: string): string {
    const own = this.#root.get(input)!;
    if (!hasBorder(borderOf(node)) || !this.#mustBeContiguous(own)) return own;
    const known = this.#copies.get(own);
    if (known) return known;
    const name = this.#unusedNames.like(`${own}_bordered`);
    const value = { ...qvalue(this.#graph, input), name };
    this.#buffers.set(name, {
      value,
      layout: innerLayout(value, this.#borderWanted(own)),
      memory: 'activations',
    });
    this.#copy(own, name);
    this.#copies.set(own, name);
    return name;
  }

  #copy(from: string, to: string): void {
    const node: CopyNode = {
      kind: 'copy',
      name: this.#unusedNodeNames.like(`copy_${from}`),
      inputs: [from],
      output: to,
    };
    const { value, layout } = this.#buffers.get(to)!;
    const source = this.#buffers.get(from)!;
    const input = { buffer: from, value: source.value, layout: reshapeLayout(source.layout, value.shape) };
    this.#steps.push({ node, pool: undefined, inputs: [input], output: { buffer: to, value, layout } });
  }

  /** The max pooling that is computed with this operator: its only reader, where the operator's kernels can. */
  #poolWith(node: StepNode): QMaxPool | undefined {
    if (this.#pinned.has(node.output) || this.#states.kept.has(this.#root.get(node.output)!))
      return undefined;
    const [reader, second] = this.#readersOf(this.#root.get(node.output)!);
    if (!reader || second) return undefined;
    const { shape } = qvalue(this.#graph, node.inputs[0]!);
    return familyOf(node).fuses?.(node, shape, reader) ? reader : undefined;
  }
}

function familyOf(node: StepNode): Family {
  return families[node.kind] as Family;
}

/** The border that an operator reads around its input. */
function borderOf(node: QNode): Border {
  return node.kind === 'reshape' ? NO_BORDER : (familyOf(node).border?.(node) ?? NO_BORDER);
}

function append<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}
