import { readFileSync } from 'node:fs';
import path from 'node:path';
import { productRoot } from '../resources.ts';
import type { BoardData } from './catalogue.ts';

/** What the firmware takes of a board's memories before there is a network in it. */
export interface Overhead {
  /** From the start of flash to the end of the firmware's own code, with gaps that nothing can use. */
  readonly flashBytes: number;
  /** Variables. */
  readonly ramBytes: number;
  /** Deepest stack while no inference runs. */
  readonly stackBytes: number;
  /** Stack in use at the moment main() calls the network. */
  readonly callerStackBytes: number;
}

interface OverheadFile {
  readonly boards: Readonly<Record<string, Overhead>>;
}

let measured: OverheadFile | undefined;

/**
 * Measured on our board support by bench/firmware-overhead.ts; for a board without, from a build of NXP's SDK (RAM there is
 * with the heap and stack of the SDK's linker script).
 */
export function firmwareOverhead(board: BoardData): Overhead {
  measured ??= JSON.parse(
    readFileSync(path.join(productRoot, 'templates', 'firmware', 'overhead.json'), 'utf8'),
  ) as OverheadFile;
  const { flashBytes, ramBytes } = board.sdk.helloWorld;
  return measured.boards[board.id] ?? { flashBytes, ramBytes, stackBytes: 0, callerStackBytes: 0 };
}
