/** The last bytes of a stream, for the hex view: bounded, addressed by their offset in the whole stream. */
export class ByteLog {
  readonly #buffer: Uint8Array;
  #end = 0;

  /** @param capacity bytes kept, a multiple of 16 */
  constructor(capacity = 1 << 20) {
    this.#buffer = new Uint8Array(capacity);
  }

  /** Offset just behind the newest byte: bytes received since the last clear. */
  get end(): number {
    return this.#end;
  }

  /** Offset of the oldest byte kept, on a row of 16. */
  get first(): number {
    return Math.max(0, Math.ceil((this.#end - this.#buffer.length) / 16) * 16);
  }

  push(bytes: Uint8Array): void {
    const size = this.#buffer.length;
    const kept = bytes.subarray(Math.max(0, bytes.length - size));
    const at = (this.#end + bytes.length - kept.length) % size;
    const head = kept.subarray(0, size - at);
    this.#buffer.set(head, at);
    this.#buffer.set(kept.subarray(head.length), 0);
    this.#end += bytes.length;
  }

  clear(): void {
    this.#end = 0;
  }

  /** A copy of the bytes from..to-1 that are still kept. */
  slice(from: number, to: number): Uint8Array {
    const start = Math.max(from, this.first);
    const stop = Math.min(to, this.#end);
    const out = new Uint8Array(Math.max(0, stop - start));
    for (let i = 0; i < out.length; i++) out[i] = this.#buffer[(start + i) % this.#buffer.length]!;
    return out;
  }
}

/** One row of a hex view: `68 65 6c 6c 6f …` padded to 16 columns, and the same as ASCII with dots. */
export function hexRow(bytes: Uint8Array): { hex: string; ascii: string } {
  const hex: string[] = [];
  let ascii = '';
  for (const b of bytes) {
    hex.push(b.toString(16).padStart(2, '0'));
    ascii += b >= 0x20 && b < 0x7f ? String.fromCharCode(b) : '.';
  }
  const half = (part: string[]) => part.join(' ').padEnd(23);
  return { hex: `${half(hex.slice(0, 8))}  ${half(hex.slice(8))}`, ascii };
}
