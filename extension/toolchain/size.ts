import type { MemoryRegion } from '../board/board.ts';
import type { ElfFile } from './elf.ts';
import { SECTION_TYPE } from './elf.ts';

export interface FirmwareSize {
  /**
   * Bytes of the device's flash that the firmware uses up, as the linker counts a region: from its start to the last byte stored
   * there (code, constants, the initial values of variables), with the gaps between them, which nothing else can use.
   */
  readonly flashBytes: number;
  /** Bytes of RAM that the firmware reserves: variables and stack (`data + bss` of GNU size). */
  readonly ramBytes: number;
  /** The part of ramBytes that is reserved for the stack; 0 when the linker script has no such section. */
  readonly stackBytes: number;
}

/** Flash and RAM of a linked firmware. */
export function firmwareSize(elf: ElfFile, flash: Pick<MemoryRegion, 'origin' | 'size'>): FirmwareSize {
  let ramBytes = 0;
  let stackBytes = 0;
  for (const section of elf.sections) {
    if (!section.allocated) continue;
    if (section.writable) ramBytes += section.size;
    if (section.name === '.stack') stackBytes += section.size;
  }
  let flashBytes = 0;
  for (const { physicalAddress, data } of elf.segments) {
    const offset = physicalAddress - flash.origin;
    if (data.length > 0 && offset >= 0 && offset < flash.size) {
      flashBytes = Math.max(flashBytes, offset + data.length);
    }
  }
  return { flashBytes, ramBytes, stackBytes };
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
