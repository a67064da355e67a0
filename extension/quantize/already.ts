import { isIntegerGraph } from '../model/formats/tflite/integers.ts';
import type { Graph } from '../model/graph.ts';
import { hasGivenParams } from './onnx/given.ts';
import { needsRanges } from './valueParams.ts';

/** Whether a network's file has it in integers: schemas, precision and the like are not chosen any more. */
export function isQuantizedAlready(graph: Graph): boolean {
  return isIntegerGraph(graph) || hasGivenParams(graph);
}

/** Whether a network cannot be quantized without samples: not one whose file gives parameters to all of its values. */
export function needsSamples(graph: Graph): boolean {
  return !isIntegerGraph(graph) && needsRanges(graph);
}
