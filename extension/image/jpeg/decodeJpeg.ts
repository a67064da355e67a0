import { say } from '../../common/errors/sentence.ts';
import { corrupt, Damaged } from '../damaged.ts';
import type { Image } from '../image.ts';
import { inverseDct } from './inverseDct.ts';
import { drawsAgain, type JpegFile } from './jpegFile.ts';
import { coefficientsOfScan, decodeScan } from './scan.ts';
import { type FullRows, upsample } from './upsample.ts';
import { rgbOf } from './ycc.ts';
import { COEFFICIENTS } from './zigzag.ts';

/**
 * Coefficients that a JPEG's scans go over at most: four times those of the largest picture in the usual progression, in three
 * colours of full size. It takes seconds.
 */
const MAX_VISITS = 2 ** 29;

/**
 * Decodes a JPEG to the very pixels that libjpeg and libjpeg-turbo give by default, with which networks are trained: one
 * component as gray, three as colour. (A progressive picture that ends before its last scans is drawn as it is; libjpeg
 * smooths it.)
 *
 * @param file what readJpegFile found in `bytes`
 * @throws Damaged
 */
export function decodeJpeg(bytes: Uint8Array, file: JpegFile): Image {
  const { frame, scans } = file;
  const { width, height, components } = frame;
  if (components.length !== 1 && components.length !== 3)
    throw new Damaged(say`it has ${components.length} colour components (CMYK)`);
  const visits = scans.reduce((sum, scan) => sum + coefficientsOfScan(frame, scan), 0);
  if (visits > MAX_VISITS) throw drawsAgain();

  const coefficients = components.map(
    ({ mcuColumns, mcuRows }) => new Int16Array(mcuColumns * mcuRows * COEFFICIENTS),
  );
  for (const scan of scans) decodeScan(bytes, frame, scan, coefficients);
  const rows = components.map((component, i): FullRows => {
    const steps = file.quantization[i];
    if (!steps) throw corrupt();
    return upsample(frame, component, inverseDct(component, coefficients[i]!, steps));
  });

  const channels = components.length;
  const data = new Uint8Array(width * height * channels);
  for (let y = 0; y < height; y++) {
    const row = data.subarray(y * width * channels, (y + 1) * width * channels);
    const [first, second, third] = rows.map((component) => component(y));
    if (!second || !third) row.set(first!.subarray(0, width));
    else if (file.isRgb) interleave(row, first!, second, third);
    else rgbOf(row, first!, second, third);
  }
  return { width, height, channels, data };
}

function interleave(out: Uint8Array, red: Uint8Array, green: Uint8Array, blue: Uint8Array): void {
  for (let x = 0, to = 0; to < out.length; x++) {
    out[to++] = red[x]!;
    out[to++] = green[x]!;
    out[to++] = blue[x]!;
  }
}
