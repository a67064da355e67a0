/** A decoded image: 8 bits a channel, rows top to bottom, no padding. */
export interface Image {
  readonly width: number;
  readonly height: number;
  /** 1 for gray, 3 for red, green, blue. */
  readonly channels: 1 | 3;
  /** height x width x channels bytes, channels innermost. */
  readonly data: Uint8Array;
}

/**
 * Gray from red, green and blue: ITU-R BT.601 luma (0.299, 0.587, 0.114) in 16-bit fixed point, rounded. The weights add
 * up to 65536, so that a gray pixel keeps its value exactly.
 */
export function toGray(image: Image): Image {
  if (image.channels === 1) return image;
  const pixels = image.width * image.height;
  const data = new Uint8Array(pixels);
  for (let i = 0; i < pixels; i++) {
    const [r, g, b] = [image.data[3 * i]!, image.data[3 * i + 1]!, image.data[3 * i + 2]!];
    data[i] = (r * 19595 + g * 38470 + b * 7471 + 32768) >> 16;
  }
  return { ...image, channels: 1, data };
}

/** Red, green and blue from gray: each channel is the gray value. */
export function toColor(image: Image): Image {
  if (image.channels === 3) return image;
  const pixels = image.width * image.height;
  const data = new Uint8Array(pixels * 3);
  for (let i = 0; i < pixels; i++) data.fill(image.data[i]!, 3 * i, 3 * i + 3);
  return { ...image, channels: 3, data };
}
