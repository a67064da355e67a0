import { say, type Sentence, type Value } from '../common/errors/sentence.ts';
import type { Platform } from './board.ts';
import { type BoardData, dataRam } from './catalogue.ts';
import { predictLatency } from './latency.ts';
import { firmwareOverhead } from './overhead.ts';
import { stackNeed } from './stack.ts';

/** What a network needs, without the firmware around it. */
export interface NetworkNeed {
  /** Code, constants, what they take of gcc's libraries, and the test data that the firmware carries. */
  readonly flashBytes: number;
  /** Mutable memory and activations, and the constants when they are copied to RAM. Without stack. */
  readonly ramBytes: number;
  /** Stack that a call of the network takes; undefined where its code does not tell. */
  readonly stackBytes?: number | undefined;
  /** An input or output is float32. */
  readonly floatPlaceholders: boolean;
  /** Predicted or measured, of the board's core without wait states; undefined when it is neither (Glow predicts none). */
  readonly cycles: number | undefined;
}

export interface Fit {
  readonly fits: boolean;
  /** Why it does not fit, each a short plain clause; empty when it fits. */
  readonly reasons: readonly Sentence[];
  /** Time of one inference in microseconds (undefined where cycles are), whether it was predicted, and what it rests on. */
  readonly timeUs: number | undefined;
  readonly timeBasis: 'measured' | 'predicted';
  readonly timeNote: string;
  /** What the bytes below rest on; all but those of `built` are about so many. */
  readonly basis: FitBasis;
  /** Bytes used by the whole firmware; RAM with the stack it needs, of `built` with the one that is reserved. */
  readonly flash: { readonly used: number; readonly total: number };
  readonly ram: { readonly used: number; readonly total: number };
}

/**
 * What a firmware's sizes rest on: it was built; they were added up, with what firmware takes of the board as it was measured; or that is
 * estimated, too.
 */
type FitBasis = 'built' | 'predicted' | 'estimated';

/** What the whole firmware takes of a board. */
export interface Taken {
  readonly flashBytes: number;
  /** With the stack it needs. */
  readonly ramBytes: number;
  readonly basis: FitBasis;
}

/** What firmware was measured to take of a board. */
export interface MeasuredFirmware {
  readonly flashBytes: number;
  /** Variables and the reserved stack. */
  readonly ramBytes: number;
  /** Microseconds of one inference, as it printed them; undefined where it has not run. */
  readonly timeUs: number | undefined;
}

/** Taken for the stack of a network whose code does not tell: twice what the layers of our own compiler take. */
const UNKNOWN_STACK = 256;

/**
 * What firmware with a network is predicted to take of a board: what it takes without, measured on the board or estimated, and
 * the network.
 * @param platform what the firmware around it is built on: NXP's SDK takes several times as much as our own board support
 */
function predictTaken(board: BoardData, need: NetworkNeed, platform: Platform = 'own'): Taken {
  const overhead = firmwareOverhead(board, platform);
  return {
    flashBytes: overhead.flashBytes + need.flashBytes,
    ramBytes: overhead.ramBytes + need.ramBytes + predictStack(board, need.stackBytes, platform),
    basis: overhead.basis === 'measured' ? 'predicted' : 'estimated',
  };
}

/** Bytes of stack that firmware with a network is predicted to need, an interrupt included; `networkBytes` as in {@link NetworkNeed}. */
export function predictStack(
  board: BoardData,
  networkBytes: number | undefined,
  platform: Platform = 'own',
): number {
  const { stackBytes, callerStackBytes } = firmwareOverhead(board, platform);
  return stackNeed(board, Math.max(stackBytes, callerStackBytes + (networkBytes ?? UNKNOWN_STACK)));
}

/**
 * Whether a network fits a board, and if not, why. RAM is the region that holds variables and stack.
 * @param taken what the firmware takes, where more is known than the prediction
 */
export function fitBoard(
  board: BoardData,
  need: NetworkNeed,
  platform: Platform = 'own',
  taken = predictTaken(board, need, platform),
): Fit {
  const flash = { used: taken.flashBytes, total: board.flash.size };
  const ram = { used: taken.ramBytes, total: dataRam(board).size };
  const reasons: Sentence[] = [];
  if (need.floatPlaceholders && !board.fpu) reasons.push(say`has no FPU: inputs and outputs must be int8`);
  if (flash.used > flash.total) reasons.push(tooMuch(say`flash`, flash, taken.basis));
  if (ram.used > ram.total) reasons.push(tooMuchRam(board, ram, taken.basis));
  const latency = need.cycles === undefined ? undefined : predictLatency(board, need.cycles);
  return {
    fits: reasons.length === 0,
    reasons,
    timeUs: latency?.timeUs,
    timeBasis: 'predicted',
    timeNote: latency?.note ?? 'Not known: nobody has predicted or measured the cycles.',
    basis: taken.basis,
    flash,
    ram,
  };
}

/**
 * What is known of a network on a board, where its firmware was built: what was measured comes before what was predicted.
 * @param predicted as {@link fitBoard} has it
 */
export function builtFit(predicted: Fit, measured: MeasuredFirmware): Fit {
  const { flashBytes, ramBytes, timeUs } = measured;
  return {
    ...predicted,
    // it is there: the linker found room
    ...{ fits: true, reasons: [], basis: 'built' },
    flash: { ...predicted.flash, used: flashBytes },
    ram: { ...predicted.ram, used: ramBytes },
    ...(timeUs === undefined ? {} : { timeUs, timeBasis: 'measured', timeNote: MEASURED_TIME }),
  };
}

const MEASURED_TIME = 'As firmware printed it on the simulated board, which reads flash without waiting.';

/** Whether a network would fit a board if the firmware around it took nothing: what an estimate cannot be wrong about. */
export function fitsAlone(board: BoardData, need: NetworkNeed): boolean {
  return (
    need.flashBytes <= board.flash.size &&
    need.ramBytes <= dataRam(board).size &&
    (board.fpu || !need.floatPlaceholders)
  );
}

/** As {@link tooMuch}, and where a board has more RAM than variables can use, which it is. */
function tooMuchRam(board: BoardData, ram: Fit['ram'], basis: FitBasis): Sentence {
  const sentence = tooMuch('RAM', ram, basis);
  if (board.ram.length === 1) return sentence;
  return say`${sentence} in ${dataRam(board).name}, where NXP's linker script keeps variables and stack`;
}

/** Such as `needs 1.6 KB RAM, has 1 KB (616 bytes too much)`. */
function tooMuch(memory: Value, { used, total }: { used: number; total: number }, basis: FitBasis): Sentence {
  const about = (value: Value): Value => (basis === 'estimated' ? say`about ${value}` : value);
  const missing = used - total;
  const over = about(missing === 1 ? say`1 byte too much` : say`${missing} bytes too much`);
  const has = kilobytes(total);
  return kilobytes(used) === has
    ? say`needs ${about(used)} bytes of ${memory}, has ${has} (${over})`
    : say`needs ${about(kilobytes(used))} ${memory}, has ${has} (${over})`;
}

/** Bytes as `1.6 KB` or `8 MB`, with a decimal where it says something. */
export function kilobytes(bytes: number): string {
  const mega = bytes >= 1 << 20;
  const value = bytes / (mega ? 1 << 20 : 1024);
  return `${Number(value.toFixed(value < 100 ? 1 : 0))} ${mega ? 'MB' : 'KB'}`;
}
