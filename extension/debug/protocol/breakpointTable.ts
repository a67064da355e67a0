import type { Watchpoint } from '../../simulator/machine/bus.ts';
import type { Debuggee } from '../target/debuggee.ts';
import { hexNumber } from './hex.ts';

/** The most of all kinds together; the simulator has no limit of its own. */
const MOST = 10_000;

const ACCESS = { '2': 'write', '3': 'read', '4': 'any' } as const;

/** What `Z` and `z` set and remove: breakpoints (0 in software, 1 in hardware, here the same) and watchpoints (2, 3, 4). */
export class BreakpointTable {
  readonly #software = new Set<number>();
  readonly #hardware = new Set<number>();
  readonly #watchpoints = new Map<string, Watchpoint>();

  isHardware(address: number): boolean {
    return this.#hardware.has(address) && !this.#software.has(address);
  }

  /**
   * @param command what follows `Z` or `z`: kind, address, and an instruction's or the range's bytes
   * @returns `OK`, an error, or the empty answer for a kind that does not exist
   */
  change(command: string, isSet: boolean): string {
    const [place = ''] = command.split(';'); // conditions would follow, which GDB tests itself
    const [kind = '', at, bytes, ...more] = place.split(',');
    const address = at === undefined ? undefined : hexNumber(at);
    const size = bytes === undefined ? undefined : hexNumber(bytes);
    if (!/^[0-4]$/.test(kind)) return '';
    if (address === undefined || size === undefined || more.length > 0) return 'E01';
    const count = this.#software.size + this.#hardware.size + this.#watchpoints.size;
    if (isSet && count >= MOST) return 'E0c';
    if (kind === '0' || kind === '1') {
      const set = kind === '0' ? this.#software : this.#hardware;
      const instruction = (address & ~1) >>> 0;
      if (isSet) set.add(instruction);
      else set.delete(instruction);
      return 'OK';
    }
    if (size === 0) return 'E01';
    if (isSet) this.#watchpoints.set(place, { address, size, access: ACCESS[kind as keyof typeof ACCESS] });
    else this.#watchpoints.delete(place);
    return 'OK';
  }

  /** Makes them what stops the board: before it is resumed, for debuggers set and remove many at each stop. */
  apply(debuggee: Debuggee): void {
    debuggee.breakpoints = new Set([...this.#software, ...this.#hardware]);
    debuggee.watchpoints = [...this.#watchpoints.values()];
  }

  clear(): void {
    this.#software.clear();
    this.#hardware.clear();
    this.#watchpoints.clear();
  }
}
