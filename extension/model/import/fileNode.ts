import { say } from '../../common/errors/sentence.ts';
import { UnusedNames } from '../../common/unusedNames.ts';
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

/**
 * The nodes that some output depends on, in the file's order.
 *
 * @param given names of the graph's inputs and constants
 * @param outputs names of the graph's outputs
 * @throws UserError 'model' when a tensor is defined more than once
 */
export function liveNodes<N extends FileNode>(
  nodes: readonly N[],
  given: Iterable<string>,
  outputs: readonly string[],
): readonly N[] {
  const producers = producersOf(nodes, given);
  const live = new Set<N>();
  const todo = [...outputs];
  for (let name = todo.pop(); name !== undefined; name = todo.pop()) {
    const node = producers.get(name);
    if (!node || live.has(node)) continue;
    live.add(node);
    for (const input of node.inputs) todo.push(input);
  }
  return nodes.filter((n) => live.has(n));
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
