/** Fractional bits of the factors. */
const BITS = 16;
const HALF = 1 << (BITS - 1);
const CENTRE = 128;

const fixed = (factor: number): number => Math.round(factor * (1 << BITS));

/** What Cb and Cr add to luma, by their value (JFIF 1.02, from ITU-R BT.601). Green's two halves are added before they are rounded. */
const table = (factor: number, rounding: number): Int32Array =>
  Int32Array.from({ length: 256 }, (_, value) => fixed(factor) * (value - CENTRE) + rounding);
const redOfCr = table(1.402, HALF).map((sum) => sum >> BITS);
const blueOfCb = table(1.772, HALF).map((sum) => sum >> BITS);
const greenOfCb = table(-0.34414, HALF);
const greenOfCr = table(-0.71414, 0);

/** A row of red, green, blue from one of luma and chroma, with the rounding of libjpeg's tables. */
export function rgbOf(out: Uint8Array, luma: Uint8Array, cb: Uint8Array, cr: Uint8Array): void {
  for (let x = 0, to = 0; to < out.length; x++) {
    const y = luma[x]!;
    out[to++] = byte(y + redOfCr[cr[x]!]!);
    out[to++] = byte(y + ((greenOfCb[cb[x]!]! + greenOfCr[cr[x]!]!) >> BITS));
    out[to++] = byte(y + blueOfCb[cb[x]!]!);
  }
}

function byte(value: number): number {
  return value < 0 ? 0 : value > 255 ? 255 : value;
}
