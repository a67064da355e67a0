import { readdirSync, readFileSync } from 'node:fs';
import { bmp, png } from '../../image/builders.ts';
import { Random } from '../../support/random.ts';

const WIDTH = 7;
const HEIGHT = 5;
/** PNG: samples a pixel of each colour type, and the depths that it has. */
const PNG_KINDS = [
  { colorType: 0, samples: 1, depths: [1, 2, 4, 8, 16] },
  { colorType: 2, samples: 3, depths: [8, 16] },
  { colorType: 3, samples: 1, depths: [1, 2, 4, 8] },
  { colorType: 4, samples: 2, depths: [8, 16] },
  { colorType: 6, samples: 4, depths: [8, 16] },
];
const BMP_BITS = [1, 4, 8, 24, 32];

/** Small valid pictures of every kind that is read. */
export function validPictures(): Uint8Array[] {
  return [...pngs(), ...jpegs(), ...bmps()];
}

function pngs(): Uint8Array[] {
  return PNG_KINDS.flatMap(({ colorType, samples, depths }) =>
    depths.map((depth) =>
      png({
        width: WIDTH,
        height: HEIGHT,
        depth,
        colorType,
        rows: rowsOf(Math.ceil((WIDTH * samples * depth) / 8)),
        ...(colorType === 3 ? { palette: bytesOf(3 * 2 ** depth) } : {}),
        ...(colorType <= 3 ? { transparency: bytesOf(2 * samples) } : {}),
      }),
    ),
  );
}

function jpegs(): Uint8Array[] {
  const folder = new URL('../../image/fixtures/', import.meta.url);
  const names = readdirSync(folder).filter((name) => name.endsWith('.jpg'));
  return names.map((name) => new Uint8Array(readFileSync(new URL(name, folder))));
}

function bmps(): Uint8Array[] {
  return BMP_BITS.flatMap((bits) =>
    [false, true].map((core) =>
      bmp({
        width: WIDTH,
        height: core ? HEIGHT : -HEIGHT,
        bits,
        core,
        rows: rowsOf(Math.ceil((WIDTH * bits) / 8)),
        ...(bits <= 8 ? { palette: Array.from({ length: 2 ** bits }, () => bytesOf(3)) } : {}),
      }),
    ),
  );
}

function rowsOf(bytes: number): number[][] {
  return Array.from({ length: HEIGHT }, (_, y) => bytesOf(bytes, y + 1));
}

function bytesOf(count: number, seed = 1): number[] {
  const random = new Random(seed);
  return Array.from({ length: count }, () => random.int(0, 255));
}
