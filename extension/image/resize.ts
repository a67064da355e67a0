import type { Image } from './image.ts';

/**
 * Scales an image. Shrinking averages over the area each new pixel covers, growing interpolates linearly between pixel
 * centres; each axis by its own rule. Sides are the caller's to bound.
 */
export function resizeImage(image: Image, width: number, height: number): Image {
  if (image.width === width && image.height === height) return image;
  const { channels } = image;
  const columns = taps(image.width, width);
  const rows = taps(image.height, height);

  const wide = new Float64Array(image.height * width * channels);
  for (let y = 0; y < image.height; y++) {
    for (let x = 0; x < width; x++) {
      const { start, weights } = columns[x]!;
      for (let c = 0; c < channels; c++) {
        let sum = 0;
        for (let k = 0; k < weights.length; k++) {
          sum += weights[k]! * image.data[(y * image.width + start + k) * channels + c]!;
        }
        wide[(y * width + x) * channels + c] = sum;
      }
    }
  }
  const data = new Uint8Array(height * width * channels);
  const line = width * channels;
  for (let y = 0; y < height; y++) {
    const { start, weights } = rows[y]!;
    for (let i = 0; i < line; i++) {
      let sum = 0;
      for (let k = 0; k < weights.length; k++) sum += weights[k]! * wide[(start + k) * line + i]!;
      data[y * line + i] = Math.min(255, Math.max(0, Math.round(sum)));
    }
  }
  return { width, height, channels, data };
}

interface Taps {
  /** First source pixel. */
  readonly start: number;
  /** Weights of consecutive source pixels; they add up to 1. */
  readonly weights: readonly number[];
}

function taps(from: number, to: number): Taps[] {
  const ratio = from / to;
  return Array.from({ length: to }, (_, i) => {
    if (to < from) {
      const begin = i * ratio;
      const end = Math.min(from, begin + ratio);
      const start = Math.floor(begin);
      const last = Math.min(from, Math.ceil(end - 1e-9));
      return {
        start,
        weights: Array.from(
          { length: last - start },
          (_, k) => (Math.min(end, start + k + 1) - Math.max(begin, start + k)) / (end - begin),
        ),
      };
    }
    const centre = Math.min(from - 1, Math.max(0, (i + 0.5) * ratio - 0.5));
    const start = Math.floor(centre);
    const f = centre - start;
    return { start, weights: f > 0 ? [1 - f, f] : [1] };
  });
}
