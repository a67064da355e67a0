import { UserError } from '../common/error.ts';
import { say, type Sentence } from '../common/errors/sentence.ts';

/** A 32-bit little-endian ELF file, as the Arm toolchain writes it (System V ABI, and "ELF for the Arm Architecture"). */
export interface ElfFile {
  readonly kind: 'relocatable' | 'executable' | 'other';
  /** `e_machine` as a name; a number for machines nobody here needs. */
  readonly machine: 'arm' | number;
  /** Entry address, bit 0 set for Thumb; 0 when there is none. */
  readonly entry: number;
  readonly segments: readonly ElfSegment[];
  readonly sections: readonly ElfSection[];
  /** Named symbols of `.symtab`; empty when the file is stripped. */
  readonly symbols: readonly ElfSymbol[];
  /** The file's `.ARM.attributes` by tag number (integers and strings); empty when there are none. */
  readonly attributes: ReadonlyMap<number, number | string>;
}

/** A PT_LOAD program header. */
export interface ElfSegment {
  /** Where the bytes are while the program runs. */
  readonly virtualAddress: number;
  /** Where the bytes are stored (flash) and loaded to. */
  readonly physicalAddress: number;
  /** The stored bytes; a view into the file, not a copy. */
  readonly data: Uint8Array;
  /** Bytes occupied while running; those past `data` start as zero. */
  readonly memorySize: number;
  readonly executable: boolean;
  readonly writable: boolean;
}

export interface ElfSection {
  readonly name: string;
  /** `sh_type`; see {@link SECTION_TYPE}. */
  readonly type: number;
  readonly address: number;
  readonly size: number;
  /** Occupies memory while running (SHF_ALLOC). */
  readonly allocated: boolean;
  readonly writable: boolean;
  readonly executable: boolean;
  /** The stored bytes (a view); empty for SHT_NOBITS. */
  readonly data: Uint8Array;
}

export interface ElfSymbol {
  readonly name: string;
  /** Address with the Thumb bit removed from functions. */
  readonly address: number;
  readonly size: number;
  readonly type: 'function' | 'object' | 'section' | 'file' | 'none';
  readonly binding: 'local' | 'global' | 'weak';
  /** Index into `sections`; undefined for undefined, absolute and common symbols. */
  readonly section: number | undefined;
  readonly defined: boolean;
}

/** Values of `sh_type` that code here asks for. */
export const SECTION_TYPE = {
  progbits: 1,
  symtab: 2,
  strtab: 3,
  nobits: 8,
  armAttributes: 0x70000003,
} as const;

/** Names that a file uses and does not define, each once. */
export function undefinedNames({ symbols }: Pick<ElfFile, 'symbols'>): string[] {
  const named = symbols.filter((s) => !s.defined && s.binding === 'global' && s.name !== '');
  return [...new Set(named.map((s) => s.name))];
}

const MACHINE_ARM = 40;
const MAX_HEADERS = 65535;
const MAX_SYMBOLS = 200_000;
const MAX_NAME_LENGTH = 1024;

/** True when the bytes start as an ELF file does. */
export function isElf(bytes: Uint8Array): boolean {
  return (
    bytes.length >= 4 && bytes[0] === 0x7f && bytes[1] === 0x45 && bytes[2] === 0x4c && bytes[3] === 0x46
  );
}

/**
 * Reads an ELF file. Pure; every offset, size and count of the file is checked against its length before use.
 * @throws UserError `input` when it is not a 32-bit little-endian ELF file, or is truncated or damaged.
 */
export function readElf(bytes: Uint8Array): ElfFile {
  if (!isElf(bytes)) throw damaged(say`it does not start with the ELF magic number`);
  if (bytes.length < 52) throw damaged(say`it has ${bytes.length} bytes, its header alone needs 52`);
  if (bytes[4] !== 1 || bytes[5] !== 1) throw damaged(say`it is not a 32-bit little-endian file`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const u16 = (at: number): number => view.getUint16(at, true);
  const u32 = (at: number): number => view.getUint32(at, true);
  const slice = (offset: number, size: number, what: Sentence): Uint8Array => {
    if (offset > bytes.length || size > bytes.length - offset) {
      throw damaged(say`${what} (${size} bytes at ${offset}) lies outside the file's ${bytes.length} bytes`);
    }
    return bytes.subarray(offset, offset + size);
  };
  const table = (offset: number, count: number, entrySize: number, least: number, what: Sentence): void => {
    if (count === 0) return;
    if (count > MAX_HEADERS || entrySize < least) throw damaged(say`its ${what} table is malformed`);
    slice(offset, count * entrySize, say`its ${what} table`);
  };

  const type = u16(16);
  const machine = u16(18);
  const programOffset = u32(28);
  const sectionOffset = u32(32);
  const programSize = u16(42);
  const programCount = u16(44);
  const sectionSize = u16(46);
  const sectionCount = u16(48);
  const nameSection = u16(50);
  table(programOffset, programCount, programSize, 32, say`program header`);
  table(sectionOffset, sectionCount, sectionSize, 40, say`section header`);

  const segments: ElfSegment[] = [];
  for (let i = 0; i < programCount; i++) {
    const at = programOffset + i * programSize;
    if (u32(at) !== 1) continue; // PT_LOAD
    const flags = u32(at + 24);
    const data = slice(u32(at + 4), u32(at + 16), say`segment ${i}`);
    const memorySize = u32(at + 20);
    if (memorySize < data.length)
      throw damaged(say`segment ${i} holds more bytes than it occupies in memory`);
    segments.push({
      virtualAddress: u32(at + 8),
      physicalAddress: u32(at + 12),
      data,
      memorySize,
      executable: (flags & 1) !== 0,
      writable: (flags & 2) !== 0,
    });
  }

  const header = (index: number) => {
    const at = sectionOffset + index * sectionSize;
    const sectionKind = u32(at + 4);
    const size = u32(at + 20);
    const stored = sectionKind !== SECTION_TYPE.nobits && sectionKind !== 0;
    return {
      nameOffset: u32(at),
      type: sectionKind,
      flags: u32(at + 8),
      address: u32(at + 12),
      size,
      link: u32(at + 24),
      entrySize: u32(at + 36),
      data: stored ? slice(u32(at + 16), size, say`section ${index}`) : new Uint8Array(0),
    };
  };
  const headers = Array.from({ length: sectionCount }, (_, i) => header(i));
  const names = headers[nameSection]?.data ?? new Uint8Array(0);
  const sections: ElfSection[] = headers.map((h) => ({
    name: text(names, h.nameOffset),
    type: h.type,
    address: h.address,
    size: h.size,
    allocated: (h.flags & 2) !== 0,
    writable: (h.flags & 1) !== 0,
    executable: (h.flags & 4) !== 0,
    data: h.data,
  }));

  const symbols: ElfSymbol[] = [];
  for (const h of headers) {
    if (h.type !== SECTION_TYPE.symtab) continue;
    if (h.entrySize < 16) throw damaged(say`its symbol table is malformed`);
    const strings = headers[h.link]?.data ?? new Uint8Array(0);
    const count = Math.floor(h.size / h.entrySize);
    if (symbols.length + count > MAX_SYMBOLS) throw damaged(say`it claims ${count} symbols`);
    const base = h.data.byteOffset - bytes.byteOffset;
    for (let i = 1; i < count; i++) {
      const at = base + i * h.entrySize;
      const name = text(strings, u32(at));
      if (name === '') continue;
      const info = view.getUint8(at + 12);
      const index = u16(at + 14);
      const kind = (['none', 'object', 'function', 'section', 'file'] as const)[info & 15] ?? 'none';
      const value = u32(at + 4);
      symbols.push({
        name,
        address: kind === 'function' ? (value & ~1) >>> 0 : value,
        size: u32(at + 8),
        type: kind,
        binding: (['local', 'global', 'weak'] as const)[info >> 4] ?? 'global',
        section: index > 0 && index < sectionCount ? index : undefined,
        defined: index !== 0,
      });
    }
  }

  const attributes = headers.find((h) => h.type === SECTION_TYPE.armAttributes);
  return {
    kind: type === 1 ? 'relocatable' : type === 2 ? 'executable' : 'other',
    machine: machine === MACHINE_ARM ? 'arm' : machine,
    entry: u32(24),
    segments,
    sections,
    symbols,
    attributes: attributes ? armAttributes(attributes.data) : new Map(),
  };
}

/** The zero-terminated string at an offset of a string table; empty when it lies outside. */
function text(strings: Uint8Array, offset: number): string {
  if (offset >= strings.length) return '';
  // bounded before searching: a damaged file may have a million names without an end
  const longest = strings.subarray(offset, offset + MAX_NAME_LENGTH);
  const end = longest.indexOf(0);
  return Buffer.from(longest.subarray(0, end < 0 ? longest.length : end)).toString('utf8');
}

/**
 * File-scope build attributes of the vendor "aeabi" ("Build Attributes for the Arm Architecture", ABI 2023Q3):
 * 'A', then per vendor {u32 length, name, subsections {tag 1, u32 length, {uleb tag, uleb or string value}…}}.
 */
function armAttributes(data: Uint8Array): Map<number, number | string> {
  const result = new Map<number, number | string>();
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  if (data.length < 1 || data[0] !== 0x41) return result;
  let at = 1;
  while (at + 4 <= data.length) {
    const end = Math.min(at + view.getUint32(at, true), data.length);
    if (end <= at + 4) break;
    const vendor = text(data, at + 4);
    let sub = at + 4 + vendor.length + 1;
    while (vendor === 'aeabi' && sub + 5 <= end) {
      const fileScope = data[sub] === 1;
      const subEnd = Math.min(sub + view.getUint32(sub + 1, true), end);
      if (subEnd <= sub + 5) break;
      let p = sub + 5;
      const uleb = (): number => {
        let value = 0;
        for (let shift = 0; p < subEnd; shift += 7) {
          const byte = data[p++]!;
          if (shift < 28) value |= (byte & 127) << shift;
          if (byte < 128) break;
        }
        return value;
      };
      while (fileScope && p < subEnd) {
        const tag = uleb();
        // CPU_raw_name, CPU_name and conformance are strings; above 32 odd tags are
        const isText = tag === 4 || tag === 5 || (tag > 32 && (tag & 1) === 1);
        if (tag === 32) {
          result.set(32, uleb()); // compatibility: a number and a string
          p += text(data.subarray(0, subEnd), p).length + 1;
        } else if (isText) {
          const value = text(data.subarray(0, subEnd), p);
          result.set(tag, value);
          p += Buffer.byteLength(value) + 1;
        } else {
          result.set(tag, uleb());
        }
      }
      sub = subEnd;
    }
    at = end;
  }
  return result;
}

function damaged(why: Sentence): UserError {
  return new UserError(
    'input',
    say`The ELF file cannot be read: ${why}.`,
    say`Build the firmware again; the file may have been cut off while it was written or copied.`,
  );
}
