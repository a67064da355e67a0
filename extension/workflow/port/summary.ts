import type { Task, Threshold } from '../../../webview/shared/task.ts';
import { rawSteps } from '../../bundle/rawSteps.ts';
import type { Affine, RawUnit } from '../../common/affine.ts';
import type { LeftOut } from '../../data/leftOut.ts';
import type { PrintedReconstruction } from '../../inference/report.ts';
import type { ComparedOutput, Expected } from '../compare/compare.ts';
import type { QuantizeOptions } from '../../quantize/options.ts';
import type { Closeness, OutputErrors } from '../compare/closeness.ts';
import type { RoundingCheck } from '../numbers/roundingMeter.ts';
import type { QuantizationCheck } from '../numbers/checkNetwork.ts';
import type { FirmwareResult } from './result.ts';
import type { BoardRun } from '../steps/run.ts';

/** What `glowport port --json` prints. Values that are not known (the firmware was not run) are null. */
export interface PortSummary {
  readonly board: string;
  /** Only when it was not the built-in compiler. */
  readonly compiler?: 'glow';
  /** Only when `auto` took Glow: why the built-in compiler refused the model. */
  readonly insteadBecause?: string;
  /** Only of a network that Glow compiled: kinds of its layers that compute in floating point, where there are any. */
  readonly floatKinds?: readonly string[];
  /** What the network answers: `classify`, `regress`, `anomaly` or `raw`. */
  readonly task: Task;
  /** Class with the highest confidence, as the board printed it. */
  readonly top1: number | null;
  /** As the board printed them, by class: the network's own integers. */
  readonly confidences: readonly number[] | null;
  /** Only of classes whose numbers are known to be logits or probabilities: percent of each, of what the PC computes. */
  readonly percents?: readonly number[];
  /** Only of outputs that are printed by their names: their integers as the board printed them, and real numbers where it printed any. */
  readonly others?: readonly {
    readonly name: string;
    readonly values: readonly number[];
    readonly reals?: readonly string[];
  }[];
  /** Only of these: how they compare with the PC. */
  readonly compared?: readonly Omit<ComparedOutput, 'distance'>[];
  /** Only of `anomaly`, where it ran: what the board printed; `error` and `threshold` in its own units. */
  readonly reconstruction?: PrintedReconstruction;
  /** Only of `anomaly`: the threshold in real units, and whether it was chosen or measured. */
  readonly threshold?: Threshold;
  /**
   * The PC's results for the same image: the quantized network's integers, and the float network's real values; null where
   * nothing on the PC computes the network.
   */
  readonly expected: Expected | null;
  /**
   * The board printed exactly the integers of `expected.quantized` and their Top1; of a network that nothing on the PC repeats,
   * Top1 alone; null when it was not compared.
   */
  readonly match: boolean | null;
  /** Only when Glow compiled it and it ran: how far the outputs are from the float network's, see `Distance`. */
  readonly distance?: {
    readonly steps: number;
    readonly real: number;
    readonly class: number;
    readonly close: boolean;
  };
  /** How near the quantized network stays to the float one over the samples; null when Glow compiled it. */
  readonly quantization: QuantizationSummary | null;
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
  /** Files of the samples' folders that are no samples, for each reason; absent where there are none. */
  readonly leftOut?: readonly LeftOut[];
  /** Inputs that are normalized: how a raw value becomes what the firmware takes; absent where none is. */
  readonly rawInputs?: readonly RawInput[];
  /** Of these, what the network keeps between inferences; absent where it keeps nothing. */
  readonly stateBytes?: number;
}

/** An input's steps from raw values: q = factor * raw + shift, rounded and limited, one for each channel. */
export interface RawInput {
  readonly name: string;
  readonly of: RawUnit['of'];
  readonly steps: readonly Affine[];
}

/** See `Closeness`, `Loss` and `Trial`. */
export interface QuantizationSummary {
  readonly close: boolean;
  readonly samples: number;
  /** null where the result is no list of classes. */
  readonly sameTop1: number | null;
  /** null: no error at all. */
  readonly sqnrDb: number | null;
  /** Only of `regress`: differences from the float network in real units. */
  readonly errors?: OutputErrors;
  /** Only of `anomaly` with a threshold: samples of which both networks say the same. */
  readonly sameVerdict?: number;
  /** Name of the node in which most is lost; null when it is close. */
  readonly lostIn: string | null;
  /** What the fast rounding of a model that is quantized already changes; absent for others. */
  readonly rounding?: RoundingCheck;
  /** Other choices of quantization that keep it nearer, those first that cost nothing on the board. */
  readonly nearer: readonly {
    readonly change: Partial<QuantizeOptions>;
    readonly samples: number;
    readonly sameTop1: number | null;
    readonly sqnrDb: number | null;
  }[];
}

/** What `glowport run --json` prints: the part of it that firmware alone can tell. */
export type RunSummary = Omit<
  PortSummary,
  | 'compiler'
  | 'task'
  | 'percents'
  | 'compared'
  | 'threshold'
  | 'insteadBecause'
  | 'floatKinds'
  | 'expected'
  | 'match'
  | 'distance'
  | 'quantization'
  | 'modelFlashBytes'
  | 'modelRamBytes'
  | 'stateBytes'
  | 'leftOut'
  | 'rawInputs'
>;

export function runSummary(board: string, run: BoardRun): RunSummary {
  return {
    board,
    top1: run.report.top1 ?? null,
    confidences: byIndex(run.report.confidences.map((c) => [c.classIndex, c.value] as const)),
    ...(run.report.others
      ? {
          others: run.report.others.map(({ name, values, reals }) => ({
            ...{ name, values: byIndex([...values]) },
            ...(reals ? { reals: [...reals.values()] } : {}),
          })),
        }
      : {}),
    ...(run.report.reconstruction ? { reconstruction: run.report.reconstruction } : {}),
    cycles: run.cycles ?? null,
    timeUs: run.report.timeUs ?? null,
    flashBytes: run.flashBytes ?? null,
    ramBytes: run.ramBytes ?? null,
    stackBytes: run.simulation.stackBytes,
  };
}

export function portSummary(result: FirmwareResult): PortSummary {
  const ran = result.run && runSummary(result.board.id, result.run);
  return {
    board: result.board.id,
    ...(result.compiler === 'glow' ? { compiler: 'glow' } : {}),
    ...(result.insteadBecause === undefined ? {} : { insteadBecause: result.insteadBecause }),
    ...(result.floatKinds.length > 0 ? { floatKinds: result.floatKinds } : {}),
    task: result.answer.task,
    top1: ran?.top1 ?? null,
    confidences: ran?.confidences ?? null,
    ...(result.pc?.percents ? { percents: result.pc.percents } : {}),
    ...(ran?.others ? { others: ran.others } : {}),
    ...comparedSummary(result),
    ...(ran?.reconstruction ? { reconstruction: ran.reconstruction } : {}),
    ...(result.answer.threshold ? { threshold: result.answer.threshold } : {}),
    expected: result.pc?.expected ?? null,
    match: result.comparison?.match ?? null,
    ...distanceSummary(result),
    quantization: result.check ? quantizationSummary(result.check) : null,
    cycles: ran?.cycles ?? null,
    timeUs: ran?.timeUs ?? null,
    flashBytes: result.firmware.flashBytes,
    ramBytes: result.firmware.ramBytes,
    stackBytes: ran?.stackBytes ?? null,
    modelFlashBytes: result.model.flashBytes,
    modelRamBytes: result.model.ramBytes,
    ...(result.bundle.stateBytes > 0 ? { stateBytes: result.bundle.stateBytes } : {}),
    ...(result.leftOut.length > 0 ? { leftOut: result.leftOut } : {}),
    ...rawSummary(result),
  };
}

function rawSummary({ bundle, rawUnits }: FirmwareResult): Pick<PortSummary, 'rawInputs'> {
  const normalized = bundle.placeholders.filter((p) => Object.hasOwn(rawUnits, p.name));
  if (normalized.length === 0) return {};
  return {
    rawInputs: normalized.map((p) => {
      const raw = rawUnits[p.name]!;
      return { name: p.name, of: raw.of, steps: rawSteps(p, raw) };
    }),
  };
}

function comparedSummary({ comparison }: FirmwareResult): Pick<PortSummary, 'compared'> {
  if (!comparison || comparison.others.length === 0) return {};
  return {
    compared: comparison.others.map(({ name, elements, differing, fromFloat }) => ({
      ...{ name, elements, differing, fromFloat },
    })),
  };
}

function distanceSummary({ comparison }: FirmwareResult): Pick<PortSummary, 'distance'> {
  if (!comparison?.distance) return {};
  const { steps, real, classIndex, isFar } = comparison.distance;
  return { distance: { steps, real, class: classIndex, close: !isFar } };
}

function quantizationSummary({ closeness, loss, trials, rounding }: QuantizationCheck): QuantizationSummary {
  const figures = ({ samples, namesClasses, sameTop1, sqnrDb }: Closeness) => ({
    samples,
    sameTop1: namesClasses ? sameTop1 : null,
    sqnrDb: sqnrDb ?? null,
  });
  return {
    close: closeness.isClose,
    ...figures(closeness),
    ...(closeness.errors ? { errors: closeness.errors } : {}),
    ...(closeness.sameVerdict === undefined ? {} : { sameVerdict: closeness.sameVerdict }),
    lostIn: loss?.node ?? null,
    ...(rounding ? { rounding } : {}),
    nearer: trials.map((trial) => ({ change: trial.change, ...figures(trial.closeness) })),
  };
}

/** Values by their number; one that was not printed leaves a hole that JSON shows as null. */
function byIndex(printed: readonly (readonly [index: number, value: number])[]): number[] {
  const values: number[] = [];
  for (const [index, value] of printed) if (index < printed.length * 2) values[index] = value;
  return values;
}
