import { readFileSync } from 'node:fs';
import path from 'node:path';
import { productRoot } from '../common/resources.ts';
import type { BoardData } from './catalogue.ts';

/** What the firmware takes of a board's memories before there is a network in it. */
export interface Overhead {
  /** From the start of flash to the end of the firmware's own code, with gaps that nothing can use. */
  readonly flashBytes: number;
  /** Variables. */
  readonly ramBytes: number;
  /** Deepest stack while no inference runs; on the SDK with an interrupt there. */
  readonly stackBytes: number;
  /** Stack in use at the moment main() calls the network. */
  readonly callerStackBytes: number;
}

interface OverheadTable {
  readonly how: string;
  readonly boards: Readonly<Record<string, Overhead>>;
}

/** What templates/firmware/overhead.json holds; bench/firmware-overhead.ts measures and writes it. */
export interface OverheadFile {
  readonly how: string;
  /** On our own board support. */
  readonly boards: Readonly<Record<string, Overhead>>;
  /** On NXP's SDK: its startup code, clocks, drivers, debug console and what these take of the C library. */
  readonly sdk: OverheadTable;
  /** On NXP's SDK with semihosting: the C library's printf and its heap instead of the debug console's. */
  readonly semihost: OverheadTable;
}

/** What firmware is built on: our own board support, or NXP's SDK with its debug console or with semihosting. */
export type Platform = 'own' | 'sdk' | 'semihost';

let measured: OverheadFile | undefined;

/** Measured, for every board: on our own board support where there is one and nothing else is asked for, else on NXP's SDK. */
export function firmwareOverhead(board: BoardData, platform: Platform = 'own'): Overhead {
  measured ??= JSON.parse(
    readFileSync(path.join(productRoot, 'templates', 'firmware', 'overhead.json'), 'utf8'),
  ) as OverheadFile;
  const own = platform === 'own' ? measured.boards[board.id] : undefined;
  return own ?? measured[platform === 'semihost' ? 'semihost' : 'sdk'].boards[board.id]!;
}
