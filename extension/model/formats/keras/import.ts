import type { Graph } from '../../graph.ts';
import { checkInputNames, checkNames, checkOutputNames } from '../../import/checks.ts';
import { Dimensions } from '../../import/dimensions.ts';
import { liveNodes } from '../../import/fileNode.ts';
import { GraphImport } from '../../import/graphImport.ts';
import { importNetwork } from '../../import/importNetwork.ts';
import { scalar } from '../../import/operand.ts';
import type { ImportOptions } from '../format.ts';
import { readKerasFile } from './container.ts';
import { KerasContext, layerLabel } from './context.ts';
import { readNetwork } from './network.ts';
import { importerOf, refusedOf } from './supported.ts';

/**
 * Reads a Keras model into the IR: an HDF5 file of Keras 1 to 3, or a zip file of Keras 3. Layers whose channels come first get a
 * transpose before and behind them, as ONNX's do; models in models are spread out, an activation in a layer becomes a node of its own.
 * Nothing that the file holds is run.
 *
 * @throws UserError 'input' when the bytes are no whole model, 'model' when the model cannot be expressed (a ModelRefusal where
 *   it can be drawn), 'usage' when a define is given: no size of Keras has a name
 */
export async function importKeras(bytes: Uint8Array, options: ImportOptions): Promise<Graph> {
  const network = readNetwork(await readKerasFile(bytes));
  new Dimensions(options.defines).checkAllUsed();
  const { inputs, outputs, numbers } = network;
  const made = network.nodes.flatMap((n) => n.outputs);
  const names = [...inputs.map((i) => i.name), ...numbers.keys(), ...made];
  checkNames([...names, ...network.nodes.map((n) => n.name)]);
  checkInputNames(inputs.map((i) => i.name));
  checkOutputNames(outputs);
  const live = liveNodes(network.nodes, [...inputs.map((i) => i.name), ...numbers.keys()], outputs);
  const graph = new GraphImport(new Set(names), live.used);
  return importNetwork(graph, {
    name: options.name,
    inputs: inputs.map((i) => i.name),
    outputs,
    nodes: live.nodes,
    refused: refusedOf(live.nodes),
    shapes: () => new Map(inputs.map((i) => [i.name, i.shape])),
    label: layerLabel,
    define: () => {
      for (const [name, value] of numbers) graph.constant(name, scalar(value));
      for (const input of inputs) if (graph.isUsed(input.name)) graph.input(input);
    },
    importNode: (node) => importerOf(node.file)!(new KerasContext(graph, node)),
  });
}
