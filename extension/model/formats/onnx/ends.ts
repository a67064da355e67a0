import { checkInputNames, checkNames, checkOutputNames } from '../../import/checks.ts';
import type { FileEnds, ImportOptions } from '../format.ts';
import { fixedShape, readInputs } from './inputs.ts';
import { decodeModel } from './proto.ts';
import { inputParams } from './quantized/inputs.ts';

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
  const isQuantized = graph.node.some(({ opType }) => /^Q(Linear|Gemm|uantizeLinear)/.test(opType));
  const read = readInputs(inputs, defines, inputParams(graph));
  return { inputs: read.map(({ value }) => value), outputs, isQuantized };
}
