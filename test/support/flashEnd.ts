import { readFile } from 'node:fs/promises';
import type { BoardData } from '../../extension/board/catalogue.ts';
import { readElf } from '../../extension/toolchain/elf.ts';

/** Bytes from the start of a board's flash to the end of what a firmware stores in it. */
export async function flashEnd(elf: string, { flash }: BoardData): Promise<number> {
  const { segments } = readElf(new Uint8Array(await readFile(elf)));
  const stored = segments.map((s) => ({ start: s.physicalAddress - flash.origin, bytes: s.data.length }));
  return Math.max(
    ...stored.filter((s) => s.start >= 0 && s.start < flash.size).map((s) => s.start + s.bytes),
  );
}
