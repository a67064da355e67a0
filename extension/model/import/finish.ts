import type { Graph } from '../graph.ts';
import { optimize } from '../passes/optimize.ts';
import { checkPads, checkSize } from './checks.ts';

/**
 * What follows every import: transposes are removed where they can be, BatchNormalization and activations fused.
 * @throws UserError 'model' when the graph is too large to be evaluated, or pads with what no number stands for
 */
export function finished<G extends Graph>(graph: G): G {
  checkSize(graph);
  const optimized = optimize(graph);
  checkPads(optimized);
  // what a format tells beside the graph stays
  return { ...graph, ...optimized };
}
