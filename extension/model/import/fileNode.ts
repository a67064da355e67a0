import { say } from '../../common/errors/sentence.ts';
import { UnusedNames } from '../../common/unusedNames.ts';
import { dependedOn } from '../live.ts';
import { damaged } from './refusal.ts';

/** A node as a model file has it, whatever the format. Tensors go by their names; '' stands for one that is left out. */
export interface FileNode {
  /** The operator, as the format calls it. */
  readonly type: string;
  /** '' when the file gives it none. */
  readonly name: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
}

/** The part of a model file that its outputs depend on. */
export interface Live<N extends FileNode> {
  /** In the file's order. */
  readonly nodes: readonly N[];
  /** Names of tensors that these nodes read, that come out or are kept. */
  readonly used: ReadonlySet<string>;
}

/**
 * What some output depends on, by way of what states become too.
 *
 * @param given names of the graph's inputs, states and constants
 * @param outputs names of the graph's outputs
 * @param kept by the name of a state, what it becomes at the end of an inference
 * @throws UserError 'model' when a tensor is defined more than once
 */
export function liveNodes<N extends FileNode>(
  nodes: readonly N[],
  given: Iterable<string>,
  outputs: readonly string[],
  kept: ReadonlyMap<string, string> = new Map(),
): Live<N> {
  const producers = producersOf(nodes, given);
  const live = new Set<N>();
  const used = dependedOn(outputs, (name) => {
    const written = kept.get(name);
    if (written !== undefined) return [written];
    const node = producers.get(name);
    // a node's operands once, however many of its outputs are used
    if (!node || live.has(node)) return [];
    live.add(node);
    return node.inputs;
  });
  return { nodes: nodes.filter((n) => live.has(n)), used };
}

/** A name for each node, no two the same: the file's, or one made of its operator and its place. */
export function nodeNames(nodes: readonly FileNode[]): string[] {
  const unused = new UnusedNames(() => false);
  return nodes.map(({ name, type }, k) => unused.like(name || `${type}_${k}`));
}

/** Which node makes a tensor. */
function producersOf<N extends FileNode>(nodes: readonly N[], given: Iterable<string>): Map<string, N> {
  const defined = new Set(given);
  const producers = new Map<string, N>();
  for (const node of nodes) {
    for (const name of node.outputs) {
      if (name === '') continue;
      if (defined.has(name)) throw damaged(say`The model defines '${name}' twice`);
      defined.add(name);
      producers.set(name, node);
    }
  }
  return producers;
}
