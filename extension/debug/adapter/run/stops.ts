import type { DebugProtocol } from '@vscode/debugprotocol';
import { grouped } from '../../../common/grouped.ts';
import { say, type Sentence } from '../../../common/errors/sentence.ts';
import type { BoardStopped } from '../dap/protocol.ts';
import { type MiTuple, textOf, tupleOf } from '../mi/value.ts';

/** A breakpoint that GDB has stopped for. */
export interface HitBreakpoint {
  readonly kind: 'source' | 'function' | 'instruction' | 'data' | 'entry';
  /** The client's number; absent of those that it has not set. */
  readonly id?: number | undefined;
}

/** A stop as the client is told it. */
interface ToldStop {
  readonly reason: DebugProtocol.StoppedEvent['body']['reason'];
  /** Where it stands, for the head of the call stack. */
  readonly description: Sentence;
  /** More about it, when there is more. */
  readonly text: Sentence | undefined;
  readonly hitBreakpointIds: readonly number[];
}

const BREAKPOINT_REASONS: Readonly<Record<HitBreakpoint['kind'], string>> = {
  source: 'breakpoint',
  function: 'function breakpoint',
  instruction: 'instruction breakpoint',
  data: 'data breakpoint',
  entry: 'entry',
};

/**
 * Why the board stands, for the user.
 * @param results what GDB says. @param board where the board stands. @param breakpoint what has a number of GDB's
 */
export function toldStop(
  results: MiTuple,
  board: BoardStopped,
  breakpoint: (number: string) => HitBreakpoint | undefined,
): ToldStop {
  const watched = ['wpt', 'hw-rwpt', 'hw-awpt'].map((name) => tupleOf(results, name)).find((w) => w);
  const number = textOf(results, 'bkptno') ?? (watched && textOf(watched, 'number'));
  const hit = number === undefined ? undefined : (breakpoint(number) ?? { kind: 'entry' });
  const told = (reason: string, what: Sentence, text?: Sentence): ToldStop => ({
    reason,
    description: withCycles(what, board.cyclesSinceStop),
    text,
    hitBreakpointIds: hit?.id === undefined ? [] : [hit.id],
  });
  if (hit?.kind === 'data') {
    return told(BREAKPOINT_REASONS.data, valueChange(results) ?? say`Watched access`);
  }
  if (hit?.kind === 'entry') return told('entry', say`Start`);
  if (hit) return told(BREAKPOINT_REASONS[hit.kind], say`Breakpoint`);
  if (board.stoppedFor === 'fault') return told('exception', say`Fault`, board.fault);
  if (board.compared) return told('pause', say`Compared with the PC`, board.compared);
  if (board.stoppedFor === 'exited') return told('pause', say`Ended by a semihosting call`);
  if (board.stoppedFor === 'begin') return told('pause', say`Begin of the past`);
  if (textOf(results, 'reason') === 'signal-received') return told('pause', say`Paused`);
  const returned = textOf(results, 'return-value');
  return told('step', returned === undefined ? say`Step` : say`Returned ${returned}`);
}

/** What a watched access has done; undefined when GDB does not say. */
function valueChange(results: MiTuple): Sentence | undefined {
  const value = tupleOf(results, 'value');
  const [before, after] = value ? [textOf(value, 'old'), textOf(value, 'new')] : [];
  if (before !== undefined && after !== undefined) return say`Changed from ${before} to ${after}`;
  const read = value && textOf(value, 'value');
  return read === undefined ? undefined : say`Accessed: ${read}`;
}

function withCycles(what: Sentence, cycles: number): Sentence {
  if (cycles === 0) return what;
  if (Math.abs(cycles) === 1) return cycles > 0 ? say`${what}, 1 cycle on` : say`${what}, 1 cycle back`;
  return cycles > 0
    ? say`${what}, ${grouped(cycles)} cycles on`
    : say`${what}, ${grouped(-cycles)} cycles back`;
}
