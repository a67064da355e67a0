import { PNG } from 'pngjs';
import type { Image } from './image.ts';

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
  const signature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
  if (bytes.length < 33 || signature.some((b, i) => bytes[i] !== b)) return false;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  // IHDR: width, height, bit depth, colour type (0 gray, 2 RGB)
  const isSize = view.getUint32(16) === width && view.getUint32(20) === height;
  return isSize && bytes[24] === 8 && bytes[25] === (channels === 1 ? 0 : 2);
}
