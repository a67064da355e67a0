import { smallest } from '../common/lists.ts';
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { UserError } from '../common/error.ts';
import type { Remedy } from '../common/errors/remedy.ts';
import { say } from '../common/errors/sentence.ts';
import { productRoot } from '../common/resources.ts';
import type { Board, MemoryRegion, Overhead, Platform } from './board.ts';
import type { FlashTool } from './flashTools.ts';

/** Everything templates/boards/ID.json states; addresses there are hexadecimal strings, here numbers. */
export interface BoardData extends Board {
  readonly partNumber: string;
  /** The processor's name in NXP's SDK and MCUXpresso Config Tools. */
  readonly processor: string;
  /** With its registers where firmware or a simulator of ours drives it. */
  readonly console: Board['console'] | ConsoleData;
  readonly clock: {
    readonly mode: string;
    readonly crystalHz?: number;
    readonly resetHz?: number;
    readonly busHz?: number;
    readonly flashHz?: number;
  };
  readonly timing: {
    /** Cycles on this board for one cycle of its core without wait states. */
    readonly cyclesFactor: number;
    readonly note: string;
  };
  readonly init: {
    readonly headers: readonly string[];
    /** C calls at the start of main(), in order, without the semicolon. */
    readonly calls: readonly string[];
    /** Functions among them that not every release of the SDK has; the board runs without. */
    readonly optional?: readonly string[];
    readonly note: string;
  };
  readonly compile: { readonly cpuFlags: readonly string[]; readonly defines: readonly string[] };
  readonly sdk: SdkData;
  /** Debug probes found on this board; `usb` holds VID:PID in hexadecimal, empty where unknown. */
  readonly probes: readonly { readonly name: string; readonly usb: readonly string[] }[];
  /** What each flash tool calls this board's device; left out where the tool cannot write its flash. */
  readonly flashTools: Readonly<Partial<Record<FlashTool, string>>>;
  /** Why a flash tool is not among them, as a clause. */
  readonly notFlashedBy?: Readonly<Partial<Record<FlashTool, string>>>;
  readonly timers: readonly string[];
  /** What AN13438's Table 2 gives for this board: whole firmware, and core cycles of one inference. */
  readonly an13438?: { readonly flashBytes: number; readonly ramBytes: number; readonly cycles: number };
  /** What the firmware takes, where it has been measured; overhead.ts estimates the rest. */
  readonly overhead?: Readonly<Partial<Record<Platform, Overhead>>>;
  /** Boot code of our own board support; boards without it have firmware on NXP's SDK only. */
  readonly bsp?: BspData;
  /** Boards of newer SDKs with the same processor and the same memories: what is measured on this one holds for them. */
  readonly successors?: readonly string[];
  /** Where each group of facts was read. */
  readonly sources: Readonly<Record<string, string>>;
}

export interface ConsoleData {
  /** Peripheral, such as `LPUART0`. */
  readonly name: string;
  readonly baudRate: number;
  readonly type: 'uart' | 'lpuart' | 'miniusart';
  readonly base: number;
  readonly irq: number;
  readonly clockHz: number;
  readonly clockSource: string;
  /** Width of the status and data registers. */
  readonly bits: 8 | 32;
  readonly status: number;
  /** Bits of the status register: ready for the next byte, all bytes sent. */
  readonly ready: number;
  readonly complete: number;
  readonly data: number;
}

/** What a project on NXP's SDK needs; paths are relative to the root of the SDK (mcux-sdk layout). */
export interface SdkData {
  readonly boardFolder: string;
  readonly deviceFolder: string;
  readonly linkerScript: string;
  /** Bytes of the flash before the code; known of boards that an SDK describes. */
  readonly codeOffset?: number;
  /** Core's folder beside the board's examples, such as `cm33_core0`; where it is left out, `cm7` if there is one. */
  readonly coreFolder?: string;
  /** What the linker script reserves unless it is told. */
  readonly heapBytes?: number;
  readonly stackBytes?: number;
  readonly asmDefines: readonly string[];
  /** PRINTF_ADVANCED_ENABLE=1, as AN13438 asks, fits this board's flash. */
  readonly printfAdvanced: boolean;
  /** Vector 7 holds the checksum of vectors 0 to 6, as LPC boot ROMs ask. */
  readonly vectorChecksum?: boolean;
  readonly sources: readonly string[];
  readonly includeDirs: readonly string[];
  readonly pinMux: string;
}

/** Register accesses that boot a board without NXP's SDK. */
export interface BspData {
  readonly registers: Readonly<Record<string, { readonly address: number; readonly bits: 8 | 16 | 32 }>>;
  /** Flash below this address and above the vector table holds code of the BSP. */
  readonly lowFlashEnd: number;
  readonly flashConfig: { readonly address: number; readonly bytes: string; readonly note: string };
  /** Vector 7 holds the checksum of vectors 0 to 6, as LPC boot ROMs ask. */
  readonly vectorChecksum?: boolean;
  readonly clockSelect?: { readonly register: string; readonly attach: number; readonly why: string };
  readonly flashAccess?: { readonly register: string; readonly limitHz: number };
  readonly watchdog: readonly RegisterStep[];
  readonly pins: readonly RegisterStep[];
  readonly clock: readonly RegisterStep[];
  readonly console: readonly RegisterStep[];
}

/** One step of boot code: exactly one of write, set, clear, poll (a register's name), call or delay is there. */
export interface RegisterStep {
  readonly write?: string;
  readonly set?: string;
  readonly clear?: string;
  readonly value?: number;
  readonly poll?: string;
  readonly mask?: number;
  readonly equals?: number;
  /** Address of a boot ROM function taking `argument`. */
  readonly call?: number;
  readonly argument?: number;
  /** Loop passes of a few cycles each. */
  readonly delay?: number;
  readonly why: string;
}

let catalogue: readonly BoardData[] | undefined;

/** All boards, grouped by family, smallest flash first. Read once from templates/boards/, whose schema a test holds. */
export function boards(): readonly BoardData[] {
  catalogue ??= readCatalogue(path.join(productRoot, 'templates', 'boards'));
  return catalogue;
}

/** Boards that SDKs describe, read in this process. */
const fromSdks = new Map<string, BoardData>();

/** The catalogue's boards, and those of SDKs that were read since. */
export function knownBoards(): readonly BoardData[] {
  return fromSdks.size === 0 ? boards() : inOrder([...boards(), ...fromSdks.values()]);
}

/** Makes boards known that an SDK describes. One of the catalogue stays as it is there, where more is known of it. */
export function addSdkBoards(list: readonly BoardData[]): void {
  const ours = new Set(boards().map((b) => b.id));
  for (const board of list) if (!ours.has(board.id)) fromSdks.set(board.id, board);
}

/** Another SDK's boards may come. */
export function forgetSdkBoards(): void {
  fromSdks.clear();
}

/** What a board is found by. */
export interface NamedBoard {
  readonly id: string;
  readonly name: string;
  readonly partNumber?: string;
}

/** Shortest part of a name that is looked for: less is in nearly all of them. */
const MIN_PART = 3;

/**
 * Finds a board by its id (`frdmke16z`), its name (`FRDM-KE16Z`), or a part of these or of its processor's number that no
 * other board has (`KE16Z`, `rt1060`), in any spelling of case, dashes and spaces.
 * @throws UserError `board` with the boards it may be, or the nearest ones, when there is not exactly one.
 */
export function findBoard(idOrName: string): BoardData {
  return findAmong(idOrName, knownBoards());
}

/** As {@link findBoard}, among other boards. */
export function findAmong<T extends NamedBoard>(idOrName: string, among: readonly T[]): T {
  const wanted = plain(idOrName);
  const found = among.find((b) => plain(b.id) === wanted || plain(b.name) === wanted);
  if (found) return found;
  const having =
    wanted.length < MIN_PART
      ? []
      : among.filter((b) => [b.id, b.name, b.partNumber ?? ''].some((text) => plain(text).includes(wanted)));
  const [only, second] = having;
  if (only && !second) return only;
  const shown = idOrName.slice(0, 60);
  if (second) {
    throw new UserError('board', say`"${shown}" is a part of several boards' names.`, meant(having));
  }
  const near = among
    .map((board) => ({
      board,
      distance: Math.min(editDistance(wanted, plain(board.id)), editDistance(wanted, plain(board.name))),
    }))
    .sort((a, b) => a.distance - b.distance)
    .filter(({ distance }) => distance <= Math.max(3, wanted.length / 2))
    .slice(0, 3)
    .map(({ board }) => board);
  throw new UserError(
    'board',
    say`There is no board "${shown}".`,
    near.length > 0 ? meant(near) : { do: 'chooseBoard', which: 'any' },
  );
}

function meant(list: readonly NamedBoard[]): Remedy {
  return { do: 'chooseBoard', which: 'any', near: list.map((b) => b.id) };
}

function readCatalogue(folder: string): BoardData[] {
  const all = readdirSync(folder)
    .filter((file) => file.endsWith('.json') && file !== 'schema.json')
    .map((file) => withNumbers(JSON.parse(readFileSync(path.join(folder, file), 'utf8'))) as BoardData);
  return inOrder(all);
}

/** Families by their smallest flash, in them boards by theirs. */
function inOrder(all: BoardData[]): BoardData[] {
  const familyFlash = (family: string): number =>
    smallest(all.filter((b) => b.family === family).map((b) => b.flash.size));
  return all.sort(
    (a, b) =>
      familyFlash(a.family) - familyFlash(b.family) ||
      a.family.localeCompare(b.family) ||
      a.flash.size - b.flash.size ||
      a.name.localeCompare(b.name),
  );
}

/** `0x…` strings become numbers, everywhere. */
function withNumbers(value: unknown): unknown {
  if (typeof value === 'string') return /^0x[0-9A-Fa-f]+$/.test(value) ? Number(value) : value;
  if (Array.isArray(value)) return value.map(withNumbers);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, v]) => [key, withNumbers(v)]));
}

/** NXP's LPCXpresso boards are called LPC in short. */
function plain(text: string): string {
  return text
    .toLowerCase()
    .replace(/[\s_-]/g, '')
    .replace('lpcxpresso', 'lpc');
}

/** Levenshtein distance; inputs are bounded because names are typed by hand. */
function editDistance(a: string, b: string): number {
  const s = a.slice(0, 60);
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= s.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (s[i - 1] === b[j - 1] ? 0 : 1)));
    }
    row = next;
  }
  return row[b.length]!;
}

/**
 * The RAM that a firmware's variables and stack lie in, so that a network can use no other: the first region, as NXP's linker
 * scripts have it. An i.MX RT has more (code runs from ITCM, buffers lie in OCRAM).
 */
export function dataRam(board: Pick<BoardData, 'ram'>): MemoryRegion {
  return board.ram[0]!;
}

/** The console's registers, which every board of ours states. @throws Error for a board that an SDK alone describes */
export function consoleRegisters(board: BoardData): ConsoleData {
  if ('base' in board.console) return board.console;
  throw new Error(`the registers of ${board.name}'s console are not described`);
}

/** Bytes of RAM in all regions. */
export function totalRam(ram: readonly MemoryRegion[]): number {
  return ram.reduce((sum, region) => sum + region.size, 0);
}
