import { checkInputNames, checkNames, checkOutputNames } from '../../import/checks.ts';
import type { FileEnds, ImportOptions } from '../format.ts';
import { readInputs } from './inputs.ts';
import { decodeModel, toNumber, type ValueInfoProto } from './proto.ts';

/**
 * What goes in and out of an ONNX model, whatever its operators are.
 * @throws UserError 'input' when the bytes are no whole model, 'model' and 'usage' as `readInputs` does
 */
export function onnxEnds(bytes: Uint8Array, { defines }: Pick<ImportOptions, 'defines'>): FileEnds {
  const graph = decodeModel(bytes).graph!;
  const constants = new Set(graph.initializer.map((t) => t.name));
  const inputs = graph.input.filter((i) => !constants.has(i.name));
  checkNames([...inputs, ...graph.output].map((v) => v.name));
  checkInputNames(inputs.map((v) => v.name));
  checkOutputNames(graph.output.map((v) => v.name));
  const outputs = graph.output.map((v) => ({ name: v.name, shape: fixedShape(v) }));
  return { inputs: readInputs(inputs, defines), outputs, isQuantized: false };
}

/** A shape whose every size the file states; an open batch is 1. */
function fixedShape(value: ValueInfoProto): number[] | undefined {
  const dimensions = value.type?.tensorType?.shape?.dim;
  const shape = dimensions?.map((d, i) => toNumber(d.dimValue) || (i === 0 ? 1 : 0));
  return shape?.every((d) => d > 0) ? shape : undefined;
}
