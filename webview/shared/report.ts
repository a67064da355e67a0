import type { SizeBasis, TimeBasis } from './firmwareText.ts';
import type { PlacedGraph } from './pictures/graph.ts';
import type { Task } from './task.ts';

/**
 * The model report as plain data: what the report view shows and what its JSON export holds. Numbers are plain
 * (bytes, cycles, real values), never formatted. Everything beyond the float graph is optional, because a report
 * exists at every stage: a model file just opened, a quantized graph, a compiled bundle, a firmware that has run.
 */
export interface ModelReport {
  readonly format: 'glowport-report';
  readonly version: 1;
  readonly model: ModelSummary;
  /** Board the model was ported to. */
  readonly board: ReportBoard | undefined;
  readonly layers: readonly ReportLayer[];
  readonly memory: readonly MemoryBar[];
  readonly arena: Arena | undefined;
  readonly accuracy: AccuracyReport | undefined;
  /** Boards this model could be ported to, as far as its needs are known. */
  readonly boards: readonly BoardFit[];
  /** What the list of boards lacks, as sentences. */
  readonly boardsNote?: string | undefined;
  /** The drawn graph, or one sentence why it is not drawn. */
  readonly graph: PlacedGraph | { readonly tooLarge: string };
  /** Sentences worth knowing before porting, such as a dimension that was fixed to 1. */
  readonly notes: readonly string[];
}

export interface ModelSummary {
  readonly name: string;
  /** File name as shown, without its folder. */
  readonly file: string | undefined;
  readonly fileBytes: number | undefined;
  readonly inputs: readonly Tensor[];
  readonly outputs: readonly Tensor[];
  /** Weights and biases. */
  readonly parameters: number;
  /** Multiply-accumulates of one inference. */
  readonly macs: number;
  /** What compiled it; undefined before it is compiled. */
  readonly compiler: 'builtin' | 'glow' | undefined;
  /** `float32` before quantization, else the activations' type. */
  readonly precision: 'float32' | 'int8' | 'int16';
  /** Largest sum of bytes of constants, code, placeholders and activations, once compiled. */
  readonly flashBytes: number | undefined;
  readonly ramBytes: number | undefined;
  /** Predicted cycles of one inference, sum over the layers. */
  readonly predictedCycles: number | undefined;
  /** Cycles measured on the simulated board: sum over the layers, or the whole inference where layers are not known. */
  readonly measuredCycles: number | undefined;
  /** Inference time the firmware printed, in microseconds. */
  readonly timeUs: number | undefined;
  /** Time of the predicted cycles on the report's board, in microseconds; undefined without a board. */
  readonly predictedTimeUs: number | undefined;
}

/** real = scale * (q - offset). */
export interface Quantization {
  /** int32: positions that ArgMax or ArgMin found. */
  readonly type: 'int8' | 'int16' | 'int32' | 'index32' | 'float32';
  readonly scale: number;
  readonly offset: number;
}

export interface Tensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly quantization: Quantization | undefined;
}

export interface ReportBoard {
  readonly id: string;
  readonly name: string;
  readonly coreClockHz: number;
}

/** One row of the layer table. */
export interface ReportLayer {
  readonly name: string;
  /** Such as `Conv2D 3×3 + ReLU + MaxPool 2×2`. */
  readonly operator: string;
  readonly inputShape: readonly number[];
  readonly outputShape: readonly number[];
  /** Of the output. */
  readonly quantization: Quantization | undefined;
  readonly macs: number;
  readonly parameters: number;
  readonly constantBytes: number | undefined;
  readonly codeBytes: number | undefined;
  readonly predictedCycles: number | undefined;
  /** Cycles of one call on the simulated board, helpers it calls included. */
  readonly measuredCycles: number | undefined;
  /** Kernel variant the compiler chose. */
  readonly variant: string | undefined;
  /** C function of the layer. */
  readonly symbol: string | undefined;
  /** Names of the graph's nodes this layer covers. */
  readonly nodes: readonly string[];
  readonly weights: WeightStatistics | undefined;
  readonly activation: ActivationStatistics | undefined;
  readonly error: ValueError | undefined;
}

/** Equal bins over [min, max]. */
export interface Histogram {
  readonly min: number;
  readonly max: number;
  readonly counts: readonly number[];
}

export interface WeightStatistics {
  readonly count: number;
  /** Real values. */
  readonly min: number;
  readonly max: number;
  readonly zeros: number;
  readonly histogram: Histogram;
  /** Quantization of the weights; several entries when each output channel has its own. */
  readonly scales: readonly number[];
}

export interface ActivationStatistics {
  /** Range seen over the samples. */
  readonly min: number;
  readonly max: number;
  readonly histogram: Histogram | undefined;
  /** Range that the quantized type can express. */
  readonly representable: { readonly min: number; readonly max: number } | undefined;
}

/** Difference between the float and the quantized value over all elements of all samples, in real units. */
export interface ValueError {
  /** 10 log10(sum x^2 / sum (x - x')^2) in dB; undefined when there is no error at all or no signal. */
  readonly sqnrDb: number | undefined;
  readonly meanAbsolute: number;
  readonly maxAbsolute: number;
  /** Root of the mean squared difference. */
  readonly rmse: number;
  /** Mean of |x|, to judge the error by. */
  readonly meanMagnitude: number;
}

export interface AccuracyReport {
  readonly samples: number;
  /** What the network answers, by which its quality is told. */
  readonly task: Task;
  readonly values: readonly AccuracyValue[];
  /** Samples whose Top1 is the same in float and quantized arithmetic. */
  readonly sameTop1: number;
  /** Samples of which both say the same, normal or anomalous; absent of networks that say neither. */
  readonly sameVerdict?: number;
  readonly labelled: LabelledAccuracy | undefined;
}

export interface AccuracyValue {
  /** Name of the value. */
  readonly name: string;
  /** Name of the node that computes it; the value's own name for an input. */
  readonly node: string;
  /** Row of the layer table that computes it; undefined for an input. */
  readonly layer: number | undefined;
  readonly error: ValueError;
}

export interface LabelledAccuracy {
  readonly samples: number;
  readonly floatCorrect: number;
  readonly quantizedCorrect: number;
  /** The first samples that the quantized network gets wrong (bounded). */
  readonly misses: readonly Miss[];
}

export interface Miss {
  readonly sample: string;
  readonly label: number;
  readonly float: number;
  readonly quantized: number;
}

export type MemoryKind =
  | 'firmware'
  | 'modelCode'
  | 'constants'
  | 'testImage'
  | 'placeholders'
  | 'arena'
  | 'data'
  | 'heap'
  | 'stack'
  | 'gap'
  | 'free';

/** One memory of the board, its segments by rising address and without gaps. */
export interface MemoryBar {
  readonly name: string;
  readonly origin: number;
  readonly size: number;
  readonly used: number;
  readonly segments: readonly MemorySegment[];
}

export interface MemorySegment {
  readonly label: string;
  readonly kind: MemoryKind;
  readonly address: number;
  readonly bytes: number;
  /** One more sentence, such as how it was measured. */
  readonly note: string | undefined;
}

/** Activation memory: which buffer lives where and while which layers run. */
export interface Arena {
  readonly bytes: number;
  /** The only memory of the network: inputs and outputs lie in it too, and are overwritten once read. */
  readonly hasPlaceholders: boolean;
  /** Names of the layers in order. */
  readonly steps: readonly string[];
  readonly buffers: readonly ActivationBuffer[];
}

/** A buffer of the activations memory. */
export interface ActivationBuffer {
  /** Name of the value it holds, or of a kernel's scratch memory. */
  readonly name: string;
  readonly offset: number;
  readonly bytes: number;
  /** Index of the first and last layer that use it. */
  readonly first: number;
  readonly last: number;
}

export interface BoardFit {
  readonly id: string;
  readonly name: string;
  readonly fits: boolean;
  /** Plain reasons why not. */
  readonly reasons: readonly string[];
  readonly timeUs: number | undefined;
  readonly timeBasis: TimeBasis;
  /** What the bytes used rest on. */
  readonly basis: SizeBasis;
  readonly flash: { readonly used: number; readonly total: number };
  readonly ram: { readonly used: number; readonly total: number };
}

/** Instead of a report: a model that cannot be ported, but looked at. */
export interface RefusedReport {
  readonly model: Pick<ModelSummary, 'name' | 'file' | 'fileBytes'>;
  /** One sentence, and what to do about it. */
  readonly message: string;
  readonly hint: string;
  /** The nodes because of which it cannot be ported, the first of them where there are very many. */
  readonly problems: readonly ReportProblem[];
  /** How many there are in all. */
  readonly problemCount: number;
  /** The drawn network as its file has it: `layer` is a row of `problems`. Or one sentence why it is not drawn. */
  readonly graph: PlacedGraph | { readonly tooLarge: string };
}

/** A node that is refused. */
export interface ReportProblem {
  /** Its name. */
  readonly node: string;
  /** The node as a sentence begins with it, and what is wrong, which goes on. */
  readonly label: string;
  readonly why: string;
  /** What would be needed. */
  readonly needed: string;
}

/** Instead of a report: why a model cannot be read or ported, as one sentence and what to do about it. */
export interface ReportFailure {
  readonly file: string | undefined;
  readonly message: string;
  readonly hint: string;
}
