import { say } from '../../common/errors/sentence.ts';
import { corrupt, Damaged, endsEarly } from '../damaged.ts';
import { type Frame, readFrame } from './frame.ts';
import { type HuffmanTable, huffmanTable } from './huffmanTable.ts';
import { isRestart, nextMarker } from './markers.ts';
import { COEFFICIENTS, ZIGZAG } from './zigzag.ts';

const SOF0 = 0xc0;
const SOF1 = 0xc1;
const SOF2 = 0xc2;
const DHT = 0xc4;
const JPG = 0xc8;
const DAC = 0xcc;
const SOF15 = 0xcf;
const SOI = 0xd8;
const EOI = 0xd9;
const SOS = 0xda;
const DQT = 0xdb;
const DRI = 0xdd;
const APP0 = 0xe0;
const APP14 = 0xee;
const TEM = 0x01;

/** A scan's data is found and kept before any is decoded; real files have a dozen scans. */
const MAX_SCANS = 1024;
/** Bits that a progressive scan may leave for later ones. */
const MAX_LOW_BIT = 13;
/** Largest size of a DC difference, in bits. */
const MAX_DC_SIZE = 15;

/** A component's part in a scan. */
export interface ScanComponent {
  /** Which of the frame's components. */
  readonly index: number;
  readonly dc?: HuffmanTable;
  readonly ac?: HuffmanTable;
}

/** A scan (T.81, B.2.3), with the tables that are set where it begins. */
export interface Scan {
  readonly components: readonly ScanComponent[];
  /** First and last coefficient, in zigzag order. */
  readonly first: number;
  readonly last: number;
  /** Lowest bit that scans before this one brought; undefined when it is the first for its coefficients. */
  readonly before: number | undefined;
  /** Lowest bit that this scan brings. */
  readonly lowBit: number;
  /** MCUs between two restart markers, 0 when there are none. */
  readonly restartInterval: number;
  /** Where its data begins in the file. */
  readonly at: number;
}

/** What a JPEG file holds, its scans not decoded yet. */
export interface JpegFile {
  readonly frame: Frame;
  readonly scans: readonly Scan[];
  /** By component: the steps of its quantization, row by row. */
  readonly quantization: readonly (Uint16Array | undefined)[];
  /** Whether three components are red, green and blue already. */
  readonly isRgb: boolean;
}

/** Tables and marks as they are at a place in the file. */
interface State {
  readonly dc: (HuffmanTable | undefined)[];
  readonly ac: (HuffmanTable | undefined)[];
  readonly steps: (Uint16Array | undefined)[];
  restartInterval: number;
  isJfif: boolean;
  /** Adobe's colour transform; 0 is none. */
  adobe: number | undefined;
}

/**
 * Reads the segments of a JPEG: baseline, extended with 8 bits, or progressive, in Huffman codes. A file without its end marker
 * is taken when its scans bring every coefficient in full.
 *
 * @throws Damaged
 */
export function readJpegFile(bytes: Uint8Array): JpegFile {
  const state: State = { dc: [], ac: [], steps: [], restartInterval: 0, isJfif: false, adobe: undefined };
  const scans: Scan[] = [];
  const quantization: (Uint16Array | undefined)[] = [];
  let frame: Frame | undefined;
  let hasEnd = false;

  for (let marker = nextMarker(bytes, 2); marker;) {
    const { code, at } = marker;
    if (code === EOI) {
      hasEnd = true;
      break;
    }
    if (code === SOI) throw corrupt();
    if (code === TEM || isRestart(code)) {
      marker = nextMarker(bytes, at);
      continue;
    }
    if (at + 2 > bytes.length) break;
    const end = at + ((bytes[at]! << 8) | bytes[at + 1]!);
    if (end < at + 2) throw corrupt();
    if (end > bytes.length) break;
    const segment = bytes.subarray(at + 2, end);
    let next = end;
    if (code === SOF0 || code === SOF1 || code === SOF2) {
      if (frame) throw new Damaged(say`it has a second frame`);
      frame = readFrame(segment, code === SOF2);
    } else if (code === SOS) {
      if (!frame) break;
      if (scans.length === MAX_SCANS) throw drawsAgain();
      const scan = readScan(segment, frame, state, end);
      scans.push(scan);
      // a component keeps the table that is set where its first scan begins
      for (const { index } of scan.components)
        quantization[index] ??= state.steps[frame.components[index]!.quantization];
      next = endOfScan(bytes, end);
    } else readTable(code, segment, state);
    marker = nextMarker(bytes, next);
  }

  if (!frame) throw new Damaged(say`it has no frame header`);
  requireWhole(frame, scans, hasEnd);
  return { frame, scans, quantization, isRgb: isRgb(frame, state) };
}

/** Thrown for a file that costs far more than its picture is worth. */
export function drawsAgain(): Damaged {
  return new Damaged(say`it draws its picture over and over again`);
}

function readTable(code: number, segment: Uint8Array, state: State): void {
  if (code === DHT) readHuffman(segment, state);
  else if (code === DQT) readQuantization(segment, state);
  else if (code === DRI) {
    if (segment.length < 2) throw corrupt();
    state.restartInterval = (segment[0]! << 8) | segment[1]!;
  } else if (code === APP0) state.isJfif ||= beginsWith(segment, 'JFIF\0');
  else if (code === APP14 && beginsWith(segment, 'Adobe')) state.adobe = segment[11];
  else if (code > SOF2 && code <= SOF15 && code !== JPG && code !== DAC)
    throw new Damaged(say`its kind of compression (arithmetic, lossless or hierarchical) is not supported`);
}

function beginsWith(segment: Uint8Array, text: string): boolean {
  return [...text].every((letter, i) => segment[i] === letter.charCodeAt(0));
}

function readHuffman(segment: Uint8Array, state: State): void {
  for (let at = 0; at < segment.length;) {
    const [kind, number] = [segment[at]! >> 4, segment[at]! & 15];
    const counts = segment.subarray(at + 1, at + 17);
    const codes = counts.reduce((sum, count) => sum + count, 0);
    at += 17 + codes;
    if (kind > 1 || at > segment.length) throw corrupt();
    const symbols = segment.subarray(at - codes, at);
    if (kind === 0 && symbols.some((size) => size > MAX_DC_SIZE)) throw corrupt();
    (kind === 0 ? state.dc : state.ac)[number] = huffmanTable(counts, symbols);
  }
}

function readQuantization(segment: Uint8Array, state: State): void {
  for (let at = 0; at < segment.length;) {
    const [isWide, number] = [segment[at]! >> 4 !== 0, segment[at]! & 15];
    const from = at + 1;
    at = from + COEFFICIENTS * (isWide ? 2 : 1);
    if (at > segment.length) throw corrupt();
    const steps = new Uint16Array(COEFFICIENTS);
    for (let k = 0; k < COEFFICIENTS; k++) {
      const wide = from + 2 * k;
      steps[ZIGZAG[k]!] = isWide ? (segment[wide]! << 8) | segment[wide + 1]! : segment[from + k]!;
    }
    state.steps[number] = steps;
  }
}

function readScan(segment: Uint8Array, frame: Frame, state: State, at: number): Scan {
  const count = segment[0] ?? 0;
  if (count < 1 || count > frame.components.length || segment.length !== 4 + 2 * count) throw corrupt();
  const components = Array.from({ length: count }, (_, i): ScanComponent => {
    const index = frame.components.findIndex(({ id }) => id === segment[1 + 2 * i]);
    if (index < 0) throw corrupt();
    const tables = segment[2 + 2 * i]!;
    return { index, dc: state.dc[tables >> 4], ac: state.ac[tables & 15] };
  });
  const common = { components, restartInterval: state.restartInterval, at };
  // the rest of the header is for progressive scans
  if (!frame.isProgressive)
    return { ...common, first: 0, last: COEFFICIENTS - 1, before: undefined, lowBit: 0 };
  const [first, last, bits] = segment.subarray(1 + 2 * count) as unknown as [number, number, number];
  const [before, lowBit] = [bits >> 4 || undefined, bits & 15];
  const isBand = first === 0 ? last === 0 : first <= last && last < COEFFICIENTS && count === 1;
  if (!isBand || lowBit > MAX_LOW_BIT || (before !== undefined && before !== lowBit + 1)) throw corrupt();
  return { ...common, first, last, before, lowBit };
}

/** Where a scan's data ends: at the first marker that is no restart. */
function endOfScan(bytes: Uint8Array, at: number): number {
  for (let marker = nextMarker(bytes, at); marker; marker = nextMarker(bytes, marker.at)) {
    if (!isRestart(marker.code)) return marker.at - 2;
  }
  return bytes.length;
}

/**
 * Requires that the scans bring the whole picture: every component, and without an end marker, which promises that no more
 * scans were meant, every coefficient to its last bit.
 */
function requireWhole(frame: Frame, scans: readonly Scan[], hasEnd: boolean): void {
  const wanted = hasEnd ? 1 : COEFFICIENTS;
  const missing = frame.components.map(() => new Set(Array.from({ length: wanted }, (_, k) => k)));
  for (const { components, first, last, lowBit } of scans) {
    if (!hasEnd && lowBit > 0) continue;
    for (const { index } of components) for (let k = first; k <= last; k++) missing[index]!.delete(k);
  }
  if (missing.some(({ size }) => size > 0)) throw endsEarly();
}

/** What three components mean, as libjpeg decides it: JFIF has one meaning, then Adobe's mark tells, then their names. */
function isRgb(frame: Frame, { isJfif, adobe }: State): boolean {
  if (isJfif) return false;
  if (adobe !== undefined) return adobe === 0;
  return frame.components.map(({ id }) => String.fromCharCode(id)).join('') === 'RGB';
}
