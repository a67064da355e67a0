import { dataRam } from '../../board/catalogue.ts';
import type { Board, MemoryRegion } from '../../board/board.ts';
import type { Bundle } from '../../bundle/bundle.ts';
import { testDataSymbol } from '../../project/bundleView.ts';
import type { ElfFile } from '../../toolchain/elf.ts';
import { readElf, SECTION_TYPE } from '../../toolchain/elf.ts';
import type { MemoryBar, MemoryKind, MemorySegment } from '../../../webview/shared/report.ts';

/** C objects of main.c that hold the bundle's three memories. */
const MEMORIES: readonly (readonly [symbol: string, kind: MemoryKind, label: string])[] = [
  ['constantWeight', 'constants', 'Model constants'],
  ['mutableWeight', 'placeholders', 'Inputs and outputs'],
  ['activations', 'arena', 'Activations'],
];

const LABELS: Readonly<Record<MemoryKind, string>> = {
  firmware: 'Firmware code',
  modelCode: 'Model code',
  constants: 'Model constants',
  testImage: 'Test data',
  placeholders: 'Inputs and outputs',
  arena: 'Activations',
  data: 'Firmware data',
  heap: 'Heap',
  stack: 'Stack, reserved',
  gap: 'Gap, which nothing can use',
  free: 'Free',
};

interface Piece {
  /** A section as a whole: what no symbol claims in it may be padding. */
  readonly coarse?: boolean;
  readonly start: number;
  readonly end: number;
  readonly kind: MemoryKind;
  readonly label: string;
  readonly note?: string;
}

/** Bytes that alignment explains, between two sections and inside one; they count to what stands before them. */
const ALIGNMENT_GAP = 16;
const PADDING = 4;

/**
 * Flash and first RAM of a board as the firmware fills them, from the ELF's sections and symbols.
 *
 * @param stackBytes high-water mark of the stack that a simulated run measured; undefined: what the linker reserves
 */
export function firmwareMemory(
  elf: ElfFile,
  board: Board,
  bundle: Bundle,
  stackBytes: number | undefined,
): MemoryBar[] {
  const pieces = [...sectionPieces(elf), ...symbolPieces(elf, bundle)];
  const ram = dataRam(board);
  const bars = [closed(bar('Flash', board.flash, [...pieces, ...initialValues(elf)]))];
  if (ram) bars.push(bar('RAM', ram, [...pieces, ...stackPiece(elf, ram, stackBytes)]));
  return bars;
}

/** Every allocated section as a whole: what the pieces of symbols then refine. */
function sectionPieces(elf: ElfFile): Piece[] {
  return elf.sections
    .filter((s) => s.allocated && s.size > 0)
    .map((s) => {
      const kind: MemoryKind = /stack/i.test(s.name)
        ? 'stack'
        : /heap/i.test(s.name)
          ? 'heap'
          : s.writable
            ? 'data'
            : 'firmware';
      return { coarse: true, start: s.address, end: s.address + s.size, kind, label: LABELS[kind] };
    });
}

/** The model's functions and constants, and the three memories of the bundle. */
function symbolPieces(elf: ElfFile, bundle: Bundle): Piece[] {
  const own = modelSymbols(bundle);
  // a network that overwrites its inputs has no other memory
  const separate = bundle.stateBytes > 0 ? 'Inputs, outputs and state' : LABELS.placeholders;
  const placeholders = bundle.activationBytes === 0 ? 'Network memory' : separate;
  const inputs = bundle.placeholders.filter((p) => p.direction === 'input');
  const images = new Set(inputs.map((input) => testDataSymbol(bundle, input)));
  const pieces: Piece[] = [];
  for (const symbol of elf.symbols) {
    if (!symbol.defined || symbol.size === 0) continue;
    const memory = MEMORIES.find(([name]) => name === symbol.name);
    const inModel = own.has(symbol.name);
    const isImage = images.has(symbol.name);
    const kind: MemoryKind | undefined = memory
      ? memory[1]
      : isImage
        ? 'testImage'
        : !inModel
          ? undefined
          : symbol.type === 'function'
            ? 'modelCode'
            : 'constants';
    if (!kind) continue;
    pieces.push({
      start: symbol.address,
      end: symbol.address + symbol.size,
      kind,
      label: kind === 'placeholders' ? placeholders : (memory?.[2] ?? LABELS[kind]),
    });
  }
  return pieces;
}

/** Names the bundle's object defines; without an object the entry point and the layers' functions. */
function modelSymbols(bundle: Bundle): ReadonlySet<string> {
  if (!bundle.object) return new Set([bundle.name, ...bundle.layers.map((l) => l.symbol)]);
  return new Set(
    readElf(bundle.object)
      .symbols.filter((s) => s.defined && (s.type === 'function' || s.type === 'object'))
      .map((s) => s.name),
  );
}

/** Flash that holds the initial values of variables living in RAM. */
function initialValues(elf: ElfFile): Piece[] {
  return elf.segments
    .filter((s) => s.physicalAddress !== s.virtualAddress && s.data.length > 0)
    .map((s) => ({
      start: s.physicalAddress,
      end: s.physicalAddress + s.data.length,
      kind: 'data' as const,
      label: 'Initial values of data',
    }));
}

/** The stack grows down from the vector table's first word, or from the end of RAM. */
function stackPiece(elf: ElfFile, ram: MemoryRegion, stackBytes: number | undefined): Piece[] {
  if (stackBytes === undefined || stackBytes <= 0) return [];
  const top = initialStackPointer(elf) ?? ram.origin + ram.size;
  return [
    {
      start: Math.max(ram.origin, top - stackBytes),
      end: top,
      kind: 'stack',
      label: 'Stack, used',
      note: 'Most the stack held during the simulated run.',
    },
  ];
}

/** First word of the first stored section: the vector table starts with the initial stack pointer. */
function initialStackPointer(elf: ElfFile): number | undefined {
  const first = elf.sections
    .filter((s) => s.allocated && s.type !== SECTION_TYPE.nobits && s.data.length >= 4)
    .sort((a, b) => a.address - b.address)[0];
  if (!first) return undefined;
  return new DataView(first.data.buffer, first.data.byteOffset, 4).getUint32(0, true);
}

/** A flash is used up to the last byte that is stored there (toolchain/size.ts): what is free before it is a gap. */
function closed(flash: MemoryBar): MemoryBar {
  const last = flash.segments.findLastIndex((s) => s.kind !== 'free');
  const segments = flash.segments.map((s, i): MemorySegment =>
    s.kind === 'free' && i < last ? { ...s, kind: 'gap', label: LABELS.gap } : s,
  );
  return { ...flash, segments, used: usedOf(segments) };
}

function usedOf(segments: readonly MemorySegment[]): number {
  return segments.filter((s) => s.kind !== 'free').reduce((n, s) => n + s.bytes, 0);
}

/**
 * Cuts a region at every piece's borders; of overlapping pieces the later (finer) one wins. Neighbours of one kind and
 * label become one segment.
 */
function bar(name: string, region: MemoryRegion, all: readonly Piece[]): MemoryBar {
  const end = region.origin + region.size;
  const pieces = all
    .map((p) => ({ ...p, start: Math.max(p.start, region.origin), end: Math.min(p.end, end) }))
    .filter((p) => p.start < p.end);
  const borders = [...new Set([region.origin, end, ...pieces.flatMap((p) => [p.start, p.end])])].sort(
    (a, b) => a - b,
  );
  const free: Piece = { start: 0, end: 0, kind: 'free', label: LABELS.free };
  const segments: MemorySegment[] = [];
  for (let i = 0; i + 1 < borders.length; i++) {
    const address = borders[i]!;
    const bytes = borders[i + 1]! - address;
    const piece = pieces.findLast((p) => p.start <= address && p.end > address) ?? free;
    const last = segments.at(-1);
    const isGap = piece.kind === 'free' && bytes < ALIGNMENT_GAP && i + 2 < borders.length;
    const isPadding = piece.coarse && bytes < PADDING && borders[i + 1]! < piece.end;
    if (last && (isGap || isPadding || (last.kind === piece.kind && last.label === piece.label))) {
      segments[segments.length - 1] = { ...last, bytes: last.bytes + bytes };
    } else segments.push({ label: piece.label, kind: piece.kind, address, bytes, note: piece.note });
  }
  return {
    name,
    origin: region.origin,
    size: region.size,
    used: usedOf(segments),
    segments,
  };
}
