import { say, type Sentence } from '../../common/errors/sentence.ts';
import type { DebuggedNetwork } from './debuggedNetwork.ts';
import type { Difference } from './difference.ts';
import { type Inference, isBefore, type Moment } from './trace.ts';

/** A layer that was found to differ. */
export interface Found {
  readonly layer: number;
  readonly at: Moment;
  readonly difference: Difference;
}

/** Of the layers that differ the one that was found first, and of these the first layer. */
export function firstDifference({ verdicts }: Inference): Found | undefined {
  let first: Found | undefined;
  for (const [layer, { at, difference }] of verdicts) {
    if (!difference) continue;
    const isFirst = !first || isBefore(at, first.at) || (!isBefore(first.at, at) && layer < first.layer);
    if (isFirst) first = { layer, at, difference };
  }
  return first;
}

/** What is told where the board stops because a tensor is not the PC's. */
export function differsSentence(
  { layers }: DebuggedNetwork,
  inference: Inference,
  { layer, difference }: Found,
): Sentence {
  const { index, board, pc, differing, elements } = difference;
  const sentence = say`Layer ${layer + 1}, ${layers[layer]!.name}, differs from the PC's: element [${index}] is ${board}, on the PC ${pc}; ${differing} of ${elements} elements differ.`;
  const unseen = unseenBefore(inference, layer);
  return unseen === 0 ? sentence : say`${sentence} Layers before it that were not compared: ${unseen}.`;
}

/** What is told at the end of an inference. @param found where it differs, if it does */
export function endSentence(
  network: DebuggedNetwork,
  inference: Inference,
  found: Found | undefined,
): Sentence {
  if (found) return say`The inference has ended. ${differsSentence(network, inference, found)}`;
  const count = network.layers.length;
  const unseen = unseenBefore(inference, count);
  return unseen === 0
    ? say`The inference has ended, and the tensors of all ${count} layers are the PC's.`
    : say`The inference has ended; the tensors of ${count - unseen} of ${count} layers are the PC's, the others were not compared.`;
}

/** How many of the first layers were not compared. */
function unseenBefore({ verdicts }: Inference, layers: number): number {
  let count = 0;
  for (let i = 0; i < layers; i++) if (!verdicts.has(i)) count++;
  return count;
}
