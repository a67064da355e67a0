/**
 * Removes transposes and reshapes by carrying them downwards as views (view.ts) until they cancel, until a layer can
 * read its operand in another order (dense permutes its weights, a constant is permuted once and for all), or until
 * nothing is left to carry them. What remains is done by the fewest reshape and transpose nodes: never dropped.
 */
import { elements, shapeOf } from '../graph.ts';
import type {
  ActivationNode,
  BinaryNode,
  ConcatNode,
  DenseNode,
  GatherNode,
  Graph,
  Node,
  PadNode,
  Shape,
  RowNode,
} from '../graph.ts';
import { GraphBuilder, INVENTED, ownName } from '../builder.ts';
import type { NodeSpec } from '../builder.ts';
import { broadcastOffsets, sameShape, strides, transposedShape } from '../indexing.ts';
import { renameValues } from './rename.ts';
import {
  collapse,
  compose,
  directAxes,
  factor,
  inverse,
  isPermutation,
  permuted,
  plainView,
} from './view.ts';
import { reshapeView, sameMap, transposeView } from './view.ts';
import type { View } from './view.ts';

/** Carries transposes and reshapes away; the result computes the same outputs. */
export function layout(graph: Graph): Graph {
  return new Layout(graph).run();
}

interface Made {
  readonly shape: Shape;
  readonly map: Int32Array | null;
  readonly name: string;
}

class Layout {
  readonly #graph: Graph;
  readonly #builder: GraphBuilder;
  readonly #views = new Map<string, View>();
  /** What `materialize` made of each base already. */
  readonly #made = new Map<string, Made[]>();

  constructor(graph: Graph) {
    this.#graph = graph;
    this.#builder = new GraphBuilder(new Set([...graph.values.keys(), ...graph.constants.keys()]));
  }

  run(): Graph {
    for (const value of this.#graph.inputs) {
      this.#builder.input(value);
      this.#views.set(value.name, plainView(value.name, value.shape));
    }
    for (const { name, initial } of this.#graph.states) {
      const value = { name, shape: shapeOf(this.#graph, name) };
      this.#builder.state(value, initial);
      this.#views.set(name, plainView(name, value.shape));
    }
    for (const node of this.#graph.nodes) this.#views.set(node.output, this.#place(node));
    return this.#finish();
  }

  /** Adds what is left of a node to the new graph and says how its output appears there. */
  #place(node: Node): View {
    switch (node.kind) {
      case 'transpose':
        return this.#transposed(this.#view(node.inputs[0]!), node.perm);
      case 'reshape':
        return this.#reshaped(this.#view(node.inputs[0]!), shapeOf(this.#graph, node.output));
      case 'activation':
        return this.#activation(node);
      case 'softmax':
      case 'logSoftmax':
      case 'normalize':
        return this.#rows(node);
      case 'dense':
        return this.#dense(node);
      case 'add':
      case 'mul':
      case 'sub':
      case 'div':
      case 'max':
      case 'min':
      case 'prelu':
        return this.#binary(node) ?? this.#inOrder(node);
      case 'concat':
        return this.#concat(node) ?? this.#flatConcat(node) ?? this.#inOrder(node);
      case 'pad':
        return this.#pad(node) ?? this.#inOrder(node);
      case 'gather':
        return this.#gather(node) ?? this.#inOrder(node);
      default:
        return this.#inOrder(node);
    }
  }

  #view(name: string): View {
    const view = this.#views.get(name);
    if (!view) throw new Error(`layout: '${name}' is no value`);
    return view;
  }

  #transposed(view: View, perm: readonly number[]): View {
    const result = transposeView(view, perm);
    if (!result.map || factor(result.map)) return { ...result, fallback: undefined };
    return {
      ...result,
      fallback: () => {
        const name = this.#materialize(view);
        return this.#emit(
          { kind: 'transpose', name, inputs: [name], perm },
          invented(name, 'transposed'),
          result.shape,
        );
      },
    };
  }

  #reshaped(view: View, shape: Shape): View {
    const result = reshapeView(view, shape);
    if (!view.fallback) return result;
    const before = view.fallback;
    return {
      ...result,
      fallback: () => {
        const name = before();
        if (sameShape(this.#builder.shapeOf(name), shape)) return name;
        return this.#emit({ kind: 'reshape', name, inputs: [name] }, invented(name, 'reshaped'), shape);
      },
    };
  }

  /** Adds a node; `wanted` is kept when it is free. */
  #emit(spec: NodeSpec, wanted: string, shape: Shape): string {
    const free = !this.#builder.has(wanted);
    const own =
      free && (spec.kind === 'reshape' || spec.kind === 'transpose') ? this.#builder.fresh(wanted) : wanted;
    return this.#builder.node(spec, free ? own : this.#builder.fresh(wanted), shape);
  }

  /** The node as it is, on operands in the old graph's order. */
  #inOrder(node: Node): View {
    const inputs = node.inputs.map((name) => this.#inputInOrder(name));
    const shape = shapeOf(this.#graph, node.output);
    return plainView(this.#emit({ ...node, inputs }, node.output, shape), shape);
  }

  #inputInOrder(name: string): string {
    const constant = this.#graph.constants.get(name);
    if (!constant) return this.#materialize(this.#view(name));
    return this.#constant(name, constant.shape, constant.data);
  }

  #constant(wanted: string, shape: Shape, data: Float32Array): string {
    const old = this.#graph.constants.get(wanted);
    if (old?.data === data && this.#builder.has(wanted)) return wanted;
    const name = this.#builder.has(wanted) || old?.data !== data ? this.#builder.fresh(wanted) : wanted;
    return this.#builder.constant(name, shape, data, old?.params);
  }

  /** The view's value in the old graph's order and shape, by as few nodes as possible; made once. */
  #materialize(view: View): string {
    const { base, baseShape, shape, map } = view;
    if (!map && sameShape(baseShape, shape)) return base;
    const made = this.#made.get(base) ?? [];
    const old = made.find((m) => sameShape(m.shape, shape) && sameMap(m.map, map));
    if (old) return old.name;
    const name = this.#make(view);
    this.#made.set(base, [...made, { shape, map, name }]);
    return name;
  }

  #make({ base, baseShape, shape, map, axes, fallback }: View): string {
    const reshape = (from: string, to: Shape, wanted: string) =>
      sameShape(this.#builder.shapeOf(from), to)
        ? from
        : this.#emit({ kind: 'reshape', name: wanted, inputs: [from] }, wanted, to);
    if (!map) return reshape(base, shape, invented(base, 'reshaped'));
    const wanted = invented(base, 'transposed');
    const perm =
      axes && shape.length === baseShape.length && !axes.includes(-1)
        ? axes
        : directAxes(baseShape, shape, map);
    if (perm) return this.#emit({ kind: 'transpose', name: wanted, inputs: [base], perm }, wanted, shape);
    const factors = factor(map);
    if (factors) {
      const split = reshape(base, factors.split, invented(base, 'split'));
      const moved = transposedShape(factors.split, factors.perm);
      const spec = { kind: 'transpose', name: wanted, inputs: [split], perm: factors.perm } as const;
      return reshape(this.#emit(spec, wanted, moved), shape, invented(base, 'reshaped'));
    }
    if (!fallback) throw new Error(`layout: no way to order '${base}'`);
    return fallback();
  }

  // ------------------------------------------------------------------------------------------------------ operators

  /** Element by element: the order does not matter. */
  #activation(node: ActivationNode): View {
    const view = this.#view(node.inputs[0]!);
    const output = this.#emit({ ...node, inputs: [view.base] }, node.output, view.baseShape);
    return this.#onto(view, output, view.baseShape, (inputs) => ({ ...node, inputs }), [view]);
  }

  /**
   * A view like `view`, of a node's output. When `view` needs a fallback, that of the result computes the node again
   * on operands in order.
   */
  #onto(
    view: View,
    base: string,
    baseShape: Shape,
    again: (inputs: readonly string[]) => NodeSpec,
    operands: readonly (View | string)[],
  ): View {
    if (!view.fallback) return { ...view, base, baseShape };
    const fallback = () => {
      const inputs = operands.map((o) =>
        typeof o === 'string' ? this.#inputInOrder(o) : this.#materialize(o),
      );
      return this.#emit(again(inputs), invented(base, 'ordered'), view.shape);
    };
    return { ...view, base, baseShape, fallback };
  }

  /** The last dimension must stay together, at the end or alone. */
  #rows(node: RowNode): View {
    const view = this.#view(node.inputs[0]!);
    const { baseShape, shape, map, axes } = view;
    if (map && shape.at(-1) === elements(shape)) {
      // All elements together: their order does not matter.
      const flat = this.#materialize({
        ...plainView(view.base, baseShape),
        shape: [1, elements(shape)],
        axes: null,
      });
      const output = this.#emit({ ...node, inputs: [flat] }, node.output, [1, elements(shape)]);
      return this.#onto(
        { ...view, axes: null },
        output,
        [1, elements(shape)],
        (inputs) => ({ ...node, inputs }),
        [view],
      );
    }
    if (map && axes && axes.at(-1) === baseShape.length - 1) {
      return {
        ...view,
        base: this.#emit({ ...node, inputs: [view.base] }, node.output, baseShape),
        baseShape,
      };
    }
    return this.#inOrder(node);
  }

  /** A dense layer reads its operand in any order: its weights are permuted to fit. */
  #dense(node: DenseNode): View {
    const { base, map } = this.#view(node.inputs[0]!);
    const outputs = node.bias.length;
    let weights = node.weights;
    if (map) {
      weights = new Float32Array(weights.length);
      const n = map.length;
      for (let m = 0; m < outputs; m++) {
        for (let i = 0; i < n; i++) weights[m * n + map[i]!] = node.weights[m * n + i]!;
      }
    }
    const shape = shapeOf(this.#graph, node.output);
    return plainView(this.#emit({ ...node, inputs: [base], weights }, node.output, shape), shape);
  }

  /** Elementwise with two operands: done in the order of one of them, which leads; the other is brought to it. */
  #binary(node: BinaryNode): View | undefined {
    const shape = shapeOf(this.#graph, node.output);
    const operands = node.inputs.map((name) => this.#views.get(name));
    const candidates = operands.filter((v): v is View => v !== undefined && sameShape(v.shape, shape));
    const lead = candidates.find((v) => v.map) ?? candidates.find((v) => !sameShape(v.baseShape, v.shape));
    if (!lead) return undefined;
    const toOld = lead.map && inverse(lead.map);
    const inputs: string[] = [];
    for (const [k, name] of node.inputs.entries()) {
      const view = operands[k];
      if (view === lead) {
        inputs.push(lead.base);
        continue;
      }
      const found = this.#arranged(name, shape, lead.baseShape, toOld);
      if (found === undefined) return undefined;
      inputs.push(found);
    }
    const output = this.#emit({ ...node, inputs }, node.output, lead.baseShape);
    return this.#onto(lead, output, lead.baseShape, (again) => ({ ...node, inputs: again }), [
      ...node.inputs.map((name) => this.#views.get(name) ?? name),
    ]);
  }

  /**
   * An operand, broadcast to `shape` in the old graph, in the order of a base: element j of the base is element
   * toOld[j] of `shape`. Undefined when no view of the operand can do it.
   */
  #arranged(name: string, shape: Shape, baseShape: Shape, toOld: Int32Array | null): string | undefined {
    const constant = this.#graph.constants.get(name);
    if (constant?.data.length === 1) return this.#constant(name, constant.shape, constant.data);
    const from = shapeOf(this.#graph, name);
    const spread = broadcastOffsets(from, shape);
    const { shape: small, positions } = collapse(toOld ? toOld.map((i) => spread[i]!) : spread, baseShape);
    if (constant) {
      const data = Float32Array.from(positions, (i) => constant.data[i]!);
      const same = sameShape(small, constant.shape) && positions.every((p, i) => p === i);
      return this.#constant(name, small, same ? constant.data : data);
    }
    if (positions.length !== elements(from) || !isPermutation(positions)) return undefined;
    const view = this.#view(name);
    return this.#tryMaterialize({ ...view, shape: small, map: compose(view.map, positions), axes: null });
  }

  /** As `materialize`, undefined when the map is no reshape-transpose-reshape. */
  #tryMaterialize(view: View): string | undefined {
    if (view.map && !factor(view.map)) return undefined;
    return this.#materialize({ ...view, fallback: undefined });
  }

  /** Concatenation in the order of one operand that only permutes dimensions: along the dimension that is meant. */
  #concat(node: ConcatNode): View | undefined {
    const views = node.inputs.map((name) => this.#views.get(name));
    const lead = views.find((v) => v?.map && v.axes && v.axes[node.axis]! >= 0);
    if (!lead?.axes) return undefined;
    const axis = lead.axes[node.axis]!;
    const inputs: string[] = [];
    for (const name of node.inputs) {
      const shape = shapeOf(this.#graph, name);
      const { baseShape, toOld } = permuted(shape, lead.axes, lead.baseShape.length);
      const view = this.#views.get(name);
      const found =
        view &&
        sameShape(view.baseShape, baseShape) &&
        sameMap(view.map, lead === view ? lead.map : inverse(toOld))
          ? view.base
          : this.#arranged(name, shape, baseShape, toOld);
      if (found === undefined || !sameShape(this.#builder.shapeOf(found), baseShape)) return undefined;
      inputs.push(found);
    }
    const old = shapeOf(this.#graph, node.output);
    const { baseShape, toOld } = permuted(old, lead.axes, lead.baseShape.length);
    const base = this.#emit({ ...node, axis, inputs }, node.output, baseShape);
    const map = inverse(toOld);
    return { base, baseShape, shape: old, map: compose(null, map), axes: lead.axes };
  }

  /** Flat vectors one behind the other ([1, a] and [1, b]): the bases are joined, each keeping its own order. */
  #flatConcat(node: ConcatNode): View | undefined {
    const shape = shapeOf(this.#graph, node.output);
    const total = elements(shape);
    if (shape[node.axis] !== total || !node.inputs.some((name) => this.#views.get(name)?.map))
      return undefined;
    const map = new Int32Array(total);
    let before = 0;
    const inputs = node.inputs.map((name) => {
      const n = elements(shapeOf(this.#graph, name));
      const view = this.#views.get(name);
      for (let i = 0; i < n; i++) map[before + i] = before + (view?.map?.[i] ?? i);
      before += n;
      const flat = shape.map((_, k) => (k === node.axis ? n : 1));
      return view
        ? this.#materialize({ ...plainView(view.base, view.baseShape), shape: flat, axes: null })
        : this.#inputInOrder(name);
    });
    const base = this.#emit({ ...node, inputs }, node.output, shape);
    const view: View = { base, baseShape: shape, shape, map, axes: null };
    if (factor(map)) return view;
    return {
      ...view,
      fallback: () => {
        const ordered = node.inputs.map((name) => this.#inputInOrder(name));
        return this.#emit({ ...node, inputs: ordered }, invented(base, 'ordered'), shape);
      },
    };
  }

  /** Padding of permuted dimensions: the pads are permuted. */
  #pad(node: PadNode): View | undefined {
    const view = this.#asReadersWant(this.#view(node.inputs[0]!), node.output);
    const { axes } = view;
    if (!view.map || !axes || node.pads.some((p, k) => p[0] + p[1] > 0 && axes[k] === -1)) return undefined;
    const pads = view.baseShape.map((): readonly [number, number] => [0, 0]);
    axes.forEach((a, k) => {
      if (a >= 0) pads[a] = node.pads[k]!;
    });
    return this.#alongAxes({ ...node, inputs: [view.base], pads }, view, axes);
  }

  /** Picking along permuted dimensions: the lists are permuted. */
  #gather(node: GatherNode): View | undefined {
    const view = this.#splitAsBase(this.#view(node.inputs[0]!));
    const { axes } = view;
    if (!view.map || !axes || node.indices.some((list, k) => list.length > 1 && axes[k] === -1)) {
      return undefined;
    }
    const indices: Int32Array[] = view.baseShape.map(() => Int32Array.of(0));
    axes.forEach((a, k) => {
      if (a >= 0) indices[a] = node.indices[k]!;
    });
    return this.#alongAxes({ ...node, inputs: [view.base], indices }, view, axes);
  }

  /** Adds a node that works along each dimension of its base, and views its output as the old node's. */
  #alongAxes(node: Node, { baseShape: from }: View, axes: readonly number[]): View {
    const shape = shapeOf(this.#graph, node.output);
    const { baseShape, toOld } = permuted(shape, axes, from.length);
    const base = this.#emit(node, node.output, baseShape);
    return { base, baseShape, shape, map: compose(null, inverse(toOld)), axes };
  }

  /**
   * A view whose dimensions are not those of its base (a channel shuffle, a reshape of a transpose), made with its own dimensions,
   * in the order in which they stand in the base: this moves least, and a map stays NHWC.
   */
  #splitAsBase(view: View): View {
    if (!view.map || view.axes) return view;
    const { shape, map } = view;
    const step = strides(shape).map((s, k) => (shape[k] === 1 ? Infinity : map[s]! - map[0]!));
    const perm = shape.map((_, k) => k).sort((a, b) => (step[a] === step[b] ? a - b : step[b]! - step[a]!));
    return this.#madeInOrder(view, perm);
  }

  /** A view in its own order of a value that is made in another one. @param perm that order */
  #madeInOrder(view: View, perm: readonly number[]): View {
    const made = this.#materialize(this.#transposed(view, perm));
    const back = perm.map((_, k) => perm.indexOf(k));
    return this.#transposed(plainView(made, this.#builder.shapeOf(made)), back);
  }

  /** A view in its old order, permuted before an operator where all that read that permute it alike: they may then fold it. */
  #asReadersWant(view: View, output: string): View {
    const perm = view.map ? undefined : this.#orderOfReaders(output, view.shape.length);
    if (!perm || perm.every((p, k) => p === k)) return view;
    return this.#madeInOrder(view, perm);
  }

  /** How all readers of a value permute it, transposes behind transposes together; undefined where they do not agree. */
  #orderOfReaders(value: string, rank: number): readonly number[] | undefined {
    const readers = this.#graph.nodes.filter((n) => n.inputs.includes(value));
    if (readers.length === 0 || this.#graph.outputs.includes(value)) return undefined;
    const orders = readers.map((reader) => {
      if (reader.kind !== 'transpose') return Array.from({ length: rank }, (_, k) => k);
      const { perm } = reader;
      return this.#orderOfReaders(reader.output, rank)?.map((axis) => perm[axis]!);
    });
    const [first] = orders;
    const agree = orders.every((order) => order?.every((p, k) => p === first?.[k]));
    return agree ? first : undefined;
  }

  // --------------------------------------------------------------------------------------------------------- outputs

  /** Gives every output its name; a value that was renamed away from it, or a copy where two outputs are one value. */
  #finish(): Graph {
    const names = this.#graph.outputs.map((name) => ({ name, made: this.#materialize(this.#view(name)) }));
    for (const { name, written } of this.#graph.states) {
      if (written !== undefined) this.#builder.write(name, this.#inputInOrder(written));
    }
    const inputs = new Set([...this.#graph.inputs, ...this.#graph.states].map((i) => i.name));
    const taken = new Set<string>();
    const rename = new Map<string, string>();
    const outputs = names.map(({ name, made }) => {
      const shape = this.#builder.shapeOf(made);
      if (!inputs.has(name) && (inputs.has(made) || taken.has(made))) {
        const copy = this.#builder.node(
          { kind: 'reshape', name, inputs: [made] },
          this.#builder.fresh(invented(name, 'copy')),
          shape,
        );
        rename.set(copy, name);
        return name;
      }
      taken.add(made);
      if (made !== name) rename.set(made, name);
      return name;
    });
    // A value that has the name of an output but another order makes room.
    for (const to of [...rename.values()]) {
      if (this.#builder.has(to) && !rename.has(to))
        rename.set(to, this.#builder.fresh(invented(to, 'unordered')));
    }
    return renameValues(this.#builder.finish(this.#graph.name, outputs), rename, outputs);
  }
}

/** A name for what is made of a value. */
function invented(name: string, suffix: string): string {
  return ownName(name) + INVENTED + suffix;
}
