import { corrupt, endsEarly } from '../damaged.ts';
import { type HuffmanTable, LOOK_AHEAD } from './huffmanTable.ts';
import { isRestart, nextMarker, RST0 } from './markers.ts';

/** Length of the longest Huffman code. */
const MAX_CODE = 16;

/**
 * The bits of a scan (T.81, F.2.2.5): the byte 0xff is data when a 0x00 follows, which is left out; else it begins a marker,
 * behind which nothing is read. Every function throws Damaged when bits are asked for that are not there.
 */
export class BitReader {
  readonly #bytes: Uint8Array;
  #at: number;
  /** The last bits read; the lowest #count of them are still to be taken. */
  #bits = 0;
  #count = 0;

  /** @param at where the scan's data begins */
  constructor(bytes: Uint8Array, at: number) {
    this.#bytes = bytes;
    this.#at = at;
  }

  /** The next `count` bits, up to 16, as a number without sign. */
  bits(count: number): number {
    const value = this.#peek(count);
    this.#skip(count);
    return value;
  }

  /** A difference or coefficient of `size` bits: the lower half of the numbers means negative ones (T.81, F.2.2.1, EXTEND). */
  signed(size: number): number {
    if (size === 0) return 0;
    const value = this.bits(size);
    return value < 1 << (size - 1) ? value - (1 << size) + 1 : value;
  }

  /** The next Huffman code's symbol. */
  symbol(table: HuffmanTable): number {
    const ahead = this.#peek(MAX_CODE);
    const short = table.short[ahead >> (MAX_CODE - LOOK_AHEAD)]!;
    if (short !== 0) {
      this.#skip(short >> 8);
      return short & 0xff;
    }
    for (let length = LOOK_AHEAD + 1; length <= MAX_CODE; length++) {
      const code = ahead >> (MAX_CODE - length);
      if (code > table.last[length]!) continue;
      this.#skip(length);
      return table.symbols[code + table.offset[length]!]!;
    }
    throw this.#count < MAX_CODE ? endsEarly() : corrupt();
  }

  /** Goes on behind the restart marker that has to come now, the `index`th of its interval's cycle of 8. */
  restart(index: number): void {
    this.#bits = this.#count = 0;
    const marker = nextMarker(this.#bytes, this.#at);
    if (!marker || !isRestart(marker.code)) throw endsEarly();
    if (marker.code !== RST0 + (index & 7)) throw corrupt();
    this.#at = marker.at;
  }

  /** The next bits without taking them; zeros stand for what is not there. */
  #peek(count: number): number {
    if (this.#count < count) this.#fill();
    const missing = count - this.#count;
    return (missing > 0 ? this.#bits << missing : this.#bits >>> -missing) & ((1 << count) - 1);
  }

  #skip(count: number): void {
    if (count > this.#count) throw endsEarly();
    this.#count -= count;
  }

  #fill(): void {
    while (this.#count <= 24 && this.#at < this.#bytes.length) {
      const byte = this.#bytes[this.#at]!;
      if (byte === 0xff) {
        while (this.#bytes[this.#at + 1] === 0xff) this.#at++; // fill bytes
        if (this.#bytes[this.#at + 1] !== 0) return;
        this.#at++;
      }
      this.#at++;
      this.#bits = (this.#bits << 8) | byte;
      this.#count += 8;
    }
  }
}
