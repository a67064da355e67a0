/** What formats look at in a file's first bytes. */

/** The bytes of a range as characters of Latin-1. */
export function latin1(bytes: Uint8Array, from: number, to: number): string {
  return Buffer.from(bytes.subarray(from, to)).toString('latin1');
}

/** Name of the first file in a zip file; undefined when the bytes are no start of one, or the name is cut off. */
export function firstInZip(start: Uint8Array): string | undefined {
  const nameAt = 30;
  if (latin1(start, 0, 4) !== 'PK\x03\x04' || start.length < nameAt) return undefined;
  const end = nameAt + start[26]! + 256 * start[27]!;
  return end <= start.length ? latin1(start, nameAt, end) : undefined;
}
