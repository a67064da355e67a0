import { corrupt } from '../damaged.ts';
import { BitReader } from './bitReader.ts';
import type { Component, Frame } from './frame.ts';
import type { HuffmanTable } from './huffmanTable.ts';
import type { Scan, ScanComponent } from './jpegFile.ts';
import { COEFFICIENTS, ZIGZAG } from './zigzag.ts';

/** A scan while it is decoded. */
interface Progress {
  readonly scan: Scan;
  readonly reader: BitReader;
  /** By component: the DC coefficient that the next one is a difference to. */
  readonly predictions: Int32Array;
  /** Blocks that bring nothing more in this band, the present one included. */
  emptyBlocks: number;
}

/** Decodes one block of a component, at `at` in its coefficients. */
type BlockDecoder = (
  progress: Progress,
  component: ScanComponent,
  coefficients: Int16Array,
  at: number,
) => void;

/** How many coefficients a scan goes over, whatever it says of them: it may say nothing of thousands of blocks in two bytes. */
export function coefficientsOfScan(frame: Frame, { components, first, last }: Scan): number {
  const parts = components.map(({ index }) => frame.components[index]!);
  const blocks = parts.map(({ columns, rows, mcuColumns, mcuRows }) =>
    parts.length === 1 ? columns * rows : mcuColumns * mcuRows,
  );
  return blocks.reduce((sum, count) => sum + count, 0) * (last - first + 1);
}

/**
 * Decodes a scan's Huffman codes (T.81, F.2 and G.2) into the coefficients of its components, which scans before it began.
 *
 * @param coefficients by component: 64 for each of its mcuColumns x mcuRows blocks, row by row, not yet times their steps
 * @throws Damaged
 */
export function decodeScan(
  bytes: Uint8Array,
  frame: Frame,
  scan: Scan,
  coefficients: readonly Int16Array[],
): void {
  const reader = new BitReader(bytes, scan.at);
  const predictions = new Int32Array(frame.components.length);
  const progress: Progress = { scan, reader, predictions, emptyBlocks: 0 };
  const decode = blockDecoder(frame, scan);
  const block = (part: ScanComponent, { mcuColumns }: Component, row: number, column: number): void => {
    decode(progress, part, coefficients[part.index]!, (row * mcuColumns + column) * COEFFICIENTS);
  };

  // one component alone comes block by block; several take turns, each with the blocks of an MCU
  const [alone] = scan.components.length === 1 ? scan.components : [];
  const only = alone && frame.components[alone.index]!;
  const across = only ? only.columns : frame.mcusAcross;
  const down = only ? only.rows : frame.mcusDown;
  let mcus = 0;
  for (let row = 0; row < down; row++) {
    for (let column = 0; column < across; column++, mcus++) {
      if (scan.restartInterval > 0 && mcus > 0 && mcus % scan.restartInterval === 0) {
        reader.restart(mcus / scan.restartInterval - 1);
        predictions.fill(0);
        progress.emptyBlocks = 0;
      }
      if (only) {
        block(alone, only, row, column);
        continue;
      }
      for (const part of scan.components) {
        const component = frame.components[part.index]!;
        const { h, v } = component;
        for (let y = 0; y < v; y++) {
          for (let x = 0; x < h; x++) block(part, component, row * v + y, column * h + x);
        }
      }
    }
  }
}

function blockDecoder(frame: Frame, { first, before }: Scan): BlockDecoder {
  if (!frame.isProgressive) return sequential;
  if (first === 0) return before === undefined ? firstOfDc : moreOfDc;
  return before === undefined ? firstOfAc : moreOfAc;
}

const sequential: BlockDecoder = (progress, component, coefficients, at) => {
  const { reader } = progress;
  coefficients[at] = nextDc(progress, component);
  const table = required(component.ac);
  for (let k = 1; k < COEFFICIENTS; k++) {
    const symbol = reader.symbol(table);
    const zeros = symbol >> 4;
    const size = symbol & 15;
    if (size === 0) {
      if (zeros < 15) return;
      k += 15;
      continue;
    }
    k += zeros;
    if (k >= COEFFICIENTS) throw corrupt();
    coefficients[at + ZIGZAG[k]!] = reader.signed(size);
  }
};

const firstOfDc: BlockDecoder = (progress, component, coefficients, at) => {
  coefficients[at] = nextDc(progress, component) << progress.scan.lowBit;
};

const moreOfDc: BlockDecoder = ({ reader, scan }, _component, coefficients, at) => {
  coefficients[at]! |= reader.bits(1) << scan.lowBit;
};

const firstOfAc: BlockDecoder = (progress, component, coefficients, at) => {
  if (progress.emptyBlocks > 0) {
    progress.emptyBlocks--;
    return;
  }
  const { reader, scan } = progress;
  const table = required(component.ac);
  for (let k = scan.first; k <= scan.last; k++) {
    const symbol = reader.symbol(table);
    const zeros = symbol >> 4;
    const size = symbol & 15;
    if (size === 0) {
      if (zeros < 15) {
        progress.emptyBlocks = emptyBlocks(reader, zeros) - 1;
        return;
      }
      k += 15;
      continue;
    }
    k += zeros;
    if (k > scan.last) throw corrupt();
    coefficients[at + ZIGZAG[k]!] = reader.signed(size) << scan.lowBit;
  }
};

/** One more bit of each coefficient that is not zero, between new ones (T.81, G.1.2.3). */
const moreOfAc: BlockDecoder = (progress, component, coefficients, at) => {
  const { reader, scan } = progress;
  const unit = 1 << scan.lowBit;
  let k = scan.first;
  if (progress.emptyBlocks === 0) {
    const table = required(component.ac);
    for (; k <= scan.last; k++) {
      const symbol = reader.symbol(table);
      const zeros = symbol >> 4;
      const size = symbol & 15;
      if (size > 1) throw corrupt();
      if (size === 0 && zeros < 15) {
        progress.emptyBlocks = emptyBlocks(reader, zeros);
        break;
      }
      const value = size === 0 ? 0 : reader.bits(1) === 1 ? unit : -unit;
      for (let left = zeros; k <= scan.last; k++) {
        const place = at + ZIGZAG[k]!;
        if (coefficients[place] !== 0) refine(reader, coefficients, place, unit);
        else if (left-- === 0) break;
      }
      if (value === 0) continue;
      if (k > scan.last) throw corrupt();
      coefficients[at + ZIGZAG[k]!] = value;
    }
  }
  if (progress.emptyBlocks === 0) return;
  for (; k <= scan.last; k++) {
    const place = at + ZIGZAG[k]!;
    if (coefficients[place] !== 0) refine(reader, coefficients, place, unit);
  }
  progress.emptyBlocks--;
};

/** Brings a coefficient's next bit, which makes it larger or leaves it. */
function refine(reader: BitReader, coefficients: Int16Array, place: number, unit: number): void {
  if (reader.bits(1) === 0) return;
  const value = coefficients[place]!;
  if ((value & unit) === 0) coefficients[place] = value + (value < 0 ? -unit : unit);
}

/** How many blocks, this one included, an end-of-band symbol of this class ends. */
function emptyBlocks(reader: BitReader, sizeClass: number): number {
  return (1 << sizeClass) + reader.bits(sizeClass);
}

function nextDc({ reader, predictions }: Progress, { index, dc }: ScanComponent): number {
  predictions[index]! += reader.signed(reader.symbol(required(dc)));
  return predictions[index]!;
}

function required(table: HuffmanTable | undefined): HuffmanTable {
  if (!table) throw corrupt();
  return table;
}
