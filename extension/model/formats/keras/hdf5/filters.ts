import { inflateSync } from 'node:zlib';
import { say } from '../../../../common/errors/sentence.ts';
import type { Bytes } from './bytes.ts';
import { damaged, unread } from './damage.ts';
import { HDF5_LIMITS } from './limits.ts';

/** Undoes one filter on a chunk. @param size bytes of the whole chunk, @param element bytes of one of its elements */
export type Decode = (data: Uint8Array, size: number, element: number) => Uint8Array;

/** The registered numbers of filters that h5py has (compression='gzip', shuffle, fletcher32). */
const FILTERS: ReadonlyMap<number, Decode> = new Map<number, Decode>([
  [1, inflate],
  [2, unshuffle],
  [3, withoutChecksum],
]);

/** What undoes the filters of a dataset, in the order in which they were applied. @param at of the filter pipeline message */
export function readFilters(bytes: Bytes, at: number): Decode[] {
  const version = bytes.u8(at);
  if (version !== 1 && version !== 2) throw damaged();
  const count = bytes.u8(at + 1);
  if (count > HDF5_LIMITS.filters) throw damaged();
  let next = at + (version === 1 ? 8 : 2);
  return Array.from({ length: count }, () => {
    const id = bytes.u16(next);
    const hasName = version === 1 || id >= 256;
    const nameSize = hasName ? bytes.u16(next + 2) : 0;
    const values = bytes.u16(next + (hasName ? 6 : 4));
    const padding = version === 1 && values % 2 === 1 ? 4 : 0;
    next += (hasName ? 8 : 6) + nameSize + 4 * values + padding;
    const decode = FILTERS.get(id);
    if (!decode) throw unread(say`has datasets packed by HDF5 filter ${id}`);
    return decode;
  });
}

function inflate(data: Uint8Array, size: number): Uint8Array {
  try {
    // four bytes more than the chunk: a checksum may be packed with it
    return inflateSync(data, { maxOutputLength: size + 4 });
  } catch {
    throw damaged();
  }
}

/** Shuffled: first all lowest bytes of the elements, then all second ones, and so on. */
function unshuffle(data: Uint8Array, _: number, element: number): Uint8Array {
  const count = Math.floor(data.length / element);
  const out = Uint8Array.from(data);
  for (let k = 0; k < element; k++) {
    for (let i = 0; i < count; i++) out[i * element + k] = data[k * count + i]!;
  }
  return out;
}

function withoutChecksum(data: Uint8Array): Uint8Array {
  if (data.length < 4) throw damaged();
  return data.subarray(0, data.length - 4);
}
