/**
 * Computations on models of others that may take long, by name. Each takes and gives plain data, so that a thread can do
 * it (thread.ts); in place it is the very same function.
 */
import type { BoardData } from '../../board/catalogue.ts';
import type { Threshold } from '../../../webview/shared/task.ts';
import type { Bundle } from '../../bundle/bundle.ts';
import type { RawUnits } from '../../common/affine.ts';
import { type ErrorData, errorData } from '../../common/error.ts';
import type { WorkContext } from '../../common/work.ts';
import type { Target } from '../../compiler/target/target.ts';
import type { ModelInput } from '../../data/fit.ts';
import type { DataOptions } from '../../data/options.ts';
import type { Inputs } from '../../data/reader.ts';
import type { Sample, SampleData } from '../../data/sample.ts';
import type { NormalizeOptions } from '../../data/normalize/options.ts';
import type { FileEnds, ImportOptions } from '../../model/formats/format.ts';
import type { LookedAt } from '../../model/formats/importModel.ts';
import type { Graph } from '../../model/graph.ts';
import type { QuantizeOptions } from '../../quantize/options.ts';
import type { Tensor } from '../../quantize/interpret.ts';
import type { QuantizedGraph } from '../../quantize/quantizedGraph.ts';
import type { Ranges } from '../../quantize/ranges.ts';
import type { SdkPlace } from '../../sdk/boards/sdkBoards.ts';
import type { CheckedNetwork, QuantizationCheck } from '../numbers/checkNetwork.ts';
import type { PcResult, InputOnPc } from '../numbers/expected.ts';
import type { EvaluatedSample, SamplesToEvaluate } from '../numbers/evaluatedSamples.ts';
import type { FloatResult } from '../numbers/floatResults.ts';
import type { NetworkRun } from '../numbers/interpretedValues.ts';
import type { LookedAtSamples, SamplesToLookAt } from '../numbers/lookedAtSamples.ts';
import type { QuantizedSamples } from '../numbers/measureAccuracy.ts';
import type { ReconstructedSamples } from '../numbers/measureThreshold.ts';
import type { SamplesToMeasure } from '../numbers/measureMoments.ts';
import type { MeasuredModel } from '../numbers/measureRanges.ts';
import type { SamplesToPrepare } from '../numbers/preparedSamples.ts';
import type { SampleFiles } from '../numbers/samplesIn.ts';
import type { Outcomes, SimulatedValidation } from '../numbers/simulatedAnswers.ts';
import type { PreparedSample } from '../numbers/validatedNetwork.ts';
import type { AccuracyMeasurement } from '../report/data.ts';

interface Tasks {
  /** @throws UserError as `readFormatOf` and `importModel` do */
  readModel(model: {
    /** Its name tells the format where its bytes do not. */
    readonly file: string;
    readonly bytes: Uint8Array;
    readonly options: ImportOptions;
  }): Promise<Graph>;
  /** As `readModel`; of a model that cannot be expressed what it looks like. @throws UserError as `readFormatOf` and `lookAtModel` do */
  lookAtModel(model: TaskInput<'readModel'>): Promise<LookedAt>;
  /** @throws UserError as `readFormatOf` and `ReadFormat.ends` do */
  readEnds(model: {
    readonly file: string;
    readonly bytes: Uint8Array;
    readonly defines: ImportOptions['defines'];
  }): Promise<FileEnds>;
  /** @throws UserError as `samplesIn` does */
  samplesIn(files: SampleFiles, work: WorkContext): Promise<readonly Sample[]>;
  /** @throws UserError as `lookedAtSamples` does */
  lookAtSamples(samples: SamplesToLookAt, work: WorkContext): Promise<LookedAtSamples>;
  /** @throws UserError as `SampleReader.read` does */
  loadSample(
    one: DataOptions & {
      readonly inputs: readonly ModelInput[];
      readonly sample: SampleData;
    },
  ): Promise<Inputs>;
  /** @throws UserError as `measureMoments` does */
  measureMoments(samples: SamplesToMeasure, work: WorkContext): Promise<NormalizeOptions>;
  /** @throws UserError as `measureRanges` does */
  measureRanges(model: MeasuredModel, work: WorkContext): Promise<Ranges>;
  /** @throws UserError as `floatResults` does */
  floatResults(model: MeasuredModel, work: WorkContext): Promise<FloatResult[]>;
  /** @throws UserError as `quantize` does */
  quantizeNetwork(model: {
    readonly graph: Graph;
    readonly ranges: Ranges;
    readonly quantization: QuantizeOptions;
  }): Promise<QuantizedGraph>;
  /** Quantizes with `roughRanges`. @throws UserError as `quantize` does */
  quantizeRoughly(model: {
    readonly graph: Graph;
    readonly options: Pick<DataOptions, 'image' | 'normalize'>;
    readonly quantization: QuantizeOptions;
  }): Promise<QuantizedGraph>;
  /** @throws UserError as `compileBundle` and `targetFor` do */
  compileNetwork(network: {
    readonly quantized: QuantizedGraph;
    readonly name: string;
    readonly core: Target['core'];
    readonly unrollBytes: number;
    readonly reuseInputs: boolean;
    readonly rawUnits?: RawUnits | undefined;
  }): Promise<Bundle>;
  expectedOf(input: InputOnPc): Promise<PcResult>;
  interpretNetwork(run: NetworkRun): Promise<ReadonlyMap<string, Tensor>>;
  /** @throws UserError as `measureThreshold` does */
  measureThreshold(network: ReconstructedSamples, work: WorkContext): Promise<Threshold>;
  /** As `sdkBoards`; errors as data. */
  describeBoards(
    sdk: SdkPlace & {
      /** Ids of the boards that are known better. */
      readonly known: readonly string[];
    },
    work: WorkContext,
  ): Promise<{
    readonly boards: readonly BoardData[];
    readonly refused: readonly { readonly id: string; readonly why: ErrorData }[];
  }>;
  /** @throws UserError as `checkNetwork` does */
  checkNetwork(network: CheckedNetwork, work: WorkContext): Promise<QuantizationCheck>;
  /** @throws UserError as `evaluatedSamples` does */
  evaluateSamples(samples: SamplesToEvaluate, work: WorkContext): Promise<EvaluatedSample[]>;
  measureAccuracy(network: QuantizedSamples, work: WorkContext): Promise<AccuracyMeasurement>;
  /** @throws UserError as `preparedSamples` does */
  prepareSamples(samples: SamplesToPrepare, work: WorkContext): Promise<PreparedSample[]>;
  /** @throws UserError as `simulatedAnswers` does */
  simulateAnswers(validation: SimulatedValidation, work: WorkContext): Promise<Outcomes>;
}

export type TaskName = keyof Tasks;
export type TaskInput<K extends TaskName> = Parameters<Tasks[K]>[0];
export type TaskOutput<K extends TaskName> = Awaited<ReturnType<Tasks[K]>>;

/** Runs a task somewhere. @throws UserError as the task does, `cancelled` when the signal fires */
export type TaskRunner = <K extends TaskName>(
  name: K,
  input: TaskInput<K>,
  work?: WorkContext,
) => Promise<TaskOutput<K>>;

/** What the tasks need is loaded by the first that needs it. */
const TASKS: Tasks = {
  readModel: async ({ file, bytes, options }) => {
    const { importModel } = await import('../../model/formats/importModel.ts');
    const { readFormatOf } = await import('../../model/formats/table.ts');
    const { named } = await import('../modelFile.ts');
    const format = readFormatOf(file, bytes); // it names the file itself
    return named(file, importModel(format, bytes, options));
  },
  lookAtModel: async ({ file, bytes, options }) => {
    const { lookAtModel } = await import('../../model/formats/importModel.ts');
    const { readFormatOf } = await import('../../model/formats/table.ts');
    const { lookedAtIntegers } = await import('../numbers/lookedAtIntegers.ts');
    const { fileNamed, named } = await import('../modelFile.ts');
    const format = readFormatOf(file, bytes);
    const model = lookedAtIntegers(await named(file, lookAtModel(format, bytes, options)));
    return 'graph' in model ? model : { ...model, refusal: fileNamed(file, model.refusal) };
  },
  readEnds: async ({ file, bytes, defines }) => {
    const { readFormatOf } = await import('../../model/formats/table.ts');
    const { named } = await import('../modelFile.ts');
    return named(file, readFormatOf(file, bytes).ends!(bytes, { defines }));
  },
  samplesIn: async (files, work) => {
    const { samplesIn } = await import('../numbers/samplesIn.ts');
    return samplesIn(files, work);
  },
  lookAtSamples: async (samples, work) => {
    const { lookedAtSamples } = await import('../numbers/lookedAtSamples.ts');
    return lookedAtSamples(samples, work);
  },
  loadSample: async ({ inputs, sample, ...options }) => {
    const { SampleReader } = await import('../../data/reader.ts');
    return new SampleReader(inputs, options).read(sample);
  },
  measureMoments: async (samples, work) => {
    const { measureMoments } = await import('../numbers/measureMoments.ts');
    return measureMoments(samples, work);
  },
  measureRanges: async (model, work) => {
    const { measureRanges } = await import('../numbers/measureRanges.ts');
    return measureRanges(model, work);
  },
  floatResults: async (model, work) => {
    const { floatResults } = await import('../numbers/floatResults.ts');
    return floatResults(model, work);
  },
  quantizeNetwork: async ({ graph, ranges, quantization }) => {
    const { quantize } = await import('../../quantize/quantize.ts');
    return quantize(graph, ranges, quantization);
  },
  quantizeRoughly: async ({ graph, options, quantization }) => {
    const { quantize } = await import('../../quantize/quantize.ts');
    const { roughRanges } = await import('../numbers/roughRanges.ts');
    return quantize(graph, roughRanges(graph, options), quantization);
  },
  compileNetwork: async ({ quantized, name, core, unrollBytes, reuseInputs, rawUnits = {} }) => {
    const { compileBundle } = await import('../../compiler/compile.ts');
    const { targetFor } = await import('../../compiler/target/targets.ts');
    return compileBundle(quantized, { name, target: targetFor(core, unrollBytes), reuseInputs, rawUnits });
  },
  expectedOf: async (input) => {
    const { expectedOf } = await import('../numbers/expected.ts');
    return expectedOf(input);
  },
  interpretNetwork: async (run) => {
    const { interpretedValues } = await import('../numbers/interpretedValues.ts');
    return interpretedValues(run);
  },
  measureThreshold: async (network, work) => {
    const { measureThreshold } = await import('../numbers/measureThreshold.ts');
    return measureThreshold(network, work);
  },
  describeBoards: async ({ known, root, layout }, work) => {
    const { sdkBoards } = await import('../../sdk/boards/sdkBoards.ts');
    const { boards, refused } = await sdkBoards({ root, layout }, new Set(known), work);
    return { boards, refused: refused.map(({ id, why }) => ({ id, why: errorData(why) })) };
  },
  checkNetwork: async (network, work) => {
    const { checkNetwork } = await import('../numbers/checkNetwork.ts');
    return checkNetwork(network, work);
  },
  evaluateSamples: async (samples, work) => {
    const { evaluatedSamples } = await import('../numbers/evaluatedSamples.ts');
    return evaluatedSamples(samples, work);
  },
  measureAccuracy: async (network, work) => {
    const { measureAccuracy } = await import('../numbers/measureAccuracy.ts');
    return measureAccuracy(network, work);
  },
  prepareSamples: async (samples, work) => {
    const { preparedSamples } = await import('../numbers/preparedSamples.ts');
    return preparedSamples(samples, work);
  },
  simulateAnswers: async (validation, work) => {
    const { simulatedAnswers } = await import('../numbers/simulatedAnswers.ts');
    return simulatedAnswers(validation, work);
  },
};

/** Runs a task in place. */
export const inPlace: TaskRunner = <K extends TaskName>(
  name: K,
  input: TaskInput<K>,
  work: WorkContext = {},
) => {
  const task = TASKS[name] as (input: TaskInput<K>, work: WorkContext) => Promise<TaskOutput<K>>;
  return task(input, work);
};

/** Whoever runs the tasks of a step. */
export function runnerOf({ tasks }: { readonly tasks?: TaskRunner | undefined }): TaskRunner {
  return tasks ?? inPlace;
}
