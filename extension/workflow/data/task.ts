import type { Answer, Placeholder, Task } from '../../bundle/bundle.ts';
import type { Scores } from '../../../webview/shared/task.ts';
import { UserError } from '../../common/error.ts';
import { say } from '../../common/errors/sentence.ts';
import { elements, type Graph, type Shape, shapeOf } from '../../model/graph.ts';
import { positionValues } from '../../model/positions.ts';
import type { TaskChoice } from '../../project/options.ts';

/**
 * What firmware says of a network, as far as choices tell: the threshold of an anomaly may have to be measured (`withThreshold`).
 *
 * @param graph the network, where GlowPort reads its model; else the bundle tells
 * @throws UserError `usage` for choices that cannot be, `model` for a network without outputs
 */
export function answerOf(
  graph: Graph | undefined,
  placeholders: readonly Placeholder[],
  choices: AnswerChoices,
): Answer {
  return chosenAnswer(graph ? answeringGraph(graph) : answeringBundle(placeholders), choices);
}

/** What of a port's choices decides what firmware says. */
export interface AnswerChoices {
  readonly task: TaskChoice;
  readonly threshold: number | undefined;
}

/** What of a network tells its task; the first output is the one that it is about. */
export interface AnsweringNetwork {
  readonly inputs: readonly Shape[];
  readonly output: { readonly name: string; readonly shape: Shape };
  readonly end: End;
}

/** What has made the numbers of an output: ArgMax or ArgMin (positions), another function that tells what they are, or anything. */
export type End = 'position' | 'softmax' | 'logSoftmax' | 'sigmoid' | 'other' | 'unknown';

/** @throws UserError `model` for a network without outputs */
function answeringGraph(graph: Graph): AnsweringNetwork {
  const [name] = graph.outputs;
  if (name === undefined) throw noOutput();
  return {
    inputs: graph.inputs.map((input) => input.shape),
    output: { name, shape: shapeOf(graph, name) },
    end: positionValues(graph).has(name) ? 'position' : endOf(graph, name),
  };
}

/** The same of a bundle, which does not tell what has made its output. @throws UserError as `answeringGraph` does */
function answeringBundle(placeholders: readonly Placeholder[]): AnsweringNetwork {
  const output = placeholders.find((p) => p.direction === 'output');
  if (!output) throw noOutput();
  const { name, shape, type } = output;
  const inputs = placeholders.filter((p) => p.direction === 'input').map((p) => p.shape);
  return { inputs, output: { name, shape }, end: type === 'index32' ? 'position' : 'unknown' };
}

/**
 * The task of a network: the one chosen, or what the network is made for. A class that it names (ArgMax) or what a softmax has made is
 * `classify`; what is shaped like the only input `anomaly`; a list of numbers `classify`; one number `regress`; anything else `raw`.
 *
 * @throws UserError `usage` for a choice that cannot be
 */
export function taskOf(network: AnsweringNetwork, choice: TaskChoice): Task {
  if (choice === 'auto') return toldTask(network);
  requireTask(network, choice);
  return choice;
}

function toldTask(network: AnsweringNetwork): Task {
  const { output, end } = network;
  const count = elements(output.shape);
  if (end === 'position') return count === 1 ? 'classify' : 'raw';
  if (count === 1) return 'regress';
  if ((end === 'softmax' || end === 'logSoftmax') && isList(output.shape)) return 'classify';
  if (isReconstruction(network)) return 'anomaly';
  return isList(output.shape) ? 'classify' : 'raw';
}

function requireTask(network: AnsweringNetwork, task: Task): void {
  const { output, end } = network;
  const { name } = output;
  const isPosition = end === 'position';
  const shape = output.shape.join(' x ');
  const remedy = { do: 'leaveTask' } as const;
  if (task === 'classify' && !(isPosition ? elements(output.shape) === 1 : isList(output.shape))) {
    throw new UserError('usage', say`Output '${name}' (${shape}) is no list of classes.`, remedy);
  }
  if (task === 'regress' && isPosition) {
    throw new UserError('usage', say`Output '${name}' has positions (ArgMax), no real numbers.`, remedy);
  }
  if (task === 'anomaly' && (isPosition || !isReconstruction(network))) {
    throw new UserError(
      'usage',
      network.inputs.length === 1
        ? say`Output '${name}' (${shape}) is not shaped like the input (${network.inputs[0]!.join(' x ')}), so it has no reconstruction error.`
        : say`The network has ${network.inputs.length} inputs, so output '${name}' is no reconstruction of its only one.`,
      remedy,
    );
  }
}

/** The answer that a network's choices make. @throws UserError `usage` for choices that cannot be */
export function chosenAnswer(network: AnsweringNetwork, { task: choice, threshold }: AnswerChoices): Answer {
  const task = taskOf(network, choice);
  const scores = task === 'classify' ? SCORES[network.end] : undefined;
  if (threshold === undefined) return { task, ...(scores ? { scores } : {}) };
  if (task === 'anomaly') return { task, threshold: { value: threshold, basis: 'chosen', samples: 0 } };
  throw new UserError(
    'usage',
    say`A threshold was given, but the network's output '${network.output.name}' is not compared with its input (task ${task}).`,
    { do: 'leaveThreshold' },
  );
}

/** What numbers of classes are, by what has made them. */
const SCORES: Readonly<Record<End, Scores | undefined>> = {
  position: undefined,
  unknown: undefined,
  other: 'logits',
  softmax: 'probabilities',
  sigmoid: 'probabilities',
  logSoftmax: 'logProbabilities',
};

/** Whether all elements lie along one dimension, and are more than one. */
function isList(shape: Shape): boolean {
  const count = elements(shape);
  return count > 1 && shape.some((n) => n === count);
}

/** Whether the output has the shape of the only input; dimensions of 1 aside, which exporters add and leave out. */
function isReconstruction({ inputs, output }: AnsweringNetwork): boolean {
  const [input] = inputs;
  if (inputs.length !== 1 || !input) return false;
  const real = (shape: Shape): string => shape.filter((n) => n > 1).join();
  return real(input) === real(output.shape);
}

/** What made a value's numbers, looked for behind what only moves or rounds them. */
function endOf(graph: Graph, value: string): End {
  const makers = new Map(graph.nodes.map((node) => [node.output, node]));
  let node = makers.get(value);
  while (node?.kind === 'reshape' || (node?.kind === 'activation' && node.fn.type === 'quantized')) {
    node = makers.get(node.inputs[0]!);
  }
  if (node?.kind === 'softmax' || node?.kind === 'logSoftmax') return node.kind;
  return node?.kind === 'activation' && node.fn.type === 'sigmoid' ? 'sigmoid' : 'other';
}

function noOutput(): UserError {
  return new UserError('model', say`The model has no output.`, say`Export it again.`);
}
