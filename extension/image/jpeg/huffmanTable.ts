import { corrupt } from '../damaged.ts';

/** Codes up to this length are looked up at once. */
export const LOOK_AHEAD = 8;
const LENGTHS = 16;

/** A Huffman table, ready for decoding (T.81, annex C and F.2.2.3). */
export interface HuffmanTable {
  /** By the next 8 bits: length of the code << 8 | symbol; 0 where the code is longer. */
  readonly short: Uint16Array;
  /** By length: the largest code, -1 where there is none. */
  readonly last: Int32Array;
  /** By length: what is added to a code to get its symbol's place. */
  readonly offset: Int32Array;
  readonly symbols: Uint8Array;
}

/**
 * @param counts how many codes there are of each length, 1 to 16
 * @param symbols in the order of their codes
 * @throws Damaged when there are more codes of a length than it has
 */
export function huffmanTable(counts: Uint8Array, symbols: Uint8Array): HuffmanTable {
  const short = new Uint16Array(1 << LOOK_AHEAD);
  const last = new Int32Array(LENGTHS + 1).fill(-1);
  const offset = new Int32Array(LENGTHS + 1);
  let code = 0;
  let place = 0;
  for (let length = 1; length <= LENGTHS; length++, code <<= 1) {
    const count = counts[length - 1]!;
    if (code + count > 1 << length) throw corrupt();
    offset[length] = place - code;
    for (let i = 0; i < count; i++, code++, place++) {
      if (length > LOOK_AHEAD) continue;
      const from = code << (LOOK_AHEAD - length);
      short.fill((length << 8) | symbols[place]!, from, from + (1 << (LOOK_AHEAD - length)));
    }
    if (count > 0) last[length] = code - 1;
  }
  return { short, last, offset, symbols };
}
