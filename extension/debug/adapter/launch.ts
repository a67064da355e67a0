import type { Sentence } from '../../common/errors/sentence.ts';
import type { DebuggedNetwork } from '../network/debuggedNetwork.ts';

/** Where the board first stands: at the begin of main, at reset, or nowhere. */
export type StopAtEntry = 'main' | boolean;

/** What is debugged, and with what. */
export interface Launch {
  /** The network in the firmware; or why nothing is known of it. */
  readonly network?: DebuggedNetwork | Sentence | undefined;
  /** Path of the firmware's ELF file, which GDB reads. */
  readonly program: string;
  /** The same file's bytes, for the board. */
  readonly firmware: Uint8Array;
  /** Board id, such as `frdmke16z`. */
  readonly board: string;
  /** Path of a GDB for Arm. */
  readonly gdb: string;
  readonly stopAtEntry: StopAtEntry;
}
