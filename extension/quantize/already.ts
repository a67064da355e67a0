import { isIntegerGraph } from '../model/formats/tflite/integers.ts';
import type { Graph } from '../model/graph.ts';
import { hasGivenParams } from './onnx/given.ts';
import type { GivenPart } from './options.ts';
import { needsRanges } from './valueParams.ts';

/** Of how many of its values a network's file has the parameters: of such nothing is chosen any more. */
export function givenPart(graph: Graph): GivenPart {
  if (isIntegerGraph(graph)) return 'all';
  if (!hasGivenParams(graph)) return 'none';
  return needsRanges(graph) ? 'some' : 'all';
}

/** Whether a network's file has it in integers, all of it or a part. */
export function isQuantizedAlready(graph: Graph): boolean {
  return givenPart(graph) !== 'none';
}

/** Whether a network cannot be quantized without samples: not one whose file gives parameters to all of its values. */
export function needsSamples(graph: Graph): boolean {
  return givenPart(graph) !== 'all';
}
