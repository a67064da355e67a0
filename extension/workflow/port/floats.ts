import { say, type Sentence, someOf } from '../../common/errors/sentence.ts';
import type { FirmwareResult } from './result.ts';

/**
 * What it costs that Glow left something in floating point: on a core without an FPU that is the library's work.
 * @returns undefined when all is in integers
 */
export function floatSentence({
  floatKinds,
  board,
  bundle,
  model,
}: Pick<FirmwareResult, 'floatKinds' | 'board' | 'bundle' | 'model'>): Sentence | undefined {
  if (floatKinds.length === 0 && bundle.softFloat === undefined) return undefined;
  // constants that it converts only when the network runs are of no kind
  const what = floatKinds.length > 0 ? someOf(floatKinds, 4) : say`a part of the network`;
  return board.fpu
    ? say`Glow computes ${what} in floating point.`
    : say`Glow computes ${what} in floating point, which ${board.name} does in software: ${model.libraryBytes} bytes of gcc's library, and many cycles.`;
}
