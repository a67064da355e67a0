import { say } from '../../../common/errors/sentence.ts';
import type { Graph } from '../../graph.ts';
import { liveNodes } from '../../import/fileNode.ts';
import { GraphImport } from '../../import/graphImport.ts';
import { importNetwork } from '../../import/importNetwork.ts';
import type { ImportOptions } from '../format.ts';
import { OnnxContext, onnxNode } from './context.ts';
import { fixedShape, readInputs } from './inputs.ts';
import { checkGraph, namesOf, readOpset } from './modelChecks.ts';
import { decodeModel } from './proto.ts';
import { inputParams } from './quantized/inputs.ts';
import { importerOf, refusedOf } from './supported.ts';
import { readTensor } from './tensor.ts';

/**
 * Reads an ONNX model into the IR: NHWC, static shapes, constants folded. The graph is as the file has it, with a
 * transpose before and after each NCHW operator.
 *
 * @throws UserError 'input' when the bytes are no whole ONNX model, 'model' when the model cannot be expressed
 *   (a ModelRefusal where it can be drawn), 'usage' when a define fits no dimension
 */
export function importOnnx(bytes: Uint8Array, options: ImportOptions): Graph {
  const model = decodeModel(bytes);
  const file = model.graph!;
  const opset = readOpset(model);
  checkGraph(file);
  const outputs = file.output.map((o) => o.name);
  const given = [...file.initializer, ...file.input].map((v) => v.name);
  const live = liveNodes(file.node.map(onnxNode), given, outputs);
  const graph = new GraphImport(namesOf(file), live.used);

  const constants = new Set(file.initializer.map((t) => t.name));
  const inputs = file.input.filter((i) => graph.isUsed(i.name) && !constants.has(i.name));
  const paramsOf = inputParams(file);
  return importNetwork(graph, {
    name: options.name,
    inputs: inputs.map((i) => i.name),
    outputs,
    nodes: live.nodes,
    refused: refusedOf(live.nodes, opset),
    shapes: () => new Map([...file.valueInfo, ...file.output, ...inputs].map((v) => [v.name, fixedShape(v)])),
    define: () => {
      for (const t of file.initializer)
        if (graph.isUsed(t.name)) graph.constant(t.name, readTensor(t, say`Initializer '${t.name}'`));
      for (const { value, integers } of readInputs(inputs, options.defines, paramsOf))
        graph.input(value, integers);
    },
    importNode: (node) => importerOf(node.file)!(new OnnxContext(graph, node, opset)),
  });
}
