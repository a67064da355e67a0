/** What firmware takes of a board, in words: the same ones wherever a board's numbers are shown. */
import { bytesText, formatBytes, formatTime } from './format.ts';

/**
 * What a firmware's sizes rest on: it was built; they were added up, with what firmware takes of this board as it was measured; or that is
 * estimated, too.
 */
export type SizeBasis = 'built' | 'predicted' | 'estimated';

/** What the time of an inference rests on: firmware ran and told it, or it follows from predicted cycles. */
export type TimeBasis = 'measured' | 'predicted';

type Translate = (template: string, ...values: string[]) => string;

/** Bytes that firmware takes: as they are where it was built, else about so many. */
export function firmwareSizeText(bytes: number, basis: SizeBasis, t: Translate, language?: string): string {
  return basis === 'built' ? bytesText(bytes, language) : t('about {0}', formatBytes(bytes, language));
}

/** Microseconds of an inference: as they are where it ran, else about so many. */
export function inferenceTimeText(us: number, basis: TimeBasis, t: Translate, language?: string): string {
  return basis === 'measured' ? formatTime(us, language) : t('about {0}', formatTime(us, language));
}
