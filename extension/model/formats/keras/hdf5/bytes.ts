import { damaged } from './damage.ts';

/** What an address is that leads nowhere. */
const UNDEFINED = 0xffff_ffff_ffff_ffffn;

/** Little-endian numbers at places of a file; a place outside of it is damage. */
export class Bytes {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get length(): number {
    return this.#bytes.length;
  }

  u8(at: number): number {
    return this.#view.getUint8(this.#within(at, 1));
  }

  u16(at: number): number {
    return this.#view.getUint16(this.#within(at, 2), true);
  }

  u32(at: number): number {
    return this.#view.getUint32(this.#within(at, 4), true);
  }

  /** A size or an offset: 64 bits that a double holds. */
  u64(at: number): number {
    const value = this.#view.getBigUint64(this.#within(at, 8), true);
    if (value > Number.MAX_SAFE_INTEGER) throw damaged();
    return Number(value);
  }

  /** An unsigned number of 1, 2, 4 or 8 bytes. */
  unsigned(at: number, size: number): number {
    if (size === 1) return this.u8(at);
    if (size === 2) return this.u16(at);
    return size === 4 ? this.u32(at) : this.u64(at);
  }

  /** An address in the file; undefined for one that leads nowhere. */
  address(at: number): number | undefined {
    return this.#view.getBigUint64(this.#within(at, 8), true) === UNDEFINED ? undefined : this.u64(at);
  }

  /** A part of the file, not copied. */
  part(at: number, size: number): Uint8Array {
    const from = this.#within(at, size);
    return this.#bytes.subarray(from, from + size);
  }

  /** Refuses a structure that does not begin with its signature. */
  expect(at: number, signature: string): void {
    if (Buffer.from(this.part(at, signature.length)).toString('latin1') !== signature) throw damaged();
  }

  /** UTF-8 up to a zero byte, of at most `limit` bytes. */
  text(at: number, limit: number): string {
    const part = this.part(at, Math.min(limit, Math.max(0, this.length - at)));
    const end = part.indexOf(0);
    if (end < 0) throw damaged();
    return Buffer.from(part.subarray(0, end)).toString('utf8');
  }

  #within(at: number, size: number): number {
    if (at < 0 || size < 0 || at + size > this.length) throw damaged();
    return at;
  }
}
