import { UserError } from '../../../common/error.ts';
import { say } from '../../../common/errors/sentence.ts';
import { checkInputNames, checkNames, checkNodeCount, checkOutputNames } from '../../import/checks.ts';
import { damaged } from '../../import/refusal.ts';
import { ONNX_LIMITS } from './limits.ts';
import { toNumber } from './proto.ts';
import type { GraphProto, ModelProto } from './proto.ts';

/**
 * Version of the operator set that the model is written in.
 * @throws UserError 'model' when it is none that was checked, or the model brings operators of its own
 */
export function readOpset(model: ModelProto): number {
  const { minOpset, maxOpset } = ONNX_LIMITS;
  const entry = model.opsetImport.find((o) => o.domain === '' || o.domain === 'ai.onnx');
  const opset = entry ? toNumber(entry.version) : undefined;
  if (opset === undefined || opset < minOpset || opset > maxOpset) {
    throw new UserError(
      'model',
      say`The model uses ai.onnx operator set ${opset ?? say`of no version`}; ${minOpset} to ${maxOpset} are supported.`,
      say`Export it with another opset (torch.onnx.export: opset_version, tf2onnx: --opset), or convert it with onnx.version_converter.`,
    );
  }
  if (model.functions.length > 0) {
    throw new UserError(
      'model',
      say`The model defines ${model.functions.length} functions of its own, which are not read.`,
      say`Inline them with onnx.inliner.inline_local_functions.`,
    );
  }
  return opset;
}

/** @throws UserError 'model' when the graph is too large, contradicts itself, or holds what is not read */
export function checkGraph(graph: GraphProto): void {
  checkNodeCount(graph.node.length);
  if (graph.sparseInitializer.length > 0) {
    throw new UserError(
      'model',
      say`The model has sparse weights, which are not read.`,
      say`Export it with dense weights.`,
    );
  }
  checkNames([...namesOf(graph), ...graph.node.map((n) => n.name)]);
  checkInputNames(graph.input.map((i) => i.name));
  checkOutputNames(graph.output.map((o) => o.name));
  const initializers = new Set<string>();
  for (const { name } of graph.initializer) {
    if (initializers.has(name)) throw damaged(say`The model defines initializer '${name}' twice`);
    initializers.add(name);
  }
}

/** Every name of a tensor in the file. */
export function namesOf(graph: GraphProto): Set<string> {
  const names = new Set<string>();
  for (const list of [graph.initializer, graph.input, graph.output])
    for (const { name } of list) names.add(name);
  for (const node of graph.node) for (const name of node.output) names.add(name);
  return names;
}
