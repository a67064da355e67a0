import { say, type Sentence, someOf } from '../../common/errors/sentence.ts';
import type { PortResult } from './port.ts';

/** What it costs that Glow left layers in floating point: on a core without an FPU that is the library's work. */
export function floatSentence({
  floatKinds,
  board,
  model,
}: Pick<PortResult, 'floatKinds' | 'board' | 'model'>): Sentence {
  const kinds = someOf(floatKinds, 4);
  return board.fpu
    ? say`Glow computes ${kinds} in floating point.`
    : say`Glow computes ${kinds} in floating point, which ${board.name} does in software: ${model.libraryBytes} bytes of gcc's library, and many cycles.`;
}
