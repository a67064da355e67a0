import { UserError } from '../common/error.ts';
import { say, type Sentence, type Value } from '../common/errors/sentence.ts';
import { decodeBmp } from './bmp.ts';
import { Damaged } from './damaged.ts';
import type { Image } from './image.ts';
import { decodeJpeg } from './jpeg/decodeJpeg.ts';
import { readJpegFile } from './jpeg/jpegFile.ts';
import { decodePng, isPng } from './png.ts';

/** Largest width and height taken; checked in the file's header, before anything is decoded. */
const MAX_SIDE = 4096;
/** Largest image file taken, in bytes: a 4096 x 4096 BMP of 32 bits, and a little. */
export const MAX_FILE_BYTES = MAX_SIDE * MAX_SIDE * 4 + 65536;

type Format = 'PNG' | 'JPEG' | 'BMP';

/**
 * Decodes a PNG (any bit depth and colour type), JPEG (baseline or progressive, gray or colour) or BMP (1, 4, 8, 24, 32
 * bit). Alpha and transparent colours are dropped, as the SDK's image script does; EXIF rotation is ignored; 16-bit samples
 * are scaled to 8.
 *
 * @param fileName used in error sentences only
 * @throws UserError `input` for another format, a damaged or truncated file, or one larger than 4096 x 4096
 */
export function decodeImage(bytes: Uint8Array, fileName: string): Image {
  return opened(bytes, fileName, ({ decode }) => decode());
}

/** Width and height of a picture, as its header states them. @throws UserError `input` as `decodeImage` does, but for what only its pixels tell */
export function imageSize(bytes: Uint8Array, fileName: string): Pick<Image, 'width' | 'height'> {
  return opened(bytes, fileName, ({ width, height }) => ({ width, height }));
}

function opened<T>(bytes: Uint8Array, fileName: string, use: (picture: Opened) => T): T {
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
    const picture = openers[format](bytes);
    const { width, height } = picture;
    if (width < 1 || height < 1) throw new Damaged(say`its header states an empty image`);
    if (width > MAX_SIDE || height > MAX_SIDE) throw tooLarge(fileName, say`${width} x ${height}`);
    return use(picture);
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
  if (isPng(b)) return 'PNG';
  if (b.length >= 3 && b[0] === 0xff && b[1] === 0xd8 && b[2] === 0xff) return 'JPEG';
  if (b.length >= 2 && b[0] === 0x42 && b[1] === 0x4d) return 'BMP';
  return undefined;
}

/** A picture of which only the header is read. */
interface Opened {
  readonly width: number;
  readonly height: number;
  readonly decode: () => Image;
}

const openers: Record<Format, (bytes: Uint8Array) => Opened> = {
  PNG: (bytes) => {
    const v = view(bytes);
    if (bytes.length < 33 || v.getUint32(12) !== 0x49484452) throw new Damaged(say`it has no IHDR chunk`);
    return { width: v.getUint32(16), height: v.getUint32(20), decode: () => decodePng(bytes) };
  },
  JPEG: (bytes) => {
    const file = readJpegFile(bytes);
    const { width, height } = file.frame;
    return { width, height, decode: () => decodeJpeg(bytes, file) };
  },
  BMP: (bytes) => {
    const v = view(bytes);
    if (bytes.length < 26) throw new Damaged(say`its header ends early`);
    const isCore = v.getUint32(14, true) === 12;
    const width = isCore ? v.getUint16(18, true) : v.getInt32(18, true);
    const height = isCore ? v.getUint16(20, true) : Math.abs(v.getInt32(22, true));
    return { width, height, decode: () => decodeBmp(bytes) };
  },
};

function view(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
