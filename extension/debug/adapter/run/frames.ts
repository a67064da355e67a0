import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { DebugProtocol } from '@vscode/debugprotocol';
import type { Gdb } from '../mi/gdb.ts';
import { type MiTuple, numberOf, textOf, tupleOf, tuplesOf } from '../mi/value.ts';

/** The one thread there is. */
export const THREAD = 1;
/** The most frames that are listed at once, and counted. */
const MOST = 1000;

/** GDB's options for a command about a frame, given by its level. */
export function inFrame(level: number): (string | number)[] {
  return ['--thread', THREAD, '--frame', level];
}

/** Level of a frame, by the client's number of it; without one the innermost. */
export function levelOf(frameId: number | undefined): number {
  return Math.max(0, (frameId ?? 1) - 1);
}

/** Where the board stands, as a step knows it. */
export interface Place {
  /** How many frames there are. */
  readonly depth: number;
  /** Of the innermost; undefined without debug information. */
  readonly line: number | undefined;
}

/** The call stack of the board as it stands. */
export class Frames {
  readonly #gdb: Gdb;
  readonly #sources = new Map<string, boolean>();

  constructor(gdb: Gdb) {
    this.#gdb = gdb;
  }

  /** How many frames there are. */
  async depth(): Promise<number> {
    const results = await this.#gdb.ask('-stack-info-depth', '--thread', THREAD, MOST);
    return numberOf(results, 'depth') ?? 0;
  }

  async place(): Promise<Place> {
    const [depth, info] = await Promise.all([
      this.depth(),
      this.#gdb.ask('-stack-info-frame', ...inFrame(0)),
    ]);
    const frame = tupleOf(info, 'frame');
    return { depth, line: frame && numberOf(frame, 'line') };
  }

  /** Frames from one on, the innermost is 0; no count means all. */
  async list(start = 0, count = 0): Promise<DebugProtocol.StackTraceResponse['body']> {
    const total = await this.depth();
    const end = Math.min(total, count > 0 ? start + count : MOST) - 1;
    if (end < start) return { stackFrames: [], totalFrames: total };
    const results = await this.#gdb.ask('-stack-list-frames', '--thread', THREAD, start, end);
    const stackFrames = await Promise.all(tuplesOf(results, 'stack').map((frame) => this.#told(frame)));
    return { stackFrames, totalFrames: total };
  }

  async #told(frame: MiTuple): Promise<DebugProtocol.StackFrame> {
    const address = textOf(frame, 'addr');
    const file = textOf(frame, 'fullname');
    const source = file === undefined ? undefined : await this.#source(file);
    return {
      id: (numberOf(frame, 'level') ?? 0) + 1,
      name: textOf(frame, 'func') ?? (address === undefined ? '<exception>' : address),
      line: numberOf(frame, 'line') ?? 0,
      column: 0,
      ...(source ? { source } : { presentationHint: 'subtle' }),
      ...(address === undefined ? {} : { instructionPointerReference: address }),
    };
  }

  /** A file that is not here is named, but not opened. */
  async #source(file: string): Promise<DebugProtocol.Source> {
    const known = this.#sources.get(file);
    const isHere =
      known ??
      (await stat(file)
        .then((s) => s.isFile())
        .catch(() => false));
    this.#sources.set(file, isHere);
    const name = path.basename(file);
    return isHere ? { name, path: file } : { name, presentationHint: 'deemphasize' };
  }
}
