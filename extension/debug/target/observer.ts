import type { Change } from './changes.ts';
import type { Stop } from './stop.ts';

/** Somebody who looks at the board where it comes by, and may stop it there. */
export interface Observer {
  /** Addresses of instructions. */
  readonly places: ReadonlySet<number>;
  /**
   * The board stands before one of them, for the first time or again. Yields milliseconds to wait, as {@link Running} does.
   * @returns why it is to stop, if it is
   */
  readonly pass: () => Generator<number, Stop | undefined>;
  /** Something has been done to the board: what it did later in an earlier run is forgotten. */
  readonly changed: (kind: Change['kind']) => void;
  /** Its past is forgotten. */
  readonly begun: () => void;
}
