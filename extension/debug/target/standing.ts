import type { Sentence } from '../../common/errors/sentence.ts';
import type { Stop } from './stop.ts';

/** Where a board under a debugger stands. */
export interface Standing {
  /** Core cycles since power-on. */
  readonly cycles: number;
  /** Simulated time since power-on, in microseconds. */
  readonly timeUs: number;
  /** Why it stands; undefined before it has run. */
  readonly stoppedFor: Stop['kind'] | undefined;
  /** What comparing the network's tensors with the PC's has found, where it stopped for that. */
  readonly compared?: Sentence | undefined;
  /** The last fault since reset. */
  readonly fault: Sentence | undefined;
}
