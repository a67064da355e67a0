import { say } from '../common/errors/sentence.ts';
import { Damaged } from './damaged.ts';
import type { Image } from './image.ts';

const BI_RGB = 0;
const BI_BITFIELDS = 3;

/**
 * Decodes an uncompressed Windows bitmap: 1, 4, 8 (palette), 24 and 32 bits a pixel, rows bottom-up or top-down. The
 * result is gray when the palette is. Layout: BITMAPFILEHEADER, BITMAPCOREHEADER or BITMAPINFOHEADER and later.
 *
 * @throws Damaged
 */
export function decodeBmp(bytes: Uint8Array): Image {
  const v = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 26) throw new Damaged(say`its header ends early`);
  const dataOffset = v.getUint32(10, true);
  const headerSize = v.getUint32(14, true);
  const core = headerSize === 12;
  if (!core && (headerSize < 40 || bytes.length < 14 + 40))
    throw new Damaged(say`its header is of an unknown kind`);
  const width = core ? v.getUint16(18, true) : v.getInt32(18, true);
  const signedHeight = core ? v.getUint16(20, true) : v.getInt32(22, true);
  const height = Math.abs(signedHeight);
  const bits = v.getUint16(core ? 24 : 28, true);
  const compression = core ? BI_RGB : v.getUint32(30, true);

  if (![1, 4, 8, 24, 32].includes(bits)) throw new Damaged(say`${bits} bits a pixel are not supported`);
  if (compression === BI_BITFIELDS) requireUsualMasks(v, bytes.length, bits);
  else if (compression !== BI_RGB) throw new Damaged(say`compressed bitmaps are not supported`);

  const stride = Math.ceil((width * bits) / 32) * 4;
  if (dataOffset + stride * height > bytes.length) throw new Damaged(say`its pixels end early`);
  const row = (y: number): number => dataOffset + (signedHeight < 0 ? y : height - 1 - y) * stride;

  if (bits > 8) {
    const data = new Uint8Array(width * height * 3);
    const step = bits / 8;
    for (let y = 0, to = 0; y < height; y++) {
      for (let x = 0, from = row(y); x < width; x++, from += step) {
        data[to++] = bytes[from + 2]!; // stored blue, green, red
        data[to++] = bytes[from + 1]!;
        data[to++] = bytes[from]!;
      }
    }
    return { width, height, channels: 3, data };
  }

  const used = core ? 0 : v.getUint32(46, true);
  const entries = used > 0 && used <= 1 << bits ? used : 1 << bits;
  const entrySize = core ? 3 : 4;
  const palette = 14 + headerSize;
  if (palette + entries * entrySize > bytes.length) throw new Damaged(say`its palette ends early`);
  const isGray = Array.from({ length: entries }, (_, i) => palette + i * entrySize).every(
    (p) => bytes[p] === bytes[p + 1] && bytes[p] === bytes[p + 2],
  );
  const channels = isGray ? 1 : 3;
  const data = new Uint8Array(width * height * channels);
  for (let y = 0, to = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const bit = x * bits;
      const index = (bytes[row(y) + (bit >> 3)]! >> (8 - bits - (bit & 7))) & ((1 << bits) - 1);
      if (index >= entries) throw new Damaged(say`a pixel names colour ${index} of ${entries}`);
      const p = palette + index * entrySize;
      for (let c = channels - 1; c >= 0; c--) data[to++] = bytes[p + c]!;
    }
  }
  return { width, height, channels, data };
}

/** 32-bit bitmaps with BI_BITFIELDS are common, practically always in the usual order. */
function requireUsualMasks(v: DataView, length: number, bits: number): void {
  const usual =
    bits === 32 &&
    length >= 66 &&
    v.getUint32(54, true) === 0xff0000 &&
    v.getUint32(58, true) === 0xff00 &&
    v.getUint32(62, true) === 0xff;
  if (!usual) throw new Damaged(say`its colour masks are not supported`);
}
