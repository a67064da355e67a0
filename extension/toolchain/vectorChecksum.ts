import { readElf } from './elf.ts';

/** Vectors that the checksum covers, and the one that holds it. */
const COVERED = 7;

/**
 * A copy of a firmware ELF whose vector 7 holds the two's complement of the sum of vectors 0 to 6: the boot ROM of LPC parts
 * starts no other image. The SDK's startup code leaves it to the flash tool (UM11029, "Criterion for Valid User Code").
 * @throws UserError `input` when the file is no ELF file
 */
export function withVectorChecksum(elf: Uint8Array): Uint8Array {
  const copy = Uint8Array.from(elf);
  const segment = readElf(copy).segments.find(
    (s) => s.physicalAddress === 0 && s.data.length >= 4 * (COVERED + 1),
  );
  if (!segment) throw new Error('no vector table at address 0');
  // a view into the copy
  const { buffer, byteOffset, byteLength } = segment.data;
  const vectors = new DataView(buffer, byteOffset, byteLength);
  vectors.setUint32(4 * COVERED, vectorChecksum(vectors), true);
  return copy;
}

/** What vector 7 must be. */
export function vectorChecksum(vectors: DataView): number {
  let sum = 0;
  for (let i = 0; i < COVERED; i++) sum = (sum + vectors.getUint32(4 * i, true)) >>> 0;
  return -sum >>> 0;
}
