/** Begins a checksum. */
export const CHECKSUM_START = 0xffff;

/** CRC-16/CCITT-FALSE with one more byte: x^16 + x^12 + x^5 + 1. Over a frame and its own checksum, high byte first, it is 0. */
export function checksumWith(checksum: number, byte: number): number {
  let x = (checksum >> 8) ^ byte;
  x ^= x >> 4;
  return ((checksum << 8) ^ (x << 12) ^ (x << 5) ^ x) & 0xffff;
}
