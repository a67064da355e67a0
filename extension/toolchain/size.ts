import type { ElfFile } from './elf.ts';
import { SECTION_TYPE } from './elf.ts';

export interface FirmwareSize {
  /** Bytes stored in flash: code, constants and the initial values of variables (`text + data` of GNU size). */
  readonly flashBytes: number;
  /** Bytes of RAM that the firmware reserves: variables and stack (`data + bss` of GNU size). */
  readonly ramBytes: number;
  /** The part of ramBytes that is reserved for the stack; 0 when the linker script has no such section. */
  readonly stackBytes: number;
}

/** Flash and RAM of a linked firmware. */
export function firmwareSize(elf: ElfFile): FirmwareSize {
  let flashBytes = 0;
  let ramBytes = 0;
  let stackBytes = 0;
  for (const section of elf.sections) {
    if (!section.allocated) continue;
    if (section.type !== SECTION_TYPE.nobits) flashBytes += section.size;
    if (section.writable) ramBytes += section.size;
    if (section.name === '.stack') stackBytes += section.size;
  }
  return { flashBytes, ramBytes, stackBytes };
}

/**
 * Bytes from the start of flash to the last one stored there, with the gaps between, and the initial values of variables: what
 * of a flash a firmware uses up.
 */
export function flashExtent(elf: ElfFile, flash: { readonly origin: number; readonly size: number }): number {
  const stored = elf.sections.filter((s) => s.allocated && s.type !== SECTION_TYPE.nobits && s.size > 0);
  const inFlash = stored.filter((s) => s.address >= flash.origin && s.address < flash.origin + flash.size);
  const data = stored.filter((s) => !inFlash.includes(s)).reduce((sum, s) => sum + s.size, 0);
  return inFlash.reduce((end, s) => Math.max(end, s.address + s.size - flash.origin), 0) + data;
}

/** Flash and RAM that a relocatable object (NAME.o) brings into a firmware when all of it is linked. */
export function objectSize(elf: ElfFile): { codeBytes: number; constantBytes: number; ramBytes: number } {
  let codeBytes = 0;
  let constantBytes = 0;
  let ramBytes = 0;
  for (const section of elf.sections) {
    if (!section.allocated) continue;
    if (section.executable) codeBytes += section.size;
    else if (section.type !== SECTION_TYPE.nobits) constantBytes += section.size;
    if (section.writable) ramBytes += section.size;
  }
  return { codeBytes, constantBytes, ramBytes };
}
