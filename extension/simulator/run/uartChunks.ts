/** The longest chunk without a line end. */
const LONGEST_CHUNK = 256;

/** Gathers UART bytes into lines, so that not every byte becomes a message between threads. */
export class UartChunks {
  #bytes: number[] = [];
  #timeUs = 0;
  readonly #onChunk: (bytes: Uint8Array, timeUs: number) => void;

  /** @param onChunk gets the bytes and the time at which the last of them left the board. */
  constructor(onChunk: (bytes: Uint8Array, timeUs: number) => void) {
    this.#onChunk = onChunk;
  }

  push(byte: number, timeUs: number): void {
    this.#bytes.push(byte);
    this.#timeUs = timeUs;
    if (byte === 10 || this.#bytes.length >= LONGEST_CHUNK) this.flush();
  }

  flush(): void {
    if (this.#bytes.length === 0) return;
    const bytes = Uint8Array.from(this.#bytes);
    this.#bytes = [];
    this.#onChunk(bytes, this.#timeUs);
  }
}
