import type { DebugProtocol } from '@vscode/debugprotocol';
import type { Gdb } from '../mi/gdb.ts';
import type { Execution } from '../run/execution.ts';
import type { HitBreakpoint } from '../run/stops.ts';
import { insert, type SetBreakpoint } from './insert.ts';
import type { WantedBreakpoint } from './wanted.ts';

/** The most of one group. */
const MOST = 1000;

/** One that the client has set, whether GDB could or not. */
interface Known {
  readonly id: number;
  readonly wanted: WantedBreakpoint;
  readonly set: SetBreakpoint | undefined;
  /** Why it is not set. */
  readonly problem: string | undefined;
}

/** The client's breakpoints in GDB. The client gives all of a group at once: what stays the same stays set. */
export class Breakpoints {
  readonly #gdb: Gdb;
  readonly #execution: Execution;
  /** By group: a source file, or a kind. */
  readonly #groups = new Map<string, readonly Known[]>();
  #ids = 0;

  constructor(gdb: Gdb, execution: Execution) {
    this.#gdb = gdb;
    this.#execution = execution;
  }

  /** Makes a group what is wanted. @returns how each is set, in their order */
  async update(group: string, wanted: readonly WantedBreakpoint[]): Promise<DebugProtocol.Breakpoint[]> {
    return this.#execution.whileStanding(async () => {
      const left = [...(this.#groups.get(group) ?? [])];
      const kept = wanted.slice(0, MOST).map((one) => {
        const at = left.findIndex((known) => JSON.stringify(known.wanted) === JSON.stringify(one));
        return at < 0 ? one : left.splice(at, 1)[0]!;
      });
      for (const { set } of left) if (set) await this.#gdb.ask('-break-delete', set.number);
      const known: Known[] = [];
      for (const one of kept) known.push('id' in one ? one : await this.#insert(one));
      this.#groups.set(group, known);
      return known.map(toldBreakpoint);
    });
  }

  /** Sets those of another GDB here, too; the client knows them by the same numbers. */
  async takeOver(before: Breakpoints): Promise<void> {
    this.#ids = before.#ids;
    for (const [group, known] of before.#groups) {
      const here: Known[] = [];
      for (const { id, wanted } of known) here.push(await this.#insert(wanted, id));
      this.#groups.set(group, here);
    }
  }

  /** What has GDB's number. */
  find(number: string): (HitBreakpoint & { readonly logMessage?: string | undefined }) | undefined {
    for (const group of this.#groups.values()) {
      const known = group.find(({ set }) => set?.number === number);
      if (known) return { kind: known.wanted.kind, id: known.id, logMessage: known.wanted.logMessage };
    }
    return undefined;
  }

  /** Whether some only log. */
  get haveLogs(): boolean {
    return [...this.#groups.values()].some((group) => group.some(({ wanted }) => wanted.logMessage));
  }

  /** Hits are counted from 0 again. */
  async forgetHits(): Promise<void> {
    for (const group of this.#groups.values())
      for (const { set } of group)
        if (set?.counter !== undefined)
          await this.#gdb.ask('-data-evaluate-expression', `${set.counter} = 0`);
  }

  async #insert(wanted: WantedBreakpoint, id = ++this.#ids): Promise<Known> {
    try {
      return { id, wanted, set: await insert(this.#gdb, wanted), problem: undefined };
    } catch (error) {
      return { id, wanted, set: undefined, problem: error instanceof Error ? error.message : String(error) };
    }
  }
}

function toldBreakpoint({ id, set, problem }: Known): DebugProtocol.Breakpoint {
  return {
    id,
    verified: set !== undefined,
    ...(set?.line === undefined ? {} : { line: set.line }),
    ...(set?.address === undefined ? {} : { instructionReference: set.address }),
    ...(problem === undefined ? {} : { message: problem }),
  };
}
