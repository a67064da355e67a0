import path from 'node:path';
import type { BoardData } from '../../board/catalogue.ts';
import { UserError, throwIfCancelled } from '../../common/error.ts';
import { say } from '../../common/errors/sentence.ts';
import { readBounded } from '../../common/files.ts';
import { ReportParser } from '../../inference/parse.ts';
import type { InferenceReport } from '../../inference/report.ts';
import { isSimulated } from '../../simulator/boards/boards.ts';
import { simulate } from '../../simulator/run/run.ts';
import type { SimulationOptions, SimulationResult } from '../../simulator/run/simulation.ts';
import { type ElfFile, readElf } from '../../toolchain/elf.ts';
import { firmwareSize } from '../../toolchain/size.ts';
import { step, type StepContext } from './step.ts';

/** Largest firmware file read, in bytes; debug information included. */
const MAX_FIRMWARE_BYTES = 64 * 1024 * 1024;
/** Core cycles a firmware gets for its result, beside what printing takes: 10 s at 48 MHz. */
export const DEFAULT_CYCLE_LIMIT = 480e6;

/** Two lines of a report, `class = 12345` and `Confidence = -2000000000`, with their endings. */
const BYTES_PER_VALUE = 40;
/** Start bit, eight data bits, stop bit. */
const BITS_PER_BYTE = 10;

/** How loaded firmware is run. */
export interface RunConditions {
  readonly board: BoardData;
  /** C function of the network, whose cycles are wanted; without one nothing is counted, which is faster. */
  readonly network?: string | undefined;
  /** Test data written over those in the firmware, by symbol. */
  readonly patches?: readonly { readonly symbol: string; readonly bytes: Uint8Array }[];
  /** Core cycles after which it is ended; by default those of a calculation that hangs, however long the printing takes. */
  readonly cycleLimit?: number | undefined;
  /** Answer semihosting calls as a debugger does. */
  readonly semihosting?: boolean | undefined;
  /** UART bytes as they leave the board. */
  readonly onUart?: ((bytes: Uint8Array, timeUs: number) => void) | undefined;
}

export interface RunOptions extends RunConditions {
  /** ELF, Intel HEX or raw binary file; the network is named as it when no other name is given. */
  readonly firmware: string;
}

/** What a run on the simulated board showed. */
export interface BoardRun {
  readonly report: InferenceReport;
  /** Core cycles of one inference; undefined when the firmware has no symbols, or no network was named. */
  readonly cycles: number | undefined;
  /** Whole-firmware sizes; undefined when the firmware is no ELF file. */
  readonly flashBytes: number | undefined;
  readonly ramBytes: number | undefined;
  readonly simulation: SimulationResult;
}

/**
 * Runs firmware on the simulated board until it has printed a result.
 *
 * @throws UserError `board` when the board is not simulated, `input` when the file is no firmware, `firmware` when it
 * faults or never prints a result
 */
export async function run(options: RunOptions, context: StepContext = {}): Promise<BoardRun> {
  const { board, firmware: file } = options;
  return step(
    context,
    'run',
    `simulated ${board.name}`,
    async () => {
      requireSimulated(board);
      const network = options.network ?? path.basename(file, path.extname(file));
      return runLoaded(await readFirmware(file), { ...options, network }, context);
    },
    ({ report }) =>
      `simulated ${board.name}${saidText(report)}` +
      (report.timeUs === undefined ? '' : `, ${report.timeUs} us`),
  );
}

/** What a report says, in a few words. */
function saidText({ top1, confidences, reconstruction }: InferenceReport): string {
  if (reconstruction) return `, reconstruction error ${reconstruction.error}`;
  if (top1 !== undefined) return `, Top1 ${top1}`;
  return confidences.length > 0 ? ', Top1 unknown' : '';
}

/** Reads a firmware file. @throws UserError `input` when it is missing, unreadable or too large */
export async function readFirmware(file: string): Promise<Uint8Array> {
  return readBounded(file, MAX_FIRMWARE_BYTES, say`firmware`);
}

/**
 * The same for firmware that has been read, without telling of a step.
 *
 * @param firmware ELF, Intel HEX or raw binary
 * @throws UserError as `run` does, and `cancelled`
 */
export async function runLoaded(
  firmware: Uint8Array,
  options: RunConditions,
  context: StepContext = {},
): Promise<BoardRun> {
  const { board, network } = options;
  const elf = elfOf(firmware);
  const simulation = await simulate({
    boardId: board.id,
    firmware,
    untilReport: true,
    ...(options.cycleLimit === undefined
      ? { cycleLimit: DEFAULT_CYCLE_LIMIT, printing: printingOf(board) }
      : { cycleLimit: options.cycleLimit }),
    profile: elf !== undefined && network !== undefined,
    semihosting: options.semihosting ?? false,
    ...(options.patches ? { patches: options.patches } : {}),
    ...(context.signal ? { signal: context.signal } : {}),
    ...(options.onUart ? { onUart: options.onUart } : {}),
  });
  throwIfCancelled(context.signal);
  const parser = new ReportParser();
  const [first] = parser.push(simulation.uart);
  const report = first ?? parser.end();
  if (!report) throw noReport(board, simulation);
  const size = elf && firmwareSize(elf, board.flash);
  return {
    report,
    cycles: network === undefined ? undefined : cyclesOfOneCall(simulation, network),
    flashBytes: size?.flashBytes,
    ramBytes: size?.ramBytes,
    simulation,
  };
}

/** @throws UserError `board` when there is no simulated board of this kind */
export function requireSimulated(board: BoardData): void {
  if (isSimulated(board)) return;
  throw new UserError('board', say`${board.name} cannot be simulated.`, [
    { do: 'stopAfterBuild' },
    { do: 'chooseBoard', which: 'simulated' },
  ]);
}

/** What printing may take on a board: its console's speed, and as many values as its RAM can hold. */
function printingOf({ coreClockHz, console, ram }: BoardData): SimulationOptions['printing'] {
  return {
    cyclesPerByte: (coreClockHz * BITS_PER_BYTE) / console.baudRate,
    bytes: ram.reduce((sum, { size }) => sum + size, 0) * BYTES_PER_VALUE,
  };
}

/** The firmware as an ELF file; undefined for Intel HEX and raw binaries. */
function elfOf(firmware: Uint8Array): ElfFile | undefined {
  const isElf = firmware.length > 4 && firmware[0] === 0x7f && firmware[1] === 0x45;
  return isElf ? readElf(firmware) : undefined;
}

function cyclesOfOneCall(simulation: SimulationResult, network: string): number | undefined {
  const symbol = simulation.symbols?.get(network);
  return symbol && symbol.calls > 0 ? Math.round(symbol.inclusive / symbol.calls) : undefined;
}

function noReport(board: BoardData, simulation: SimulationResult): UserError {
  const { stop, fault, cycles, uart } = simulation;
  const printed = Buffer.from(uart.subarray(0, 4096)).toString('latin1');
  if (stop === 'fault' && fault) {
    const registers = Object.entries(fault.registers)
      .map(([name, value]) => `${name} = 0x${(value >>> 0).toString(16).padStart(8, '0')}`)
      .join('\n');
    return new UserError(
      'firmware',
      say`The firmware crashed on the simulated ${board.name}. ${fault.sentence}`,
      fault.isSemihosting
        ? { do: 'answerSemihosting' }
        : [say`A stack that is too small is the usual reason.`, { do: 'seeDetail' }],
      `${registers}\nprinted so far:\n${printed}`,
    );
  }
  const when =
    stop === 'cycle-limit' ? say`within ${cycles} cycles` : say`before it stopped in an endless loop`;
  return new UserError(
    'firmware',
    uart.length > 0
      ? say`The firmware did not print a result on the simulated ${board.name} ${when}.`
      : say`The firmware printed nothing on the simulated ${board.name} ${when}.`,
    [say`Is it built for this board, and does it print on its console?`, { do: 'seeDetail' }],
    printed,
  );
}
