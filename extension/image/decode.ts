import { inflateSync } from 'node:zlib';
import jpeg from 'jpeg-js';
import { PNG } from 'pngjs';
import { UserError } from '../common/error.ts';
import { say, type Sentence, type Value } from '../common/errors/sentence.ts';
import { decodeBmp } from './bmp.ts';
import { Damaged } from './damaged.ts';
import type { Image } from './image.ts';

/** Largest width and height taken; checked in the file's header, before anything is decoded. */
const MAX_SIDE = 4096;
/** Largest image file taken, in bytes: a 4096 x 4096 BMP of 32 bits, and a little. */
export const MAX_FILE_BYTES = MAX_SIDE * MAX_SIDE * 4 + 65536;

/** Blocks of 8 x 8 that a JPEG's scans visit at most: every one of the largest picture 80 times, in three colours. */
const MAX_JPEG_BLOCKS = 2 ** 26;

type Format = 'PNG' | 'JPEG' | 'BMP';

/**
 * Decodes a PNG (any bit depth and colour type), JPEG (baseline or progressive, gray or colour) or BMP (1, 4, 8, 24, 32
 * bit). Alpha is dropped, as the SDK's image script does; EXIF rotation is ignored; 16-bit samples are scaled to 8.
 *
 * @param fileName used in error sentences only
 * @throws UserError `input` for another format, a damaged or truncated file, or one larger than 4096 x 4096
 */
export function decodeImage(bytes: Uint8Array, fileName: string): Image {
  const format = formatOf(bytes);
  if (!format) {
    throw new UserError(
      'input',
      say`${fileName} is not a PNG, JPEG or BMP image.`,
      say`Convert it to one of these formats.`,
    );
  }
  if (bytes.length > MAX_FILE_BYTES) throw tooLarge(fileName, say`${bytes.length} bytes`);
  try {
    const size = sizes[format](bytes);
    if (size.width < 1 || size.height < 1) throw new Damaged(say`its header states an empty image`);
    if (size.width > MAX_SIDE || size.height > MAX_SIDE)
      throw tooLarge(fileName, say`${size.width} x ${size.height}`);
    return decoders[format](bytes);
  } catch (e) {
    if (e instanceof UserError) throw e;
    throw new UserError(
      'input',
      say`${fileName} is a damaged or unsupported ${format} image: ${reason(e)}.`,
      say`Save it again, for example as an 8-bit PNG.`,
    );
  }
}

function tooLarge(fileName: string, size: Sentence): UserError {
  return new UserError(
    'input',
    say`${fileName} is too large (${size}).`,
    say`Images may have up to ${MAX_SIDE} x ${MAX_SIDE} pixels.`,
  );
}

/** Why, as the end of a sentence. Libraries trip over garbage in their own words; those help nobody. */
function reason(e: unknown): Value {
  return e instanceof Damaged ? e.why : say`its data ends early or is corrupt`;
}

function formatOf(b: Uint8Array): Format | undefined {
  if (b.length >= 8 && PNG_SIGNATURE.every((v, i) => b[i] === v)) return 'PNG';
  if (b.length >= 3 && b[0] === 0xff && b[1] === 0xd8 && b[2] === 0xff) return 'JPEG';
  if (b.length >= 2 && b[0] === 0x42 && b[1] === 0x4d) return 'BMP';
  return undefined;
}

const PNG_SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

interface Size {
  readonly width: number;
  readonly height: number;
}

const sizes: Record<Format, (bytes: Uint8Array) => Size> = {
  PNG: (bytes) => {
    const v = view(bytes);
    if (bytes.length < 33 || v.getUint32(12) !== 0x49484452) throw new Damaged(say`it has no IHDR chunk`);
    return { width: v.getUint32(16), height: v.getUint32(20) };
  },
  JPEG: (bytes) => jpegFrame(bytes),
  BMP: (bytes) => {
    const v = view(bytes);
    if (bytes.length < 26) throw new Damaged(say`its header ends early`);
    if (v.getUint32(14, true) === 12) return { width: v.getUint16(18, true), height: v.getUint16(20, true) };
    return { width: v.getInt32(18, true), height: Math.abs(v.getInt32(22, true)) };
  },
};

const decoders: Record<Format, (bytes: Uint8Array) => Image> = {
  PNG: decodePng,
  JPEG: decodeJpeg,
  BMP: decodeBmp,
};

function decodePng(bytes: Uint8Array): Image {
  const interlaced = bytes[28] !== 0;
  if (interlaced) checkInflatedSize(bytes);
  const png = PNG.sync.read(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length));
  const gray = (bytes[25]! & 2) === 0; // IHDR colour type: bit 1 is colour
  return fromRgba(png.width, png.height, gray, png.data);
}

/** pngjs inflates interlaced data without a bound; a few kilobytes could become gigabytes. */
function checkInflatedSize(bytes: Uint8Array): void {
  const v = view(bytes);
  const parts: Uint8Array[] = [];
  for (let at = 8; at + 12 <= bytes.length;) {
    const length = v.getUint32(at);
    if (v.getUint32(at + 4) === 0x49444154) parts.push(bytes.subarray(at + 8, at + 8 + length));
    at += 12 + length;
  }
  inflateSync(Buffer.concat(parts), { maxOutputLength: MAX_FILE_BYTES * 2 + MAX_SIDE * 16 });
}

function decodeJpeg(bytes: Uint8Array): Image {
  const { width, height, components } = jpegFrame(bytes);
  if (components !== 1 && components !== 3)
    throw new Damaged(say`it has ${components} colour components (CMYK)`);
  if (mostBlocksDecoded(bytes, width, height) > MAX_JPEG_BLOCKS)
    throw new Damaged(say`it draws its picture over and over again`);
  // a second frame, larger than the one in the header, is not drawn
  const maxResolutionInMP = (width * height + 1) / 1e6;
  const rgba = jpeg.decode(bytes, { useTArray: true, tolerantDecoding: false, maxResolutionInMP });
  return fromRgba(rgba.width, rgba.height, components === 1, rgba.data);
}

/**
 * How many blocks of 8 x 8 the scans of a JPEG visit at most; a progressive one visits each several times. Whatever could
 * begin a scan counts, for a decoder that skips damage may take it for one.
 */
function mostBlocksDecoded(bytes: Uint8Array, width: number, height: number): number {
  // an MCU has up to 15 x 15 blocks of a component, and the picture is filled up to whole ones
  const blocks = (Math.ceil(width / 8) + 14) * (Math.ceil(height / 8) + 14);
  let visited = 0;
  for (let at = bytes.indexOf(0xff); at >= 0; at = bytes.indexOf(0xff, at + 1)) {
    const isScan = bytes[at + 1] === 0xda;
    // behind marker and length: the number of components in the scan
    if (isScan) visited += blocks * (bytes[at + 4] ?? 0);
  }
  return visited;
}

/** Walks a JPEG's segments to the frame header (SOFn), which states size and number of components. */
function jpegFrame(bytes: Uint8Array): Size & { components: number } {
  const v = view(bytes);
  for (let at = 2; at + 4 <= bytes.length;) {
    if (bytes[at] !== 0xff) throw new Damaged(say`a marker is missing`);
    const marker = bytes[at + 1]!;
    if (marker === 0xff) {
      at++; // fill byte
      continue;
    }
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame) {
      if (at + 10 > bytes.length) break;
      return { height: v.getUint16(at + 5), width: v.getUint16(at + 7), components: bytes[at + 9]! };
    }
    if (marker === 0xd9 || marker === 0xda) break;
    at += 2 + v.getUint16(at + 2);
  }
  throw new Damaged(say`it has no frame header`);
}

function fromRgba(width: number, height: number, gray: boolean, rgba: Uint8Array): Image {
  const pixels = width * height;
  const channels = gray ? 1 : 3;
  const data = new Uint8Array(pixels * channels);
  for (let i = 0; i < pixels; i++) {
    for (let c = 0; c < channels; c++) data[i * channels + c] = rgba[4 * i + c]!;
  }
  return { width, height, channels, data };
}

function view(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
