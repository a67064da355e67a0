import type { InferenceReport } from '../../inference/report.ts';
import type { Expected } from '../compare/compare.ts';
import type { PortResult } from './port.ts';
import type { BoardRun } from '../steps/run.ts';

/** What `glowport port --json` prints. Values that are not known (the firmware was not run) are null. */
export interface PortSummary {
  readonly board: string;
  /** Only when it was not the built-in compiler. */
  readonly compiler?: 'glow';
  /** Only when `auto` took Glow: why the built-in compiler refused the model. */
  readonly insteadBecause?: string;
  /** Class with the highest confidence, as the board printed it. */
  readonly top1: number | null;
  /** As the board printed them, by class: the network's own integers. */
  readonly confidences: readonly number[] | null;
  /** The PC's results for the same image: the quantized network's integers, and the float network's real values. */
  readonly expected: Expected;
  /** The board printed exactly the integers of `expected.quantized` and their Top1. */
  readonly match: boolean | null;
  /** Core cycles of one inference, counted by the simulator. */
  readonly cycles: number | null;
  /** Inference time in microseconds, as the board printed it. */
  readonly timeUs: number | null;
  /** Whole firmware. */
  readonly flashBytes: number | null;
  /** Whole firmware: variables and the reserved stack. */
  readonly ramBytes: number | null;
  /** High-water mark of the stack. */
  readonly stackBytes: number | null;
  /** The model alone: code and constants. */
  readonly modelFlashBytes: number;
  /** The model alone: placeholders and activations. */
  readonly modelRamBytes: number;
}

/** What `glowport run --json` prints: the part of it that firmware alone can tell. */
export type RunSummary = Omit<
  PortSummary,
  'compiler' | 'insteadBecause' | 'expected' | 'match' | 'modelFlashBytes' | 'modelRamBytes'
>;

export function runSummary(board: string, run: BoardRun): RunSummary {
  return {
    board,
    top1: run.report.top1 ?? null,
    confidences: byClass(run.report),
    cycles: run.cycles ?? null,
    timeUs: run.report.timeUs ?? null,
    flashBytes: run.flashBytes ?? null,
    ramBytes: run.ramBytes ?? null,
    stackBytes: run.simulation.stackBytes,
  };
}

export function portSummary(result: PortResult): PortSummary {
  const ran = result.run && runSummary(result.board.id, result.run);
  return {
    board: result.board.id,
    ...(result.compiler === 'glow' ? { compiler: 'glow' } : {}),
    ...(result.insteadBecause === undefined ? {} : { insteadBecause: result.insteadBecause }),
    top1: ran?.top1 ?? null,
    confidences: ran?.confidences ?? null,
    expected: result.pc.expected,
    match: result.comparison?.match ?? null,
    cycles: ran?.cycles ?? null,
    timeUs: ran?.timeUs ?? null,
    flashBytes: result.firmware.flashBytes,
    ramBytes: result.firmware.ramBytes,
    stackBytes: ran?.stackBytes ?? null,
    modelFlashBytes: result.model.flashBytes,
    modelRamBytes: result.model.ramBytes,
  };
}

/** Confidences with the class number as index; a class that was not printed leaves a hole that JSON shows as null. */
function byClass(report: InferenceReport): number[] {
  const values: number[] = [];
  for (const { classIndex, value } of report.confidences) {
    if (classIndex < report.confidences.length * 2) values[classIndex] = value;
  }
  return values;
}
