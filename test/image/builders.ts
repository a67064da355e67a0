import { deflateSync } from 'node:zlib';

/** CRC of PNG chunks (zlib.crc32 came with Node 20.15 only). */
function crc32(bytes: Uint8Array): number {
  let crc = ~0;
  for (const b of bytes) {
    crc ^= b;
    for (let k = 0; k < 8; k++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}

/** One chunk of a PNG, with its checksum. */
export function chunk(type: string, data: Uint8Array): Buffer {
  const out = Buffer.alloc(12 + data.length);
  out.writeUInt32BE(data.length, 0);
  out.write(type, 4, 'latin1');
  out.set(data, 8);
  out.writeUInt32BE(crc32(out.subarray(4, 8 + data.length)), 8 + data.length);
  return out;
}

export interface PngParts {
  width: number;
  height: number;
  depth: number;
  colorType: number;
  interlace?: number;
  palette?: number[];
  transparency?: number[];
  /** Scanlines without their filter byte. */
  rows: number[][];
}

/** A PNG written here from the specification, so that the library is not its own judge. */
export function png(p: PngParts): Uint8Array {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(p.width, 0);
  header.writeUInt32BE(p.height, 4);
  header.set([p.depth, p.colorType, 0, 0, p.interlace ?? 0], 8);
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    ...(p.palette ? [chunk('PLTE', Uint8Array.from(p.palette))] : []),
    ...(p.transparency ? [chunk('tRNS', Uint8Array.from(p.transparency))] : []),
    chunk('IDAT', deflateSync(Uint8Array.from(p.rows.flatMap((r) => [0, ...r])))),
    chunk('IEND', new Uint8Array()),
  ]);
}

export interface BmpParts {
  width: number;
  height: number; // negative: top-down
  bits: number;
  palette?: number[][]; // red, green, blue
  rows: number[][]; // in the file's order, unpadded
  core?: boolean;
  compression?: number;
  masks?: number[];
}

/** A BMP, written here too. */
export function bmp(p: BmpParts): Uint8Array {
  const head = Buffer.alloc(14);
  const info = Buffer.alloc(p.core ? 12 : 40);
  info.writeUInt32LE(info.length, 0);
  if (p.core) {
    info.writeUInt16LE(p.width, 4);
    info.writeUInt16LE(p.height, 6);
    info.writeUInt16LE(1, 8);
    info.writeUInt16LE(p.bits, 10);
  } else {
    info.writeInt32LE(p.width, 4);
    info.writeInt32LE(p.height, 8);
    info.writeUInt16LE(1, 12);
    info.writeUInt16LE(p.bits, 14);
    info.writeUInt32LE(p.compression ?? 0, 16);
    info.writeUInt32LE(p.palette?.length ?? 0, 32);
  }
  const masks = Buffer.alloc(4 * (p.masks?.length ?? 0));
  p.masks?.forEach((m, i) => masks.writeUInt32LE(m, 4 * i));
  const palette = Uint8Array.from(
    (p.palette ?? []).flatMap(([r = 0, g = 0, b = 0]) => (p.core ? [b, g, r] : [b, g, r, 0])),
  );
  const pixels = Uint8Array.from(
    p.rows.flatMap((r) => [...r, ...Array<number>((4 - (r.length % 4)) % 4).fill(0xee)]),
  );
  head.write('BM', 0, 'latin1');
  head.writeUInt32LE(14 + info.length + masks.length + palette.length, 10);
  return Buffer.concat([head, info, masks, palette, pixels]);
}
