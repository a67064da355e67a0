import type { ErrorCode } from '../common/error.ts';

/** Exit codes of the command line; docs/cli.md has the same table, and a test holds them together. */
export const EXIT = {
  ok: 0,
  /** The board ran, but its outputs are not the interpreter's. */
  mismatch: 1,
  usage: 2,
  input: 3,
  model: 4,
  board: 5,
  toolchain: 6,
  firmware: 7,
  device: 8,
  /** It ran, but does not meet what is required of it. */
  requirement: 9,
  /** A bug in GlowPort. */
  internal: 70,
  cancelled: 130,
} as const satisfies Record<ErrorCode | 'ok' | 'mismatch' | 'internal', number>;

/** The table that `--help` and docs/cli.md show. */
export const EXIT_HELP: readonly (readonly [code: number, meaning: string])[] = [
  [EXIT.ok, 'done; the board, if it ran, agrees with the PC'],
  [EXIT.mismatch, 'the firmware ran, but its outputs differ from the PC'],
  [EXIT.usage, 'wrong options or arguments, or no samples'],
  [EXIT.input, 'a file is missing, unreadable, damaged or of the wrong size'],
  [EXIT.model, 'the model uses something that is not supported'],
  [EXIT.board, 'unknown board, or the model does not fit it'],
  [EXIT.toolchain, 'a tool is missing or failed'],
  [EXIT.firmware, 'the firmware faulted or did not print a result'],
  [EXIT.device, 'a serial port or probe failed'],
  [EXIT.requirement, 'a requirement (--require) is not met'],
  [EXIT.internal, 'a bug in GlowPort'],
  [EXIT.cancelled, 'stopped with Ctrl-C'],
];
