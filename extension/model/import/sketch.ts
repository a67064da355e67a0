import type { Graph, Shape } from '../graph.ts';
import type { FileNode } from './fileNode.ts';

/** A model as its file has it, whether it can be expressed or not: enough to be drawn. */
export interface Sketch {
  /** Name of the model. */
  readonly name: string;
  readonly inputs: readonly SketchedTensor[];
  readonly outputs: readonly SketchedTensor[];
  /** In the file's order; only those that some output depends on. */
  readonly nodes: readonly SketchedNode[];
}

export interface SketchedTensor {
  readonly name: string;
  /** In the file's order; undefined where it is not known. */
  readonly shape: Shape | undefined;
}

export interface SketchedNode {
  /** Unique; a Problem names it. */
  readonly name: string;
  readonly operator: string;
  /** Names of tensors, those of constants among them; '' for one that is left out. */
  readonly inputs: readonly string[];
  readonly outputs: readonly SketchedTensor[];
}

/**
 * The sketch of a network as its file has it.
 * @param shapeOf of a tensor, where it is known
 */
export function sketchOfFile(
  { name, inputs, outputs, nodes }: FileSketch,
  shapeOf: (tensor: string) => Shape | undefined,
): Sketch {
  const tensor = (tensorName: string): SketchedTensor => ({ name: tensorName, shape: shapeOf(tensorName) });
  return {
    name,
    inputs: inputs.map(tensor),
    outputs: outputs.map(tensor),
    nodes: nodes.map((node) => ({
      name: node.name,
      operator: node.type,
      inputs: node.inputs,
      outputs: node.outputs.filter((output) => output !== '').map(tensor),
    })),
  };
}

interface FileSketch {
  readonly name: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** By the names that Problems have for them, with their operators as they are told. */
  readonly nodes: readonly FileNode[];
}

/** The sketch of a model that was expressed, and is refused for another reason. */
export function sketchOf(graph: Graph): Sketch {
  const tensor = (name: string): SketchedTensor => ({ name, shape: graph.values.get(name)?.shape });
  return {
    name: graph.name,
    inputs: graph.inputs,
    outputs: graph.outputs.map(tensor),
    nodes: graph.nodes.map(({ name, kind, inputs, output }) => ({
      name,
      operator: kind,
      inputs,
      outputs: [tensor(output)],
    })),
  };
}
