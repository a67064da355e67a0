/** What is checked of every model, whatever its format, before memory is spent on it. Each throws UserError 'model'. */
import { UserError } from '../../common/error.ts';
import { hasControls } from '../../common/errors/printable.ts';
import { say, type Sentence } from '../../common/errors/sentence.ts';
import { elements } from '../graph.ts';
import type { Graph } from '../graph.ts';
import { operationsOf } from '../macs.ts';
import { LIMITS } from './limits.ts';
import { damaged, tooLarge } from './refusal.ts';

/**
 * Number of elements of dimensions that come from a file, every step checked.
 *
 * @param what names the tensor in the message
 * @throws UserError 'model' when a dimension is negative or absurd, or there are too many elements
 */
export function checkedElements(shape: readonly number[], what: Sentence): number {
  if (shape.length > LIMITS.rank) {
    throw tooLarge(say`${what} has ${shape.length} dimensions; at most ${LIMITS.rank} are read.`);
  }
  let n = 1;
  for (const d of shape) {
    if (!Number.isSafeInteger(d) || d < 0) throw damaged(say`${what} has a dimension of ${d}`);
    n *= d;
    if (n > LIMITS.tensorElements) {
      throw tooLarge(say`${what} has the shape [${shape}]: more than ${LIMITS.tensorElements} elements.`);
    }
  }
  return n;
}

/** @param count nodes of the graph */
export function checkNodeCount(count: number): void {
  if (count > LIMITS.nodes) {
    throw tooLarge(say`The model has ${count} nodes; at most ${LIMITS.nodes} are read.`);
  }
}

/** @param count nodes of the IR so far. @param label the node of the file that is being read */
export function checkIrNodeCount(count: number, label: Sentence): void {
  if (count > LIMITS.irNodes) {
    throw tooLarge(say`${label} brings the model to more than ${LIMITS.irNodes} operations.`);
  }
}

/** @param count values that a node of the IR reads. @param label the node of the file that is being read */
export function checkOperandCount(count: number, label: Sentence): void {
  if (count > LIMITS.operands)
    throw tooLarge(say`${label} reads ${count} values; at most ${LIMITS.operands} are handled.`);
}

/** Names of tensors and nodes: they stand in reports, messages and comments of C. */
export function checkNames(names: Iterable<string>): void {
  for (const name of names) {
    if (name.length > LIMITS.nameLength)
      throw damaged(say`A name in the model has ${name.length} characters`);
    if (hasControls(name)) throw damaged(say`The name '${name}' in the model has control characters`);
  }
}

/** Each input has a name of its own. */
export function checkInputNames(names: readonly string[]): void {
  const once = new Set<string>();
  for (const name of names) {
    if (once.has(name)) throw damaged(say`The model lists input '${name}' twice`);
    once.add(name);
  }
}

/** The graph has outputs, and each a name of its own. */
export function checkOutputNames(names: readonly string[]): void {
  if (names.length === 0) throw damaged(say`The model has no output`);
  const once = new Set<string>();
  for (const name of names) {
    if (name === '') throw damaged(say`An output of the model has no name`);
    if (once.has(name)) throw damaged(say`The model lists output '${name}' twice`);
    once.add(name);
  }
}

/** After the passes: padding with minus infinity is left only where no maximum pooling behind it could take it over. */
export function checkPads(graph: Graph): void {
  for (const node of graph.nodes) {
    if (node.kind !== 'pad' || Number.isFinite(node.value)) continue;
    throw new UserError(
      'model',
      say`Node '${node.name}' pads with ${node.value}, and not all that reads it is a maximum pooling, which ignores that.`,
      say`Export it with a finite number, such as 0.`,
    );
  }
}

/** What evaluating the graph takes: memory for all activations at once, and time. */
export function checkSize(graph: Graph): void {
  let activations = 0;
  for (const { shape } of graph.values.values()) activations += elements(shape);
  if (activations > LIMITS.totalElements) {
    throw tooLarge(
      say`The model's activations have ${activations} elements together; at most ${LIMITS.totalElements} are handled.`,
    );
  }
  let operations = 0;
  for (const node of graph.nodes) {
    operations += operationsOf(graph, node);
    if (operations <= LIMITS.operations) continue;
    throw tooLarge(
      say`The model's layers up to '${node.name}' take ${operations} operations; at most ${LIMITS.operations} are handled.`,
    );
  }
}
