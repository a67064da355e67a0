import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { readElf, type ElfFile } from '../../extension/toolchain/elf.ts';

/** Assembles (.S) or compiles (.c) and links with the real GNU toolchain; returns the ELF file's bytes. */
export function buildElf(
  sources: Readonly<Record<string, string>>,
  flags: readonly string[] = ['-Wl,-Ttext=0', '-Wl,-e,0'],
): Uint8Array {
  const directory = mkdtempSync(path.join(tmpdir(), 'glowport-elf-'));
  try {
    const files = Object.entries(sources).map(([name, text]) => {
      const file = path.join(directory, name);
      writeFileSync(file, text);
      return file;
    });
    const elf = path.join(directory, 'out.elf');
    const { status, stderr } = spawnSync(
      'arm-none-eabi-gcc',
      ['-mcpu=cortex-m0plus', '-mthumb', '-Os', '-nostdlib', '-ffreestanding', '-w',
        ...files.filter((f) => !f.endsWith('.ld')), ...files.filter((f) => f.endsWith('.ld')).map((f) => `-T${f}`),
        ...flags, '-lgcc', '-o', elf], // prettier-ignore
      { encoding: 'utf8' },
    );
    if (status !== 0) throw new Error(stderr);
    return readFileSync(elf);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** Assembly text at address 0. */
export function assemble(source: string): ElfFile {
  return readElf(buildElf({ 'test.S': `.syntax unified\n.cpu cortex-m0plus\n.thumb\n.text\n${source}\n` }));
}
