import { type Help, remediesOf, UserError } from '../../common/error.ts';
import type { Problem } from '../../common/errors/problem.ts';
import { say, type Sentence } from '../../common/errors/sentence.ts';
import type { Graph, Shape } from '../graph.ts';
import { nodeLabel } from './context.ts';
import { type FileNode, nodeNames } from './fileNode.ts';
import type { CurrentNode, GraphImport, Result } from './graphImport.ts';
import { errorOfAll, ModelRefusal, withProblems } from './modelRefusal.ts';
import { type Sketch, sketchOfFile } from './sketch.ts';

/**
 * How many nodes are looked at whose operators are supported and that are refused all the same. What an importer computed before it
 * refused is counted by no budget.
 */
const MOST_REFUSED = 100;

/** The network in a model file, told in the terms that all formats share. */
export interface FileNetwork<N extends FileNode> {
  /** Name of the model. */
  readonly name: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** Those that some output depends on, in an order that can be computed. */
  readonly nodes: readonly N[];
  /** Nodes that are refused before anything is computed. */
  readonly refused: Refused<N> | undefined;
  /** Shapes that the file itself states, by names of tensors. */
  readonly shapes: () => ReadonlyMap<string, Shape | undefined>;
  /** A node in a sentence; "Conv node 'c1'" where the format has no other word. */
  readonly label?: (operator: string, name: string) => Sentence;
  /** Says what constants and inputs stand for. */
  readonly define: () => void;
  /** Adds a node's IR. @returns its first output */
  readonly importNode: (node: CurrentNode<N>) => Result;
}

/** Nodes whose operators are not supported. */
export interface Refused<N extends FileNode> {
  /** What is said where nothing else is wrong. */
  readonly error: UserError;
  /** None where the whole model is refused. */
  readonly nodes: ReadonlyMap<N, Reason>;
}

export interface Reason {
  /** The operator as it is told. */
  readonly operator: string;
  /** Continues "Conv node 'c1' …". */
  readonly why: Sentence;
  readonly needed: Help | readonly Help[];
}

/**
 * Imports a network. Behind a node that is refused the import goes on: what reads of it is left out without a word, so that an
 * error names all nodes because of which the model cannot be expressed, and none that only follows another.
 *
 * @throws ModelRefusal when the model cannot be expressed; UserError of another code as `define` does
 */
export function importNetwork<N extends FileNode>(graph: GraphImport, network: FileNetwork<N>): Graph {
  const names = nodeNames(network.nodes);
  try {
    const refusals = refusalsOf(graph, network, names);
    if (refusals.length > 0) throw errorOf(refusals);
    return graph.finish(network.name, network.outputs);
  } catch (e) {
    if (!(e instanceof UserError) || e.code !== 'model') throw e;
    throw new ModelRefusal(e, sketchOf(graph, network, names));
  }
}

/** A node that is refused, and what is said when no other is. */
interface Refusal {
  readonly problem: Problem;
  readonly error: UserError;
}

function errorOf(refusals: readonly Refusal[]): UserError {
  const problems = refusals.map(({ problem }) => problem);
  const [first] = refusals;
  const isOneError = refusals.every(({ error }) => error === first!.error);
  return withProblems(isOneError ? first!.error : errorOfAll(problems), problems);
}

function refusalsOf<N extends FileNode>(
  graph: GraphImport,
  network: FileNetwork<N>,
  names: readonly string[],
): Refusal[] {
  const { nodes, refused, label = nodeLabel } = network;
  if (refused?.nodes.size === 0) throw refused.error;
  const unsupported = nodes.map((node, k): Refusal | undefined => {
    const reason = refused?.nodes.get(node);
    return reason && { problem: problemOf(names[k]!, label, reason), error: refused!.error };
  });
  try {
    return walk(graph, network, names, unsupported);
  } catch (e) {
    // what is wrong beside the operators is told when they are supported
    if (refused && e instanceof UserError) return unsupported.filter((refusal) => refusal !== undefined);
    throw e;
  }
}

/** @param unsupported of the nodes, those that are refused already */
function walk<N extends FileNode>(
  graph: GraphImport,
  { nodes, label = nodeLabel, define, importNode }: FileNetwork<N>,
  names: readonly string[],
  unsupported: readonly (Refusal | undefined)[],
): Refusal[] {
  define();
  const refusals: Refusal[] = [];
  let looks = MOST_REFUSED;
  for (const [k, node] of nodes.entries()) {
    const current = graph.begin(node, names[k]!);
    let refusal = unsupported[k];
    if (current && !refusal && looks > 0) {
      try {
        graph.end(current, importNode(current));
        continue;
      } catch (error) {
        if (!(error instanceof UserError) || error.code !== 'model') throw error;
        const [own] = error.problems;
        const why = say`goes beyond what is handled: ${error.sentence}`;
        const reason = { operator: node.type, why, needed: error.remedies };
        refusal = { problem: own ?? problemOf(names[k]!, label, reason), error };
        looks = own ? looks - 1 : 0; // what the node did not say itself is a limit of the whole model
      }
    }
    graph.leaveOut(node);
    if (refusal) refusals.push(refusal);
  }
  return refusals;
}

function problemOf(
  node: string,
  label: NonNullable<FileNetwork<FileNode>['label']>,
  { operator, why, needed }: Reason,
): Problem {
  return { node, operator, label: label(operator, node), why, needed: remediesOf(needed) };
}

function sketchOf<N extends FileNode>(
  graph: GraphImport,
  { name, inputs, outputs, nodes, refused, shapes }: FileNetwork<N>,
  names: readonly string[],
): Sketch {
  const stated = shapes();
  const told = nodes.map((node, k) => ({
    name: names[k]!,
    type: refused?.nodes.get(node)?.operator ?? node.type,
    inputs: node.inputs,
    outputs: node.outputs,
  }));
  return sketchOfFile({ name, inputs, outputs, nodes: told }, (t) => graph.shapeOf(t) ?? stated.get(t));
}
