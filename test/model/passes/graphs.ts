/** Small IR graphs written by hand, for tests of single passes. */
import assert from 'node:assert/strict';
import { elements, NO_CLAMP } from '../../../extension/model/graph.ts';
import type { Graph, Shape } from '../../../extension/model/graph.ts';
import { GraphBuilder } from '../../../extension/model/builder.ts';
import type { NodeSpec } from '../../../extension/model/builder.ts';
import { evaluate } from '../../../extension/model/evaluate.ts';
import { checkGraph, random, randomFloats } from '../oracle.ts';

const NO_PADS = { top: 0, left: 0, bottom: 0, right: 0 };

export class GraphWriter {
  readonly builder = new GraphBuilder();
  readonly #next = random(1);
  #count = 0;

  input(name: string, shape: Shape): string {
    this.builder.input({ name, shape });
    return name;
  }

  floats(n: number): Float32Array {
    return randomFloats(n, this.#next);
  }

  constant(shape: Shape): string {
    return this.builder.constant(`c${++this.#count}`, shape, this.floats(elements(shape)));
  }

  /** Adds a node; the value has its name: the kind and a number. */
  node(spec: Omit<NodeSpec, 'name'>, shape: Shape): string {
    const name = `${spec.kind}${++this.#count}`;
    return this.builder.node({ ...spec, name } as NodeSpec, name, shape);
  }

  /** A k x k convolution of an NHWC value. */
  conv(x: string, outChannels: number, k = 3, options: { groups?: number; pad?: number } = {}): string {
    const [, h, w, c] = this.builder.shapeOf(x) as [number, number, number, number];
    const { groups = 1, pad = 0 } = options;
    const spec = {
      kind: 'conv2d',
      inputs: [x],
      weights: this.floats((outChannels * k * k * c) / groups),
      bias: this.floats(outChannels),
      kernel: [k, k],
      strides: [1, 1],
      dilations: [1, 1],
      pads: { top: pad, left: pad, bottom: pad, right: pad },
      groups,
      clamp: NO_CLAMP,
    } as const;
    return this.node(spec, [1, h + 2 * pad - k + 1, w + 2 * pad - k + 1, outChannels]);
  }

  dense(x: string, outputs: number): string {
    const n = elements(this.builder.shapeOf(x));
    const spec = {
      kind: 'dense',
      weights: this.floats(outputs * n),
      bias: this.floats(outputs),
      clamp: NO_CLAMP,
    } as const;
    return this.node({ ...spec, inputs: [x] } as never, [1, outputs]);
  }

  pool(kind: 'maxpool' | 'avgpool', x: string, k = 2): string {
    const [, h, w, c] = this.builder.shapeOf(x) as [number, number, number, number];
    const shape = [1, Math.floor(h / k), Math.floor(w / k), c];
    const spec = {
      kind,
      inputs: [x],
      kernel: [k, k],
      strides: [k, k],
      dilations: [1, 1],
      pads: NO_PADS,
      countIncludePad: false,
    };
    return this.node(spec as never, shape);
  }

  binary(kind: 'add' | 'mul', a: string, b: string, shape = this.builder.shapeOf(a)): string {
    return this.node({ kind, inputs: [a, b], clamp: NO_CLAMP } as never, shape);
  }

  clip(x: string, min: number, max: number): string {
    const fn = { type: 'clip', min, max } as const;
    return this.node({ kind: 'activation', inputs: [x], fn } as never, this.builder.shapeOf(x));
  }

  pad(x: string, value: number, y: readonly [number, number], w: readonly [number, number]): string {
    const shape = this.builder.shapeOf(x) as [number, number, number, number];
    const pads = [[0, 0], y, w, [0, 0]];
    const out = shape.map((d, k) => d + pads[k]![0]! + pads[k]![1]!);
    return this.node({ kind: 'pad', inputs: [x], pads, value } as never, out);
  }

  reshape(x: string, shape: Shape): string {
    return this.node({ kind: 'reshape', inputs: [x] } as never, shape);
  }

  transpose(x: string, ...perm: number[]): string {
    const shape = this.builder.shapeOf(x);
    return this.node(
      { kind: 'transpose', inputs: [x], perm } as never,
      perm.map((k) => shape[k]!),
    );
  }

  finish(...outputs: string[]): Graph {
    return this.builder.finish('test', outputs);
  }
}

/** Runs a pass and checks that the result is a sound graph that computes the same outputs; returns it. */
export function same(pass: (graph: Graph) => Graph, graph: Graph, tolerance = 1e-5): Graph {
  checkGraph(graph);
  const before = JSON.stringify([...graph.nodes]);
  const result = pass(graph);
  checkGraph(result);
  assert.equal(JSON.stringify([...graph.nodes]), before, 'the pass changed its argument');
  assert.deepEqual(result.outputs, graph.outputs);
  assert.deepEqual(result.inputs, graph.inputs);
  const next = random(42);
  const inputs = new Map(graph.inputs.map((i) => [i.name, randomFloats(elements(i.shape), next, 2)]));
  const expected = evaluate(graph, inputs);
  const actual = evaluate(result, inputs);
  for (const name of graph.outputs) {
    assert.deepEqual(result.values.get(name)!.shape, graph.values.get(name)!.shape);
    expected.get(name)!.forEach((e, i) => {
      const a = actual.get(name)![i]!;
      assert.ok(
        Math.abs(a - e) <= tolerance * Math.max(1, Math.abs(e)),
        `${name}[${i}]: ${a}, expected ${e}`,
      );
    });
  }
  return result;
}
