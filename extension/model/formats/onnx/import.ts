import { UserError } from '../../../common/error.ts';
import { say } from '../../../common/errors/sentence.ts';
import type { Graph } from '../../graph.ts';
import { liveNodes } from '../../import/fileNode.ts';
import { GraphImport } from '../../import/graphImport.ts';
import type { CurrentNode } from '../../import/graphImport.ts';
import type { ImportOptions } from '../format.ts';
import { OnnxContext, onnxNode } from './context.ts';
import type { OnnxNode, OperatorImporter } from './context.ts';
import { readInputs } from './inputs.ts';
import { ONNX_LIMITS } from './limits.ts';
import { checkGraph, namesOf, readOpset } from './modelChecks.ts';
import { OPERATORS } from './operators.ts';
import { decodeModel } from './proto.ts';
import { readTensor } from './tensor.ts';

/**
 * Reads an ONNX model into the IR: NHWC, batch 1, static shapes, constants folded. The graph is as the file has it, with a
 * transpose before and after each NCHW operator.
 *
 * @throws UserError 'input' when the bytes are no whole ONNX model, 'model' when the model cannot be expressed
 *   (naming node and operator), 'usage' when a define fits no dimension
 */
export function importOnnx(bytes: Uint8Array, options: ImportOptions): Graph {
  const model = decodeModel(bytes);
  const file = model.graph!;
  const opset = readOpset(model);
  checkGraph(file);
  const outputs = file.output.map((o) => o.name);
  const given = [...file.initializer, ...file.input].map((v) => v.name);
  const live = liveNodes(file.node.map(onnxNode), given, outputs);
  const graph = new GraphImport(namesOf(file), new Set([...outputs, ...live.flatMap((n) => n.inputs)]));

  const constants = new Set<string>();
  for (const t of file.initializer) {
    constants.add(t.name);
    if (graph.isUsed(t.name)) graph.constant(t.name, readTensor(t, say`Initializer '${t.name}'`));
  }
  const inputs = file.input.filter((i) => graph.isUsed(i.name) && !constants.has(i.name));
  for (const input of readInputs(inputs, options.defines)) graph.input(input);
  for (const node of live) {
    const current = graph.begin(node);
    const importer = importerOf(current);
    graph.end(current, importer(new OnnxContext(graph, current, opset)));
  }
  return graph.finish(options.name, outputs);
}

function importerOf({ file, name }: CurrentNode<OnnxNode>): OperatorImporter {
  const { type, domain } = file;
  const own = domain === '' || domain === 'ai.onnx';
  const importer = own ? OPERATORS.get(type) : undefined;
  if (importer) return importer;
  const quantized = /Quantize|QLinear|Integer$/.test(type);
  throw new UserError(
    'model',
    say`Node '${name}' is ${own ? type : `${domain}.${type}`}, an operator that is not supported.`,
    quantized
      ? say`Give the float32 model from before quantization: GlowPort quantizes it itself.`
      : say`Supported are ${[...OPERATORS.keys()]} of ai.onnx ${ONNX_LIMITS.minOpset} to ${ONNX_LIMITS.maxOpset}.`,
  );
}
