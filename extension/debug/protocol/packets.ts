/** What stands in a client's stream of bytes. Bodies are a character a byte. */
export type Incoming =
  | { readonly kind: 'packet'; readonly body: string }
  | { readonly kind: 'damaged' } // a wrong checksum, or longer than allowed
  | { readonly kind: 'interrupt' }
  | { readonly kind: 'acknowledged' }
  | { readonly kind: 'repeat' }; // the last packet sent was damaged

const INTERRUPT = 0x03;
const START = 0x24; // $
const END = 0x23; // #
const ESCAPE = 0x7d; // }
const ESCAPED_BY = 0x20;
/** Characters that a body must not hold as they are: $ # } *. */
const TO_ESCAPE: ReadonlySet<number> = new Set([START, END, ESCAPE, 0x2a]);

/** Cuts a client's bytes into packets ("Overview" of the remote serial protocol in GDB's manual). */
export class PacketReader {
  readonly #mostBytes: number;
  #body: number[] | undefined;
  #isTooLong = false;
  #sum = 0;
  #escaped = false;
  /** The characters of the checksum so far; undefined before `#`. */
  #checksum: string | undefined;

  /** @param mostBytes of a body as sent */
  constructor(mostBytes: number) {
    this.#mostBytes = mostBytes;
  }

  push(bytes: Uint8Array): Incoming[] {
    const found: Incoming[] = [];
    for (const byte of bytes) {
      const incoming = this.#body ? this.#inPacket(byte, this.#body) : this.#between(byte);
      if (incoming) found.push(incoming);
    }
    return found;
  }

  #between(byte: number): Incoming | undefined {
    if (byte === START) this.#begin();
    else if (byte === INTERRUPT) return { kind: 'interrupt' };
    else if (byte === 0x2b) return { kind: 'acknowledged' };
    else if (byte === 0x2d) return { kind: 'repeat' };
    return undefined; // anything else is noise
  }

  #begin(): void {
    this.#body = [];
    this.#isTooLong = this.#escaped = false;
    this.#sum = 0;
    this.#checksum = undefined;
  }

  #inPacket(byte: number, body: number[]): Incoming | undefined {
    if (this.#checksum !== undefined) {
      this.#checksum += String.fromCharCode(byte);
      if (this.#checksum.length < 2) return undefined;
      const isRight = /^[0-9a-f]{2}$/i.test(this.#checksum) && parseInt(this.#checksum, 16) === this.#sum;
      this.#body = undefined;
      if (!isRight || this.#isTooLong || this.#escaped) return { kind: 'damaged' };
      return { kind: 'packet', body: Buffer.from(body).toString('latin1') };
    }
    if (byte === START) {
      this.#begin(); // the end of the one before was lost
      return undefined;
    }
    if (byte === END) {
      this.#checksum = '';
      return undefined;
    }
    this.#sum = (this.#sum + byte) & 255;
    if (this.#escaped) {
      body.push(byte ^ ESCAPED_BY);
      this.#escaped = false;
    } else if (byte === ESCAPE) this.#escaped = true;
    else body.push(byte);
    if (body.length > this.#mostBytes) {
      this.#isTooLong = true;
      body.length = 0;
    }
    return undefined;
  }
}

/** A packet as it is sent. @param body a character a byte */
export function framed(body: string): Uint8Array {
  const bytes = [...Buffer.from(body, 'latin1')].flatMap((byte) =>
    TO_ESCAPE.has(byte) ? [ESCAPE, byte ^ ESCAPED_BY] : [byte],
  );
  const sum = bytes.reduce((a, b) => (a + b) & 255, 0);
  return Buffer.from([START, ...bytes, END, ...Buffer.from(sum.toString(16).padStart(2, '0'))]);
}
