import { inflateSync } from 'node:zlib';
import { PNG } from 'pngjs';
import type { Image } from './image.ts';

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const IDAT = 0x49444154;
const TRNS = 0x74524e53;
/** What a chunk has beside its data: length, type, checksum. */
const CHUNK_FRAME = 12;
/** Of a pixel: 4 samples of 16 bits. */
const MAX_PIXEL_BYTES = 8;

/** Whether a file begins as every PNG does. */
export function isPng(bytes: Uint8Array): boolean {
  return SIGNATURE.every((byte, i) => bytes[i] === byte);
}

/**
 * Decodes a PNG whose IHDR chunk is whole and states a size that is taken. Transparency is left out: every pixel keeps the colour
 * that the file gives it.
 *
 * @throws Error in pngjs's or zlib's words
 */
export function decodePng(bytes: Uint8Array): Image {
  const isInterlaced = bytes[28] !== 0;
  if (isInterlaced) checkInflatedSize(bytes);
  const png = PNG.sync.read(withoutTransparency(bytes));
  const isGray = (bytes[25]! & 2) === 0; // IHDR colour type: bit 1 is colour
  return fromRgba(png.width, png.height, isGray, png.data);
}

/** An image as a PNG file of 8 bits a channel, gray or RGB as the image is. */
export function encodePng(image: Image): Uint8Array {
  const { width, height, channels, data } = image;
  const colorType = channels === 1 ? 0 : 2;
  const png = new PNG({ width, height, colorType, inputColorType: colorType, inputHasAlpha: false });
  png.data = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  return PNG.sync.write(png, { colorType, inputColorType: colorType, inputHasAlpha: false });
}

/** Whether a file is a PNG of exactly this size and kind already, 8 bits a channel and without alpha. */
export function isPlainPng(bytes: Uint8Array, width: number, height: number, channels: 1 | 3): boolean {
  if (bytes.length < 33 || !isPng(bytes)) return false;
  const v = view(bytes);
  // IHDR: width, height, bit depth, colour type (0 gray, 2 RGB)
  const isSize = v.getUint32(16) === width && v.getUint32(20) === height;
  return isSize && bytes[24] === 8 && bytes[25] === (channels === 1 ? 0 : 2);
}

/** pngjs makes pixels of a transparent colour black; it does not know them without the chunk that names the colour. */
function withoutTransparency(bytes: Uint8Array): Buffer {
  const kept: Uint8Array[] = [];
  let from = 0;
  for (const { type, at, end } of chunks(bytes)) {
    if (type !== TRNS) continue;
    kept.push(bytes.subarray(from, at));
    from = end;
  }
  return Buffer.concat([...kept, bytes.subarray(from)]);
}

/** pngjs inflates interlaced data without a bound; a few kilobytes could become gigabytes. */
function checkInflatedSize(bytes: Uint8Array): void {
  const parts: Uint8Array[] = [];
  for (const { type, at, end } of chunks(bytes)) {
    if (type === IDAT) parts.push(bytes.subarray(at + 8, end - 4));
  }
  const v = view(bytes);
  const [width, height] = [v.getUint32(16), v.getUint32(20)];
  // beside its pixels a row has a filter and a last byte begun; seven passes have less than 2 x height + 7 rows
  const maxOutputLength = MAX_PIXEL_BYTES * width * height + 2 * (2 * height + 7);
  inflateSync(Buffer.concat(parts), { maxOutputLength });
}

/** Chunks of a PNG: type, first byte, and the byte behind the checksum, which is beyond the file's end for one that is cut off. */
function* chunks(bytes: Uint8Array): Iterable<{ type: number; at: number; end: number }> {
  const v = view(bytes);
  for (let at = SIGNATURE.length; at + CHUNK_FRAME <= bytes.length;) {
    const end = at + CHUNK_FRAME + v.getUint32(at);
    yield { type: v.getUint32(at + 4), at, end };
    at = end;
  }
}

function fromRgba(width: number, height: number, isGray: boolean, rgba: Uint8Array): Image {
  const pixels = width * height;
  const channels = isGray ? 1 : 3;
  const data = new Uint8Array(pixels * channels);
  for (let i = 0; i < pixels; i++) {
    for (let c = 0; c < channels; c++) data[i * channels + c] = rgba[4 * i + c]!;
  }
  return { width, height, channels, data };
}

function view(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
