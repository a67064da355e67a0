import type { MemoryRegion } from '../board/board.ts';
import type { ElfFile } from './elf.ts';

/** The formats of a firmware beside its ELF file that other programs, and the drive of a debug probe, take; by ending. */
export const IMAGE_FORMATS = ['hex', 'bin', 'srec'] as const;

/** What flash holds where nothing was written. */
const ERASED = 0xff;
/** Data bytes of a record, as objcopy has them. */
const RECORD_BYTES = 16;

/** A stretch of flash. */
interface Stored {
  readonly address: number;
  readonly data: Uint8Array;
}

/**
 * A firmware as Intel HEX, as a plain image of the flash from its start, and as Motorola S-records, for what lies in the device's
 * flash. Pure.
 * @param name in the header of the S-records
 */
export function firmwareImages(
  elf: ElfFile,
  flash: Pick<MemoryRegion, 'origin' | 'size'>,
  name: string,
): Record<(typeof IMAGE_FORMATS)[number], Uint8Array> {
  const stored = elf.segments
    .map(({ physicalAddress, data }): Stored => ({ address: physicalAddress, data }))
    .filter(
      ({ address, data }) =>
        data.length > 0 && address >= flash.origin && address - flash.origin < flash.size,
    )
    .sort((a, b) => a.address - b.address);
  return {
    hex: Buffer.from(intelHex(stored, elf.entry)),
    bin: plainImage(stored, flash.origin),
    srec: Buffer.from(sRecords(stored, elf.entry, name)),
  };
}

/** Intel Hexadecimal Object File Format Specification, revision A: 32-bit, linear addresses. */
function intelHex(stored: readonly Stored[], entry: number): string {
  const lines: string[] = [];
  const record = (type: number, offset: number, data: readonly number[]): void => {
    const bytes = [data.length, offset >> 8, offset & 0xff, type, ...data];
    lines.push(`:${hexadecimal([...bytes, -sum(bytes) & 0xff])}\r\n`);
  };
  let upper = 0;
  for (const { address, data } of records(stored)) {
    if (address >>> 16 !== upper) {
      upper = address >>> 16;
      record(4, 0, [upper >> 8, upper & 0xff]);
    }
    record(0, address & 0xffff, [...data]);
  }
  record(5, 0, bigEndian(entry));
  record(1, 0, []);
  return lines.join('');
}

/** Motorola S-records with 32-bit addresses: header, data, start. */
function sRecords(stored: readonly Stored[], entry: number, name: string): string {
  const lines: string[] = [];
  const record = (type: number, address: readonly number[], data: readonly number[]): void => {
    const bytes = [address.length + data.length + 1, ...address, ...data];
    lines.push(`S${type}${hexadecimal([...bytes, ~sum(bytes) & 0xff])}\r\n`);
  };
  record(0, [0, 0], [...Buffer.from(name).subarray(0, 40)]);
  for (const { address, data } of records(stored)) record(3, bigEndian(address), [...data]);
  record(7, bigEndian(entry), []);
  return lines.join('');
}

function plainImage(stored: readonly Stored[], origin: number): Uint8Array {
  const end = stored.reduce((most, { address, data }) => Math.max(most, address + data.length), origin);
  const image = new Uint8Array(end - origin).fill(ERASED);
  for (const { address, data } of stored) image.set(data, address - origin);
  return image;
}

/** Cut into records, none of which crosses a border of 64 KB: an address' lower half would start again. */
function* records(stored: readonly Stored[]): Generator<Stored> {
  for (const { address, data } of stored) {
    for (let at = 0; at < data.length;) {
      const length = Math.min(RECORD_BYTES, data.length - at, 0x10000 - ((address + at) & 0xffff));
      yield { address: address + at, data: data.subarray(at, at + length) };
      at += length;
    }
  }
}

function bigEndian(value: number): number[] {
  return [value >>> 24, (value >>> 16) & 0xff, (value >>> 8) & 0xff, value & 0xff];
}

function sum(bytes: readonly number[]): number {
  return bytes.reduce((total, byte) => total + byte, 0);
}

function hexadecimal(bytes: readonly number[]): string {
  return Buffer.from(bytes).toString('hex').toUpperCase();
}
