import { largest } from '../common/lists.ts';
import type { Task } from '../bundle/bundle.ts';
import type { Overhead, Platform } from './board.ts';
import { type BoardData, boards } from './catalogue.ts';

/** Whether a board's {@link Overhead} is its own, or that of boards like it. */
export type Basis = 'measured' | 'estimated';

/**
 * What the firmware around a network takes of a board: as measured on it, or estimated where nobody has.
 * @param platform `own` is `sdk` on a board without board support of our own, which has no other firmware
 */
export function firmwareOverhead(
  board: BoardData,
  platform: Platform = 'own',
): Overhead & { readonly basis: Basis } {
  const built = platform === 'own' && !board.bsp ? 'sdk' : platform;
  const measured = board.overhead?.[built];
  if (measured) return { ...measured, basis: 'measured' };
  return { ...estimateOverhead(board, built, boards()), basis: 'estimated' };
}

/**
 * An upper estimate: the largest of each figure among the measured boards that are most like this one (the same core and the
 * same PRINTF; else the same core; else any), and a tenth more. That is enough for each board of the catalogue, estimated from
 * the others.
 */
export function estimateOverhead(
  board: BoardData,
  platform: Platform,
  catalogue: readonly BoardData[],
): Overhead {
  const isLike: readonly ((other: BoardData) => boolean)[] = [
    (other) => other.core === board.core && other.sdk.printfAdvanced === board.sdk.printfAdvanced,
    (other) => other.core === board.core,
    () => true,
  ];
  const measured = isLike
    .map((like) => catalogue.filter(like).flatMap((other) => other.overhead?.[platform] ?? []))
    .find((list) => list.length > 0);
  if (!measured) throw new Error(`no board's firmware has been measured on ${platform}`);
  const most = (of: (o: Overhead) => number): number => withMargin(largest(measured.map(of)));
  return {
    flashBytes: most((o) => o.flashBytes) + Math.max(0, (board.sdk.codeOffset ?? 0) - MEASURED_OFFSET),
    ramBytes: most((o) => o.ramBytes),
    stackBytes: most((o) => o.stackBytes),
    callerStackBytes: most((o) => o.callerStackBytes),
  };
}

/**
 * Bytes of flash that code for an answer takes more than that for classes, which the boards' figures hold: the most on any of our own
 * boards, gcc's library for 64-bit products included. test/project/answers.test.ts holds them to what is built.
 */
export const ANSWER_BYTES: Readonly<Record<Task, number>> = {
  classify: 0,
  regress: 270,
  anomaly: 220,
  raw: 0,
};

/** Bytes before the code on i.MX RT, the most of all boards that are measured: boot header and vectors. */
const MEASURED_OFFSET = 0x2400;

/** A tenth more, in whole double words as stacks are. */
function withMargin(bytes: number): number {
  return Math.ceil((bytes * 1.1) / 8) * 8;
}
