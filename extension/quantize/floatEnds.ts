import { UnusedNames } from '../common/unusedNames.ts';
import { type QNode, type QuantizedGraph, type QuantizedValue, qvalue } from './quantizedGraph.ts';

/**
 * The same network with float32 placeholders: each is quantized as it comes in, and a real number as it goes out, through a twin
 * that has its parameters. Positions stay integers.
 */
export function withFloatEnds(graph: QuantizedGraph): QuantizedGraph {
  const unused = new UnusedNames((name) => graph.values.has(name));
  const nodeNames = new Set(graph.nodes.map((node) => node.name));
  const unusedNodes = new UnusedNames((name) => nodeNames.has(name));
  const ends = [...graph.inputs, ...graph.outputs].filter((name) => qvalue(graph, name).type !== 'index32');
  const twins = new Map(ends.map((name) => [name, unused.like(`${name}_quantized`)]));
  const within = (name: string): string => twins.get(name) ?? name;
  const values = new Map(graph.values);
  for (const [name, twin] of twins) {
    const value = qvalue(graph, name);
    values.set(twin, { ...value, name: twin });
    values.set(name, realOf(value));
  }
  const nodes = graph.inputs.map((input): QNode => {
    const name = unusedNodes.like(`quantize_${input}`);
    return { kind: 'quantize', name, inputs: [input], output: within(input) };
  });
  for (const node of graph.nodes) {
    nodes.push({ ...node, inputs: node.inputs.map(within), output: within(node.output) });
    if (!twins.has(node.output)) continue;
    const name = unusedNodes.like(`dequantize_${node.output}`);
    nodes.push({ kind: 'dequantize', name, inputs: [within(node.output)], output: node.output });
  }
  const states = graph.states.map((state) => ({ ...state, written: state.written && within(state.written) }));
  return { ...graph, values, nodes, states };
}

function realOf({ name, shape }: QuantizedValue): QuantizedValue {
  return { name, shape, type: 'float32', scale: 1, offset: 0, lo: -Infinity, hi: Infinity };
}
