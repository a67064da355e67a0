import type {
  QAvgPool,
  QConv2d,
  QMaxPool,
  QNode,
  QuantizedGraph,
  QuantizedValue,
} from '../quantize/quantizedGraph.ts';
import { qvalue } from '../quantize/quantizedGraph.ts';
import {
  type Border,
  hasBorder,
  innerLayout,
  type Layout,
  NO_BORDER,
  placeholderLayout,
  reshapeLayout,
} from './layout.ts';

/** Copies a value, into another layout where it needs one; the only operator that the quantized graph does not have. */
export interface CopyNode {
  readonly kind: 'copy';
  readonly name: string;
  readonly inputs: readonly string[];
  readonly output: string;
}

/** A value as a step reads or writes it: its own shape, in the memory of a buffer. */
export interface Operand {
  readonly buffer: string;
  readonly value: QuantizedValue;
  readonly layout: Layout;
}

/** One C function: an operator, or a convolution with the max pooling behind it. */
export interface Step {
  readonly node: QNode | CopyNode;
  /** A max pooling computed together with its convolution. */
  readonly pool: QMaxPool | undefined;
  /** Constants included. */
  readonly inputs: readonly Operand[];
  readonly output: Operand;
  /** Set when the output is written over the input while it is read: how many elements the input must start behind it. */
  readonly inPlace?: number;
}

export interface Buffer {
  readonly value: QuantizedValue;
  readonly layout: Layout;
  readonly memory: 'mutable' | 'activations' | 'constant';
}

/** What is to be emitted: steps in order, and where each value lies. */
export interface Program {
  readonly steps: readonly Step[];
  readonly buffers: ReadonlyMap<string, Buffer>;
}

/**
 * Fuses, removes reshapes and decides the layout of every value.
 *
 * A reshape is another name for its input's buffer. A value that a padded convolution reads gets a border; where the
 * same value must also be contiguous (a placeholder, a reshape, a dense layer), the convolution reads a copy with a border.
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
  /** Inputs and outputs of the network. */
  readonly #pinned: ReadonlySet<string>;
  /** Values that share a buffer, and the operators that read any of them, by the buffer's name. */
  readonly #members = new Map<string, string[]>();
  readonly #readers = new Map<string, QNode[]>();
  readonly #outputs: ReadonlySet<string>;
  /** Values that a softmax writes. */
  readonly #softmaxes: ReadonlySet<string>;

  constructor(graph: QuantizedGraph) {
    this.#graph = graph;
    this.#outputs = new Set(graph.outputs);
    this.#pinned = new Set([...graph.inputs, ...graph.outputs]);
    this.#softmaxes = new Set(graph.nodes.filter((n) => n.kind === 'softmax').map((n) => n.output));
    this.#aliasReshapes();
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
    const fused = new Set<QNode>();
    for (const node of graph.nodes) {
      if (fused.has(node)) continue;
      if (node.kind === 'reshape') {
        this.#reshape(node.inputs[0]!, node.output);
        continue;
      }
      const pool = node.kind === 'conv2d' ? this.#poolBehind(node) : undefined;
      if (pool) fused.add(pool);
      const inputs = node.inputs.map((i) => this.#operand(this.#readable(node, i), i));
      const result = (pool ?? node).output;
      const buffer = this.#root.get(result)!;
      this.#define(buffer);
      this.#steps.push({ node, pool, inputs, output: this.#operand(buffer, result) });
    }
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

  /** The value `name` in the memory of a buffer, which a reshape may have given another shape. */
  #operand(buffer: string, name: string): Operand {
    const value = qvalue(this.#graph, name);
    return { buffer, value, layout: reshapeLayout(this.#buffers.get(buffer)!.layout, value.shape) };
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
    const layout = memory === 'activations' ? innerLayout(value, border) : placeholderLayout(value);
    this.#buffers.set(name, { value, layout, memory });
  }

  #mustBeContiguous(name: string): boolean {
    const values = this.#members.get(name)!;
    return (
      values.length > 1 ||
      values.some((v) => this.#pinned.has(v)) ||
      this.#readersOf(name).some((n) => ['reshape', 'dense', 'softmax'].includes(n.kind)) ||
      this.#softmaxes.has(name)
    );
  }

  /** The border that the padded readers of a value need, all of them together. */
  #borderWanted(name: string): Border {
    return this.#readersOf(name)
      .filter(readsBorder)
      .reduce((b, n) => widen(b, n), NO_BORDER);
  }

  /** The buffer a node reads an input from: the value's own, or its copy with a border. */
  #readable(node: QNode, input: string): string {
    const own = this.#root.get(input)!;
    if (!readsBorder(node) || !this.#mustBeContiguous(own) || !hasBorder(widen(NO_BORDER, node))) return own;
    const known = this.#copies.get(own);
    if (known) return known;
    const name = `${own}_bordered`;
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
    const node: CopyNode = { kind: 'copy', name: `copy_${from}`, inputs: [from], output: to };
    const { value, layout } = this.#buffers.get(to)!;
    const source = this.#buffers.get(from)!;
    const input = { buffer: from, value: source.value, layout: reshapeLayout(source.layout, value.shape) };
    this.#steps.push({ node, pool: undefined, inputs: [input], output: { buffer: to, value, layout } });
  }

  /** The depthwise kernel does not pool, and is far smaller and faster than the one for groups that does. */
  #isDepthwise(node: QConv2d): boolean {
    const channels = qvalue(this.#graph, node.inputs[0]!).shape[3];
    return node.groups > 1 && node.groups === channels && node.outChannels === channels;
  }

  /** The max pooling that can be computed with this convolution: its only reader, without overlap or padding. */
  #poolBehind(node: QConv2d): QMaxPool | undefined {
    if (this.#pinned.has(node.output) || this.#isDepthwise(node)) return undefined;
    const readers = this.#readersOf(this.#root.get(node.output)!);
    const [pool] = readers;
    if (readers.length !== 1 || pool?.kind !== 'maxpool') return undefined;
    const { kernel, strides, dilations, pads } = pool;
    const plain =
      kernel[0] === strides[0] &&
      kernel[1] === strides[1] &&
      dilations.every((d) => d === 1) &&
      pads.top + pads.left + pads.bottom + pads.right === 0;
    return plain ? pool : undefined;
  }
}

function append<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}

/** Operators whose kernels read padding from memory; the others test for the edge. */
function readsBorder(n: QNode): n is QConv2d | QAvgPool {
  return n.kind === 'conv2d' || (n.kind === 'avgpool' && n.countIncludePad);
}

function widen(b: Border, n: QNode): Border {
  if (!readsBorder(n)) return b;
  return {
    top: Math.max(b.top, n.pads.top),
    left: Math.max(b.left, n.pads.left),
    bottom: Math.max(b.bottom, n.pads.bottom),
    right: Math.max(b.right, n.pads.right),
  };
}
