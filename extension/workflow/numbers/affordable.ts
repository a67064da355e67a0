import type { Graph } from '../../model/graph.ts';
import { operationsOf } from '../../model/macs.ts';

/** Samples at most: enough for two digits. */
const MAX_SAMPLES = 500;
/** But a few samples are always run. */
const LEAST_SAMPLES = 8;

/**
 * How many samples a network's size allows.
 * @param operations of the float and the quantized network together, over all samples
 */
export function affordable(graph: Graph, operations: number): number {
  const one = graph.nodes.reduce((n, node) => n + operationsOf(graph, node), 0);
  const many = Math.floor(operations / (2 * Math.max(1, one)));
  return Math.min(MAX_SAMPLES, Math.max(LEAST_SAMPLES, many));
}
