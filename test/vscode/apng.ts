// An animated PNG out of PNG screenshots of one size: their compressed data as it is, with the chunks of the APNG extension
// (https://wiki.mozilla.org/APNG_Specification) around it.
import { crc32 } from 'node:zlib';

export interface Frame {
  /** A whole PNG file. */
  readonly png: Uint8Array;
  readonly milliseconds: number;
}

interface Chunk {
  readonly type: string;
  readonly data: Uint8Array;
}

const SIGNATURE = Uint8Array.of(137, 80, 78, 71, 13, 10, 26, 10);

function readChunks(png: Uint8Array): Chunk[] {
  const view = new DataView(png.buffer, png.byteOffset, png.byteLength);
  const chunks: Chunk[] = [];
  for (let at = SIGNATURE.length; at < png.length;) {
    const size = view.getUint32(at);
    const type = String.fromCharCode(...png.subarray(at + 4, at + 8));
    chunks.push({ type, data: png.subarray(at + 8, at + 8 + size) });
    at += size + 12;
  }
  return chunks;
}

function writeChunk({ type, data }: Chunk): Uint8Array {
  const bytes = new Uint8Array(data.length + 12);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, data.length);
  bytes.set(new TextEncoder().encode(type), 4);
  bytes.set(data, 8);
  view.setUint32(data.length + 8, crc32(bytes.subarray(4, data.length + 8)));
  return bytes;
}

/** The animation, played for ever; viewers that do not know APNG show the first frame. */
export function animatedPng(frames: readonly Frame[]): Uint8Array {
  const all = frames.map((f) => readChunks(f.png));
  const header = all[0]!.find((c) => c.type === 'IHDR')!;
  const size = new DataView(header.data.buffer, header.data.byteOffset);
  const [width, height] = [size.getUint32(0), size.getUint32(4)];
  let sequence = 0;
  const numbers = (...values: readonly (readonly [bytes: 1 | 2 | 4, value: number])[]): Uint8Array => {
    const data = new Uint8Array(values.reduce((n, [b]) => n + b, 0));
    const view = new DataView(data.buffer);
    let at = 0;
    for (const [bytes, value] of values) {
      if (bytes === 4) view.setUint32(at, value);
      else if (bytes === 2) view.setUint16(at, value);
      else view.setUint8(at, value);
      at += bytes;
    }
    return data;
  };
  const chunks: Chunk[] = [header, { type: 'acTL', data: numbers([4, frames.length], [4, 0]) }];
  all.forEach((frame, i) => {
    const delay = frames[i]!.milliseconds;
    chunks.push({
      type: 'fcTL',
      data: numbers(
        [4, sequence++],
        [4, width],
        [4, height],
        [4, 0],
        [4, 0],
        [2, delay],
        [2, 1000],
        [1, 0],
        [1, 0],
      ),
    });
    for (const { type, data } of frame) {
      if (type !== 'IDAT') continue;
      if (i === 0) chunks.push({ type, data });
      else {
        const numbered = new Uint8Array(data.length + 4);
        new DataView(numbered.buffer).setUint32(0, sequence++);
        numbered.set(data, 4);
        chunks.push({ type: 'fdAT', data: numbered });
      }
    }
  });
  chunks.push({ type: 'IEND', data: new Uint8Array() });
  return Buffer.concat([SIGNATURE, ...chunks.map(writeChunk)]);
}
