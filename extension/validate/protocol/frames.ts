import { CHECKSUM_START, checksumWith } from './checksum.ts';
import { CHECKSUM_BYTES, ESCAPE, ESCAPED_BIT, FRAME_BEGINS, HEADER_BYTES, MOST_BYTES } from './values.ts';

/** What is sent at once, either way. */
export interface Frame {
  readonly type: number;
  /** A request's, and that of its answer: 0 to 255, over and over. */
  readonly sequence: number;
  /** At most MOST_BYTES. */
  readonly bytes: Uint8Array;
}

/** A frame as it goes over the line. */
export function encodeFrame({ type, sequence, bytes }: Frame): Uint8Array {
  const plain = [type, sequence, bytes.length, ...bytes];
  const checksum = plain.reduce(checksumWith, CHECKSUM_START);
  const line = [FRAME_BEGINS];
  for (const byte of [...plain, checksum >> 8, checksum & 255]) {
    if (byte === FRAME_BEGINS || byte === ESCAPE) line.push(ESCAPE, byte ^ ESCAPED_BIT);
    else line.push(byte);
  }
  return Uint8Array.from(line);
}

/** Bytes that a frame takes on the line at most, with all of its bytes escaped. */
export function longestOnLine(bytes: number): number {
  return 1 + 2 * (HEADER_BYTES + bytes + CHECKSUM_BYTES);
}

/**
 * Finds frames among bytes, whatever else comes: text that a boot loader prints, halves of frames, noise. What has a wrong checksum or
 * is longer than a frame may be is dropped. Keeps at most one frame's bytes.
 */
export class FrameParser {
  /** Plain bytes behind the beginning, up to the checksum's last. */
  readonly #bytes = new Uint8Array(HEADER_BYTES + MOST_BYTES + CHECKSUM_BYTES);
  #count = 0;
  #checksum = CHECKSUM_START;
  #isInside = false;
  #isEscaped = false;

  /** @returns the frame that the byte ends, if it does and the frame is right */
  push(byte: number): Frame | undefined {
    if (byte === FRAME_BEGINS) {
      this.#isInside = true;
      this.#isEscaped = false;
      this.#count = 0;
      this.#checksum = CHECKSUM_START;
      return undefined;
    }
    if (!this.#isInside) return undefined;
    if (byte === ESCAPE && !this.#isEscaped) {
      this.#isEscaped = true;
      return undefined;
    }
    const plain = this.#isEscaped ? byte ^ ESCAPED_BIT : byte;
    this.#isEscaped = false;
    this.#bytes[this.#count++] = plain;
    this.#checksum = checksumWith(this.#checksum, plain);
    if (this.#count < HEADER_BYTES) return undefined;
    const length = this.#bytes[2]!;
    if (length > MOST_BYTES) this.#isInside = false;
    if (this.#count < HEADER_BYTES + length + CHECKSUM_BYTES) return undefined;
    this.#isInside = false;
    if (this.#checksum !== 0) return undefined;
    return {
      type: this.#bytes[0]!,
      sequence: this.#bytes[1]!,
      bytes: this.#bytes.slice(HEADER_BYTES, HEADER_BYTES + length),
    };
  }
}
