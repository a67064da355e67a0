/** Coefficients of a block. */
export const COEFFICIENTS = 64;

/** Place in a block, row by row, of each coefficient in the order of a file: to and fro along the diagonals (T.81, figure A.6). */
export const ZIGZAG: Uint8Array = zigzag();

function zigzag(): Uint8Array {
  const places = Array.from({ length: COEFFICIENTS }, (_, place) => place);
  const diagonal = (place: number): number => (place >> 3) + (place & 7);
  // odd diagonals go down, from small places to large ones, even ones up
  const along = (place: number): number => (diagonal(place) % 2 === 1 ? place : -place);
  return Uint8Array.from(places.sort((a, b) => diagonal(a) - diagonal(b) || along(a) - along(b)));
}
