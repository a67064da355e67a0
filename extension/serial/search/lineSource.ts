import type { Line } from '../lines.ts';

/** Lines with the numbers 0, 1, 2 …, the oldest of which may be gone: a log, or what a filter leaves of one. */
export interface LineSource {
  /** Changes whenever line numbers start anew. */
  readonly generation: number;
  /** Number of the oldest line that is still there. */
  readonly first: number;
  /** Lines that will not change any more have smaller numbers than this. */
  readonly closed: number;
  /** Number behind the newest line. */
  readonly count: number;
  /** The lines from..to-1 that are still there, each with its number in this source. */
  slice(from: number, to: number): readonly Line[];
}
