import { CHECKSUM_BYTES, HEADER_BYTES, MOST_BYTES, RUN_BYTES } from './values.ts';

/** Start bit, eight data bits, stop bit. */
const BITS_PER_BYTE = 10;
/** What a USB bridge and the operating system take until an answer is here, about: two frames of USB and a wait. */
const MS_PER_REQUEST = 4;
/** Of all bytes, these must be escaped, and take two. */
const SHARE_ESCAPED = 2 / 256;

export interface ValidationSize {
  readonly samples: number;
  readonly inputBytes: number;
  readonly outputBytes: number;
  readonly baudRate: number;
  /** Milliseconds of the board. */
  readonly inferenceMs: number;
}

/** Milliseconds that a byte takes on the line. */
export function msPerByte(baudRate: number): number {
  return (BITS_PER_BYTE * 1000) / baudRate;
}

/** About how long a validation over a serial line takes, in seconds, when nothing has to be sent again. */
export function secondsFor(size: ValidationSize): number {
  const { samples, inputBytes, outputBytes, baudRate, inferenceMs } = size;
  const blocks = Math.ceil(inputBytes / MOST_BYTES);
  const reads = Math.ceil(Math.max(0, outputBytes - (MOST_BYTES - RUN_BYTES)) / MOST_BYTES);
  const requests = blocks + 1 + reads;
  const frame = 1 + HEADER_BYTES + CHECKSUM_BYTES;
  // the numbers in requests and the answer to `run`
  const numbers = 4 * (1 + reads) + RUN_BYTES;
  const bytes = (inputBytes + outputBytes + numbers + 2 * frame * requests) * (1 + SHARE_ESCAPED);
  return (samples * (bytes * msPerByte(baudRate) + requests * MS_PER_REQUEST + inferenceMs)) / 1000;
}

/** A duration in words, such as `2 h 13 min`, `4 min` or `20 s`. */
export function durationText(seconds: number): string {
  const minutes = Math.round(seconds / 60);
  if (seconds < 90) return `${Math.max(1, Math.round(seconds))} s`;
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
