import { crc32 } from '../../../extension/common/zip/crc32.ts';

const FIRST_CHUNK = 8;

/** A PNG with the checksums that its chunks ask for; what is none stays as it is. */
export function withTrueChecksums(bytes: Uint8Array): Uint8Array {
  if (bytes[0] !== 0x89 || bytes[1] !== 0x50) return bytes;
  const file = Buffer.from(bytes);
  for (let at = FIRST_CHUNK; at + 12 <= file.length;) {
    const length = file.readUInt32BE(at);
    const end = at + 8 + length;
    if (end + 4 > file.length) break;
    file.writeUInt32BE(crc32(file.subarray(at + 4, end)), end);
    at = end + 4;
  }
  return file;
}
