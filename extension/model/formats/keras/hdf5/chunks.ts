import { strides } from '../../../indexing.ts';
import type { Budget } from './budget.ts';
import type { Bytes } from './bytes.ts';
import { damaged } from './damage.ts';
import type { Decode } from './filters.ts';
import { HDF5_LIMITS } from './limits.ts';

/** A dataset in chunks of one shape. */
export interface Chunked {
  /** Address of the tree that leads to the chunks. */
  readonly tree: number;
  readonly shape: readonly number[];
  readonly chunk: readonly number[];
  /** Bytes of an element. */
  readonly size: number;
  /** Undo the filters, in the order in which they were applied. */
  readonly decode: readonly Decode[];
}

/** Reads all chunks of a dataset to their places in it. @param to the dataset, row-major; what no chunk covers stays */
export function readChunks(bytes: Bytes, budget: Budget, chunked: Chunked, to: Uint8Array): void {
  const { shape, chunk, size } = chunked;
  // a chunk is never larger than a dataset of fixed size, so that unpacking all takes no more than a few times its bytes
  if (chunk.some((d, k) => d < 1 || d > shape[k]!)) throw damaged();
  const count = chunk.reduce((n, d) => n * d, 1);
  let left = chunk.reduce((n, d, k) => n * Math.ceil(shape[k]! / d), 1);
  const rank = shape.length;
  const key = 16 + 8 * rank;
  const nodes: { at: number; level: number }[] = [{ at: chunked.tree, level: HDF5_LIMITS.levels }];
  for (let node = nodes.pop(); node; node = nodes.pop()) {
    bytes.expect(node.at, 'TREE\x01');
    const level = bytes.u8(node.at + 5);
    if (level >= node.level) throw damaged();
    const entries = bytes.u16(node.at + 6);
    for (let k = 0; k < entries; k++) {
      budget.step();
      const at = node.at + 24 + k * (key + 8);
      const address = bytes.u64(at + key);
      if (level > 0) {
        nodes.push({ at: address, level });
        continue;
      }
      if (left-- === 0) throw damaged();
      budget.spend(count);
      const packed = bytes.part(address, packedSize(bytes.u32(at), count * size));
      const data = unpacked(packed, bytes.u32(at + 4), count * size, chunked);
      const start = shape.map((_, axis) => bytes.u64(at + 8 + 8 * axis));
      place(data, start, chunked, to);
    }
  }
}

/** Packing may make a chunk a little larger; one of megabytes for a few numbers only keeps the computer busy. */
function packedSize(size: number, chunkBytes: number): number {
  if (size > 2 * chunkBytes + 1024) throw damaged();
  return size;
}

/** @param skipped a bit for each filter that was not applied to this chunk */
function unpacked(packed: Uint8Array, skipped: number, bytes: number, { decode, size }: Chunked): Uint8Array {
  let data = packed;
  for (let k = decode.length - 1; k >= 0; k--) {
    if ((skipped & (1 << k)) === 0) data = decode[k]!(data, bytes, size);
  }
  if (data.length < bytes) throw damaged();
  return data;
}

/** Copies a chunk's rows to their places; what hangs over the dataset's edge is left out. */
function place(data: Uint8Array, start: readonly number[], chunked: Chunked, to: Uint8Array): void {
  const { shape, chunk, size } = chunked;
  if (start.some((s, k) => s >= shape[k]! || s % chunk[k]! !== 0)) throw damaged();
  const last = shape.length - 1;
  const step = strides(shape);
  const row = chunk[last]!;
  const length = Math.min(row, shape[last]! - start[last]!) * size;
  const rows = chunk.slice(0, -1).reduce((n, d) => n * d, 1);
  for (let r = 0; r < rows; r++) {
    let rest = r;
    let at = start[last]!;
    let inside = true;
    for (let k = last - 1; k >= 0; k--) {
      const index = start[k]! + (rest % chunk[k]!);
      rest = Math.floor(rest / chunk[k]!);
      inside &&= index < shape[k]!;
      at += index * step[k]!;
    }
    const from = r * row * size;
    if (inside) to.set(data.subarray(from, from + length), at * size);
  }
}
