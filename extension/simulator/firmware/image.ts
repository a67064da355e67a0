import { pushAll } from '../../common/lists.ts';
import { UserError } from '../../common/error.ts';
import { say, type Sentence } from '../../common/errors/sentence.ts';
import { isElf, readElf, type ElfFile } from '../../toolchain/elf.ts';
import { SymbolTable } from './symbols.ts';

/** A firmware image, ready to be put into a machine's memories. */
export interface Image {
  readonly format: 'elf' | 'hex' | 'bin';
  /** What is stored where. */
  readonly blocks: readonly { readonly address: number; readonly bytes: Uint8Array }[];
  /**
   * What start-up code makes of it in RAM: copies of initial values, and zeroed ranges (`bytes` shorter than `size`).
   * Empty when the format does not tell.
   */
  readonly initialised: readonly {
    readonly address: number;
    readonly bytes: Uint8Array;
    readonly size: number;
  }[];
  readonly symbols: SymbolTable;
  readonly elf: ElfFile | undefined;
}

/** The largest image file read: far more than any of the boards' flash, with room for debug information. */
const MAX_FILE_BYTES = 256 * 1024 * 1024;
/** The most an image may put into memory (Intel HEX records are counted). */
const MAX_BLOCK_BYTES = 64 * 1024 * 1024;

/**
 * Reads firmware: ELF by its magic number, Intel HEX by its first character, anything else as a raw binary for the
 * start of flash.
 * @throws UserError `input` when the file is empty, damaged, or for another processor.
 */
export function readImage(bytes: Uint8Array, binaryOrigin = 0): Image {
  if (bytes.length === 0) {
    throw new UserError('input', say`The firmware file is empty.`, say`Build the firmware again.`);
  }
  if (bytes.length > MAX_FILE_BYTES) {
    throw new UserError(
      'input',
      say`The firmware file has ${bytes.length} bytes, which is no microcontroller's firmware.`,
      say`Give an ELF, Intel HEX or binary image.`,
    );
  }
  if (isElf(bytes)) return elfImage(bytes);
  if (bytes[0] === 0x3a) return hexImage(bytes);
  return {
    format: 'bin',
    blocks: [{ address: binaryOrigin, bytes }],
    initialised: [],
    symbols: new SymbolTable(undefined),
    elf: undefined,
  };
}

/**
 * The image with bytes written over symbols, as another build with other data would have them.
 * @throws UserError `input` when a symbol does not exist, is smaller than its bytes, or has no stored bytes (.bss).
 */
export function patchImage(
  image: Image,
  patches: readonly { readonly symbol: string; readonly bytes: Uint8Array }[],
): Image {
  if (patches.length === 0) return image;
  const blocks = image.blocks.map(({ address, bytes }) => ({ address, bytes: Uint8Array.from(bytes) }));
  const initialised = image.initialised.map(({ address, bytes, size }) => ({
    address,
    bytes: Uint8Array.from(bytes),
    size,
  }));
  for (const { symbol: name, bytes } of patches) {
    const symbol = image.symbols.find(name);
    if (!symbol) {
      throw new UserError(
        'input',
        say`The firmware has no symbol "${name}" to write other data to.`,
        say`Give the ELF file of a firmware that has it, built without stripping.`,
      );
    }
    if (symbol.size > 0 && bytes.length > symbol.size) {
      throw new UserError(
        'input',
        say`"${name}" has ${symbol.size} bytes in the firmware, the data for it ${bytes.length}.`,
        say`Build the firmware for data of this size.`,
      );
    }
    // where the symbol is while running, and (for .data) where its initial value is stored
    const offset = (at: number, length: number): number =>
      symbol.address >= at && symbol.address + bytes.length <= at + length ? symbol.address - at : -1;
    let found = false;
    for (const segment of image.elf?.segments ?? []) {
      const at = offset(segment.virtualAddress, segment.data.length);
      const block = blocks.find((b) => b.address === segment.physicalAddress);
      if (at < 0 || !block) continue;
      block.bytes.set(bytes, at);
      found = true;
    }
    for (const range of initialised) {
      const at = offset(range.address, range.bytes.length);
      if (at >= 0) range.bytes.set(bytes, at);
    }
    if (!found) {
      throw new UserError(
        'input',
        say`"${name}" has no stored bytes in the firmware (it starts as zeros), so no other data can be put there.`,
        say`Give it an initial value in the source.`,
      );
    }
  }
  return { ...image, blocks, initialised };
}

function elfImage(bytes: Uint8Array): Image {
  const elf = readElf(bytes);
  if (elf.machine !== 'arm') {
    throw new UserError(
      'input',
      say`The firmware is built for another processor (ELF machine ${elf.machine}, an Arm core has 40).`,
      say`Build it with arm-none-eabi-gcc -mcpu=cortex-m0plus.`,
    );
  }
  if (elf.kind !== 'executable') {
    throw new UserError(
      'input',
      say`The file is not a linked firmware but an object file.`,
      say`Link it first; the simulator runs what the linker writes (.elf or .axf).`,
    );
  }
  const blocks = elf.segments
    .filter((s) => s.data.length > 0)
    .map((s) => ({ address: s.physicalAddress, bytes: s.data }));
  if (blocks.length === 0) {
    throw new UserError(
      'input',
      say`The ELF file holds no code or data to load.`,
      say`Build the firmware again.`,
    );
  }
  const initialised = elf.segments
    .filter((s) => s.virtualAddress !== s.physicalAddress || s.memorySize > s.data.length)
    .map((s) => ({ address: s.virtualAddress, bytes: s.data, size: s.memorySize }));
  return { format: 'elf', blocks, initialised, symbols: new SymbolTable(elf), elf };
}

/** Intel HEX: record types 00 data, 01 end, 02/04 segment and linear base, 03/05 start address (not needed). */
function hexImage(bytes: Uint8Array): Image {
  const blocks: { address: number; bytes: Uint8Array }[] = [];
  const pending: number[] = [];
  let pendingAt = 0;
  let base = 0;
  let total = 0;
  let ended = false;
  const flush = (): void => {
    if (pending.length > 0) blocks.push({ address: pendingAt, bytes: Uint8Array.from(pending) });
    pending.length = 0;
  };
  const lines = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    .toString('latin1')
    .split(/\r\n|\n|\r/);
  for (const [index, line] of lines.entries()) {
    if (line.trim() === '') continue;
    const bad = (why: Sentence): UserError =>
      new UserError(
        'input',
        say`The Intel HEX file is damaged in line ${index + 1}: ${why}.`,
        say`Convert the firmware again (arm-none-eabi-objcopy -O ihex).`,
      );
    if (ended) throw bad(say`there is something after the end record`);
    if (!/^:([0-9a-fA-F]{2}){5,}\s*$/.test(line)) throw bad(say`it is not a record`);
    const record = Uint8Array.from(Buffer.from(line.trim().slice(1), 'hex'));
    const count = record[0]!;
    if (record.length !== count + 5)
      throw bad(say`it announces ${count} bytes and holds ${record.length - 5}`);
    if (record.reduce((a, b) => a + b, 0) % 256 !== 0) throw bad(say`its checksum is wrong`);
    const offset = (record[1]! << 8) | record[2]!;
    const data = record.subarray(4, 4 + count);
    const type = record[3]!;
    if (type === 0) {
      total += count;
      if (total > MAX_BLOCK_BYTES) throw bad(say`the image is larger than any flash`);
      const address = (base + offset) >>> 0;
      if (address !== pendingAt + pending.length || pending.length >= 65536) {
        flush();
        pendingAt = address;
      }
      pushAll(pending, data);
    } else if (type === 1) {
      ended = true;
    } else if (type === 2 || type === 4) {
      if (count !== 2) throw bad(say`its base address is malformed`);
      base = ((data[0]! << 8) | data[1]!) * (type === 2 ? 16 : 65536);
    } else if (type !== 3 && type !== 5) {
      throw bad(say`record type ${type} does not exist`);
    }
  }
  flush();
  if (!ended) {
    throw new UserError(
      'input',
      say`The Intel HEX file is cut off: its end record is missing.`,
      say`Convert the firmware again (arm-none-eabi-objcopy -O ihex).`,
    );
  }
  if (blocks.length === 0) {
    throw new UserError('input', say`The Intel HEX file holds no data.`, say`Convert the firmware again.`);
  }
  return { format: 'hex', blocks, initialised: [], symbols: new SymbolTable(undefined), elf: undefined };
}
