/** The independent oracle: onnxruntime without its graph optimizations, beside our importer, passes and evaluator. */
import assert from 'node:assert/strict';
import * as ort from 'onnxruntime-node';
import { elements } from '../../extension/model/graph.ts';
import type { Graph } from '../../extension/model/graph.ts';
import { evaluate } from '../../extension/model/evaluate.ts';
import { importOnnx } from '../../extension/model/formats/onnx/import.ts';
import { PASSES } from '../../extension/model/passes/optimize.ts';
import { onnxModel } from './onnxBuilder.ts';
import type { ModelSpec } from './onnxBuilder.ts';

/** Options of fc.assert: the same cases in every run, so that a test passes or fails for good. */
export function runs(numRuns: number): { numRuns: number; seed: number } {
  return {
    numRuns: numRuns * Number(process.env['GLOWPORT_FUZZ'] ?? 1),
    seed: Number(process.env['GLOWPORT_SEED'] ?? 7),
  };
}

/** A small reproducible generator of numbers in [-1, 1): mulberry32. */
export function random(seed: number): () => number {
  let a = seed | 0;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), a | 1);
    t = (t + Math.imul(t ^ (t >>> 7), t | 61)) ^ t;
    return (((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * 2 - 1;
  };
}

export function randomFloats(n: number, next: () => number, scale = 1): Float32Array {
  return Float32Array.from({ length: n }, () => next() * scale);
}

/** Checks that a graph keeps the IR's promises: topological order, unique names, shapes for all, finite constants. */
export function checkGraph(graph: Graph): void {
  const given = [...graph.inputs, ...graph.states].map((i) => i.name);
  const defined = new Set([...given, ...graph.constants.keys()]);
  const nodeNames = new Set<string>();
  for (const node of graph.nodes) {
    for (const i of node.inputs)
      assert.ok(defined.has(i), `node ${node.name} reads ${i} before it is defined`);
    assert.ok(!defined.has(node.output), `${node.output} is defined twice`);
    assert.ok(graph.values.has(node.output), `${node.output} has no shape`);
    assert.ok(!nodeNames.has(node.name), `two nodes are called ${node.name}`);
    nodeNames.add(node.name);
    defined.add(node.output);
    if (node.kind === 'conv2d' || node.kind === 'maxpool' || node.kind === 'avgpool') {
      const x = graph.values.get(node.inputs[0]!)!.shape;
      const y = graph.values.get(node.output)!.shape;
      const { pads } = node;
      const size = (n: number, k: number, first: number, last: number) =>
        Math.floor((n + first + last - ((node.kernel[k]! - 1) * node.dilations[k]! + 1)) / node.strides[k]!) +
        1;
      assert.equal(y[1], size(x[1]!, 0, pads.top, pads.bottom), `height of ${node.name}`);
      assert.equal(y[2], size(x[2]!, 1, pads.left, pads.right), `width of ${node.name}`);
    }
  }
  for (const o of graph.outputs) assert.ok(defined.has(o), `output ${o} is not defined`);
  for (const { name, written = name } of graph.states)
    assert.ok(defined.has(written), `what state ${name} becomes is not defined`);
  for (const c of graph.constants.values()) {
    assert.equal(c.data.length, elements(c.shape));
    assert.ok(
      graph.nodes.some((n) => n.inputs.includes(c.name)),
      `constant ${c.name} is not used`,
    );
  }
}

function close(actual: Float32Array, expected: Float32Array, what: string, tolerance: number): void {
  assert.equal(actual.length, expected.length, `${what}: number of elements`);
  for (let i = 0; i < actual.length; i++) {
    const a = actual[i]!;
    const e = expected[i]!;
    const ok =
      a === e ||
      (Number.isNaN(a) && Number.isNaN(e)) ||
      Math.abs(a - e) <= tolerance * Math.max(1, Math.abs(e));
    assert.ok(ok, `${what}[${i}]: ${a}, expected ${e}`);
  }
}

/**
 * Builds the model, runs it in onnxruntime on random inputs, and compares every output of our evaluator: on the graph
 * as imported, and again after each pass. Returns the graph after all passes.
 */
export function agrees(spec: ModelSpec, options: OracleOptions = {}): Promise<Graph> {
  return fileAgrees(onnxModel(spec), options);
}

export interface OracleOptions {
  readonly seed?: number;
  /** Inputs lie in [-scale, scale). */
  readonly scale?: number;
  /** Relative to max(1, |expected|). */
  readonly tolerance?: number;
  readonly defines?: Record<string, number>;
}

/** As `agrees`, for the bytes of a model file. */
export async function fileAgrees(bytes: Uint8Array, options: OracleOptions = {}): Promise<Graph> {
  const graph = importOnnx(bytes, {
    name: 'test',
    ...(options.defines ? { defines: options.defines } : {}),
  });
  return graphAgrees(graph, bytes, options);
}

/**
 * Runs a graph of any format beside an ONNX model that computes the same, as imported and after each pass. The ONNX model has the
 * names of its inputs and outputs, or as many in the same order.
 * @returns the graph after all passes
 */
export async function graphAgrees(
  graph: Graph,
  onnx: Uint8Array,
  options: OracleOptions = {},
): Promise<Graph> {
  const tolerance = options.tolerance ?? 2e-5;
  const next = random(options.seed ?? 1);
  const inputs = new Map(
    graph.inputs.map(({ name, shape }) => [name, randomFloats(elements(shape), next, options.scale ?? 1)]),
  );
  const session = await ort.InferenceSession.create(onnx, {
    graphOptimizationLevel: 'disabled',
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    logSeverityLevel: 4,
  });
  try {
    const like = (names: readonly string[], name: string, k: number) =>
      names.includes(name) ? name : names[k]!;
    const feeds = Object.fromEntries(
      graph.inputs.map(({ name, shape }, k) => [
        like(session.inputNames, name, k),
        new ort.Tensor('float32', inputs.get(name)!, shape),
      ]),
    );
    const expected = await session.run(feeds);
    const compare = (stage: string) => {
      checkGraph(graph);
      const results = evaluate(graph, inputs);
      graph.outputs.forEach((name, k) => {
        const e = expected[like(session.outputNames, name, k)]!;
        assert.deepEqual([...graph.values.get(name)!.shape], [...e.dims], `${stage}: shape of ${name}`);
        close(results.get(name)!, e.data as Float32Array, `${stage}: ${name}`, tolerance);
      });
    };
    compare('as imported');
    for (const pass of PASSES) {
      graph = pass(graph);
      compare(`after ${pass.name}`);
    }
    return graph;
  } finally {
    await session.release();
  }
}

/** The kinds of the nodes, in order. */
export function kinds(graph: Graph): string[] {
  return graph.nodes.map((n) => n.kind);
}
