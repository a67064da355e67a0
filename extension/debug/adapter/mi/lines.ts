/** The longest line, in bytes: some times what the largest piece of memory takes that is read at once. */
const LONGEST = 32 * 1024 * 1024;

/** Makes lines of bytes as they come. */
export class Lines {
  readonly #onLine: (line: string) => void;
  readonly #onEndless: () => void;
  #parts: Buffer[] = [];
  #bytes = 0;

  /** @param onLine gets each, without its end. @param onEndless a line has become too long: it is thrown away */
  constructor(onLine: (line: string) => void, onEndless: () => void) {
    this.#onLine = onLine;
    this.#onEndless = onEndless;
  }

  push(bytes: Buffer): void {
    let from = 0;
    for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, from)) {
      this.#add(bytes.subarray(from, end));
      const line = Buffer.concat(this.#parts).toString();
      this.#clear();
      from = end + 1;
      this.#onLine(line.endsWith('\r') ? line.slice(0, -1) : line);
    }
    this.#add(bytes.subarray(from));
    if (this.#bytes <= LONGEST) return;
    this.#clear();
    this.#onEndless();
  }

  #add(bytes: Buffer): void {
    this.#parts.push(bytes);
    this.#bytes += bytes.length;
  }

  #clear(): void {
    this.#parts = [];
    this.#bytes = 0;
  }
}
