/** From a drawing to the few pixels a model takes. Pure: no DOM. */

export interface Gray {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** How much of the picture a centred drawing fills: MNIST's digits are 20 of 28 pixels (LeCun's page of the data set). */
const FILL = 20 / 28;
/** MNIST's centres of mass are rounded to pixel 14 of 0..27, half a pixel right of and below the middle. */
const OFF_CENTRE = 0.5 / 28;
/** Darker than this is no ink. */
const INK = 16;

/** The picture in another size, each pixel the mean of the area it covers. */
export function toPixels(picture: Gray, width: number, height: number): Gray {
  return sample(picture, { x: 0, y: 0, width: picture.width, height: picture.height }, width, height);
}

/**
 * The drawing as MNIST's digits are placed: its ink scaled to fill 20/28 of the picture in the longer direction, its
 * centre of mass in the middle pixel.
 */
export function centred(picture: Gray, width: number, height: number): Gray {
  const ink = inkOf(picture);
  if (!ink) return toPixels(picture, width, height);
  const scale = Math.max(ink.box.width / (width * FILL), ink.box.height / (height * FILL));
  const size = { width: width * scale, height: height * scale };
  const x = ink.x - size.width * (0.5 + OFF_CENTRE);
  const y = ink.y - size.height * (0.5 + OFF_CENTRE);
  return sample(picture, { x, y, ...size }, width, height);
}

interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Bounding box and centre of mass of the ink; undefined for an empty picture. */
function inkOf({ width, height, data }: Gray): { box: Rectangle; x: number; y: number } | undefined {
  let [left, right, top, bottom, mass, sumX, sumY] = [width, -1, height, -1, 0, 0, 0];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const v = data[y * width + x]!;
      if (v < INK) continue;
      left = Math.min(left, x);
      right = Math.max(right, x);
      top = Math.min(top, y);
      bottom = Math.max(bottom, y);
      mass += v;
      sumX += v * (x + 0.5);
      sumY += v * (y + 0.5);
    }
  }
  if (mass === 0) return undefined;
  const box = { x: left, y: top, width: right - left + 1, height: bottom - top + 1 };
  return { box, x: sumX / mass, y: sumY / mass };
}

/** Area mean of a rectangle of the picture (black outside of it), by a sum over pixels weighted with their overlap. */
function sample({ width: w, height: h, data }: Gray, from: Rectangle, width: number, height: number): Gray {
  const out = new Uint8Array(width * height);
  const stepX = from.width / width;
  const stepY = from.height / height;
  for (let y = 0; y < height; y++) {
    const y0 = from.y + y * stepY;
    const y1 = y0 + stepY;
    for (let x = 0; x < width; x++) {
      const x0 = from.x + x * stepX;
      const x1 = x0 + stepX;
      let sum = 0;
      for (let sy = Math.max(0, Math.floor(y0)); sy < Math.min(h, Math.ceil(y1)); sy++) {
        const overlapY = Math.min(y1, sy + 1) - Math.max(y0, sy);
        for (let sx = Math.max(0, Math.floor(x0)); sx < Math.min(w, Math.ceil(x1)); sx++) {
          sum += data[sy * w + sx]! * overlapY * (Math.min(x1, sx + 1) - Math.max(x0, sx));
        }
      }
      out[y * width + x] = Math.round(sum / (stepX * stepY));
    }
  }
  return { width, height, data: out };
}
