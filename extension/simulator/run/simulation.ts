import type { Sentence } from '../../common/errors/sentence.ts';

/** What a run of firmware on a simulated board takes and gives (the run itself: run.ts, in a worker thread). */
export interface SimulationOptions {
  /** Board id, such as `frdmke16z`. */
  readonly boardId: string;
  /** ELF, Intel HEX or raw binary image. */
  readonly firmware: Uint8Array;
  /** Bytes written over the loaded image at a symbol before reset (another test image without a rebuild). */
  readonly patches?: readonly { readonly symbol: string; readonly bytes: Uint8Array }[];
  /** Stop as soon as the UART has printed a whole report, `Inference time` included. Default: run until idle. */
  readonly untilReport?: boolean;
  /** Core cycles after which the run is ended (default 2e9). */
  readonly cycleLimit?: number;
  /** What the limit does not count: core cycles for each byte printed, and for how many bytes at most. Default: it counts all. */
  readonly printing?: { readonly cyclesPerByte: number; readonly bytes: number };
  readonly signal?: AbortSignal;
  /** UART bytes as they leave the board, with the simulated time since reset in microseconds. */
  readonly onUart?: (bytes: Uint8Array, timeUs: number) => void;
  /** Answer semihosting calls as a debugger would; what the firmware prints that way is taken for UART bytes. */
  readonly semihosting?: boolean;
  /** Count cycles by function symbol (ELF only); costs speed. */
  readonly profile?: boolean;
}

export interface Fault {
  /** What the core did, at which address, called from where. */
  readonly sentence: Sentence;
  /** The sentence in English. */
  readonly message: string;
  /** The firmware called a debugger, and none was there to answer. */
  readonly isSemihosting: boolean;
  readonly pc: number;
  readonly address: number | undefined;
  /** r0-r12, sp, lr, pc, xPSR at the fault. */
  readonly registers: Readonly<Record<string, number>>;
}

export interface SimulationResult {
  /** idle: the firmware sits in an endless loop to itself or sleeps with nothing left to wake it. */
  readonly stop: 'report' | 'idle' | 'cycle-limit' | 'fault' | 'cancelled';
  readonly fault: Fault | undefined;
  readonly cycles: number;
  readonly instructions: number;
  /** Simulated time, from cycles and the board's core clock. */
  readonly timeUs: number;
  /** High-water mark of the main stack in bytes. */
  readonly stackBytes: number;
  readonly uart: Uint8Array;
  /** With `profile`: exclusive and inclusive cycles and calls by symbol. */
  readonly symbols: ReadonlyMap<string, { cycles: number; inclusive: number; calls: number }> | undefined;
}
