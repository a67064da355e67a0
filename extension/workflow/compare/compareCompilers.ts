import { largest } from '../../common/lists.ts';
import path from 'node:path';
import { type BoardData, findBoard } from '../../board/catalogue.ts';
import { throwIfCancelled, UserError } from '../../common/error.ts';
import { say } from '../../common/errors/sentence.ts';
import { quantizeTensor } from '../../image/quantizeTensor.ts';
import type { Inputs } from '../../data/reader.ts';
import { dataOptions, type DataOptions } from '../../data/options.ts';
import type { Sample } from '../../data/sample.ts';
import type { Graph } from '../../model/graph.ts';
import { positionValues } from '../../model/positions.ts';
import { testDataSymbol } from '../../project/bundleView.ts';
import { readElf } from '../../toolchain/elf.ts';
import type { ToolPaths } from '../../toolchain/find.ts';
import { objectSize } from '../../toolchain/size.ts';
import { build } from '../steps/build.ts';
import type { PortChoices } from '../choices/choices.ts';
import type { CompiledModel } from '../steps/compile.ts';
import { compileChosen } from '../steps/compileChosen.ts';
import { generate } from '../steps/generate.ts';
import { convertInput } from '../steps/convertInput.ts';
import { inputPlaceholder } from '../data/givenInput.ts';
import { classOutput } from '../data/classifier.ts';
import { classNumber, readLabels } from '../data/labels.ts';
import { inspect } from '../steps/inspect.ts';
import { profile } from '../steps/profile.ts';
import { top1 } from '../report/accuracy.ts';
import { requireSimulated, run } from '../steps/run.ts';
import { settledNormalization } from '../data/normalization.ts';
import { requireSameRate, requireSamples, samplesOf } from '../data/samples.ts';
import { step, type StepContext } from '../steps/step.ts';
import { runnerOf } from '../tasks/tasks.ts';
import { withScratchFolder } from '../../toolchain/scratch.ts';

/** Samples that are run with each compiler's firmware when nobody says how many. */
export const DEFAULT_COMPARED = 20;

export interface CompareRequest {
  /** `compiler` is not looked at: both are used. */
  readonly choices: PortChoices;
  /** Samples that both networks are run with; those of `choices` when empty. */
  readonly test: readonly string[];
  /** How many of them, evenly chosen. */
  readonly limit: number;
  readonly tools?: ToolPaths | undefined;
  readonly glowCache?: string | null | undefined;
}

/** What one compiler made of the model, measured on the simulated board. Sizes in bytes. */
export interface CompilerFigures {
  readonly compiler: 'builtin' | 'glow';
  readonly codeBytes: number;
  /** Constant memory and the constants inside the object. */
  readonly constantBytes: number;
  readonly placeholderBytes: number;
  readonly activationBytes: number;
  /** Whole firmware. */
  readonly flashBytes: number;
  readonly ramBytes: number;
  /** High-water mark over all samples. */
  readonly stackBytes: number;
  /** Core cycles of one inference over the samples. */
  readonly cycles: { readonly mean: number; readonly max: number };
  readonly timeUs: number;
  /** Samples whose Top1 is the float network's. */
  readonly likeFloat: number;
  /** Samples whose Top1 is their label; undefined when labels are not known. */
  readonly right: number | undefined;
  /** Difference of the outputs from the float network's, in real units. */
  readonly meanError: number;
  readonly largestError: number;
}

export interface CompilerComparison {
  readonly model: string;
  readonly board: BoardData;
  readonly samples: number;
  /** How many of them have a known label. */
  readonly labelled: number;
  readonly builtin: CompilerFigures;
  readonly glow: CompilerFigures;
  readonly agreement: {
    /** Samples for which both say the same class. */
    readonly top1: number;
    /** Largest difference of an output between the two, in real units. */
    readonly largest: number;
  };
}

/** What a compiled model was measured to be and to compute. */
export interface Measured {
  readonly figures: CompilerFigures;
  /** Outputs of each sample in real units. */
  readonly outputs: readonly (readonly number[])[];
}

/** A sample that networks are run with, and what the float network computes for it. */
export interface TestSample {
  readonly sample: Sample;
  readonly label: number | undefined;
  readonly real: Inputs;
  readonly float: readonly number[];
}

/**
 * Compiles a model with both compilers for one board, builds both firmwares, and runs both on the simulated board with the
 * same samples.
 *
 * @throws UserError as the steps do; `board` when the board is not simulated, `toolchain` when Glow is missing
 */
export async function compareCompilers(
  request: CompareRequest,
  context: StepContext = {},
): Promise<CompilerComparison> {
  const { tools } = request;
  const board = findBoard(request.choices.board);
  requireSimulated(board);
  const { graph, file } = await inspect(request.choices, context);
  const choices = await settledNormalization(request.choices, graph.inputs, context);
  requireConfidences(graph);
  const { ranges, samples } = await profile(graph, choices.samples, choices, context);
  const model = { file, graph, ranges, samples };
  const options = { ...choices, board, tools, glowCache: request.glowCache };
  // Glow first: when it is missing, that is said at once
  const glow = await compileChosen(model, { ...options, compiler: 'glow' }, context);
  const builtin = await compileChosen(model, { ...options, compiler: 'builtin' }, context);
  const all =
    request.test.length > 0
      ? requireSamples(await samplesOf(request.test, graph.inputs, choices, context), request.test)
      : samples;
  requireSameRate(all, samples);
  const labels = await readLabels(file, choices.labels);
  const chosen = await testSamples(graph, evenly(all, request.limit), choices, labels, context);
  const byBuiltin = await measure(builtin, board, chosen, choices, tools, context);
  const byGlow = await measure(glow, board, chosen, choices, tools, context);
  const pairs = byBuiltin.outputs.map((values, i) => [values, byGlow.outputs[i]!] as const);
  return {
    model: path.basename(file),
    board,
    samples: chosen.length,
    labelled: chosen.filter((s) => s.label !== undefined).length,
    builtin: byBuiltin.figures,
    glow: byGlow.figures,
    agreement: {
      top1: pairs.filter(([a, b]) => top1(a) === top1(b)).length,
      largest: largest(
        pairs.flatMap(([a, b]) => a.map((v, i) => Math.abs(v - b[i]!))),
        0,
      ),
    },
  };
}

/** @throws UserError `model` for a network that names its class itself: without confidences there is nothing to compare */
function requireConfidences(graph: Graph): void {
  const { name } = classOutput(graph);
  if (!positionValues(graph).has(name)) return;
  throw new UserError(
    'model',
    say`Output '${name}' is the position of the largest number: compilers are compared by the numbers themselves.`,
    say`Compare the network without its last layer (ArgMax).`,
  );
}

/** At most `limit` elements, spread evenly. */
function evenly<T>(all: readonly T[], limit: number): T[] {
  if (all.length <= limit) return [...all];
  return Array.from({ length: limit }, (_, i) => all[Math.floor((i * all.length) / limit)]!);
}

/** Samples with the float network's results. */
export async function testSamples(
  graph: Graph,
  samples: readonly Sample[],
  options: DataOptions,
  labels: readonly string[],
  context: StepContext = {},
): Promise<TestSample[]> {
  const results = await runnerOf(context)(
    'floatResults',
    { graph, samples, ...dataOptions(options) },
    context,
  );
  return samples.map((sample, i) => {
    const { real, float } = results[i]!;
    return {
      sample,
      label: classNumber(sample.label, labels),
      real,
      float: Array.from(float),
    };
  });
}

/** Builds a bundle's firmware in a folder of its own and runs it with every sample. */
export async function measure(
  compiled: CompiledModel,
  board: BoardData,
  samples: readonly TestSample[],
  choices: DataOptions & Pick<PortChoices, 'weights'>,
  tools: ToolPaths | undefined,
  context: StepContext = {},
): Promise<Measured> {
  const { bundle } = compiled;
  const label = compiled.compiler === 'glow' ? 'Glow' : 'built-in';
  const quiet = { signal: context.signal, log: context.log };
  return withScratchFolder('compare', async ({ folder }) => {
    const { elf, size } = await step(
      context,
      'build',
      `firmware, ${label}`,
      async () => {
        const testData = await convertInput(samples[0]!.sample, bundle, choices, quiet);
        await generate({ board, bundle, testData, weights: choices.weights, out: folder }, quiet);
        return build(folder, tools, quiet);
      },
      (built) => `firmware, ${label}: flash ${built.size.flashBytes} B, RAM ${built.size.ramBytes} B`,
    );
    const runs = await step(
      context,
      'run',
      `${samples.length} samples, ${label}`,
      async (progress) => {
        const done = [];
        for (const [i, sample] of samples.entries()) {
          throwIfCancelled(context.signal);
          done.push(await runSample(sample, compiled, board, elf, quiet));
          progress(`${label}: ${i + 1} of ${samples.length} samples`, (i + 1) / samples.length);
        }
        return done;
      },
      () => `${samples.length} samples on the simulated ${board.name}, ${label}`,
    );
    const outputs = runs.map((r) => r.values);
    const errors = outputs.flatMap((values, i) => values.map((v, c) => Math.abs(v - samples[i]!.float[c]!)));
    const object = objectSize(readElf(bundle.object!));
    const mean = (values: readonly number[]): number =>
      values.reduce((a, b) => a + b, 0) / Math.max(1, values.length);
    const labelled = samples.some((s) => s.label !== undefined);
    return {
      outputs,
      figures: {
        compiler: compiled.compiler,
        codeBytes: object.codeBytes,
        constantBytes: bundle.constantBytes + object.constantBytes,
        placeholderBytes: bundle.mutableBytes,
        activationBytes: bundle.activationBytes,
        flashBytes: size.flashBytes,
        ramBytes: size.ramBytes,
        stackBytes: largest(runs.map((r) => r.stackBytes)),
        cycles: {
          mean: Math.round(mean(runs.map((r) => r.cycles))),
          max: largest(runs.map((r) => r.cycles)),
        },
        timeUs: Math.round(mean(runs.map((r) => r.timeUs))),
        likeFloat: outputs.filter((values, i) => top1(values) === top1(samples[i]!.float)).length,
        right: labelled
          ? outputs.filter((values, i) => top1(values) === samples[i]!.label).length
          : undefined,
        meanError: mean(errors),
        largestError: largest(errors, 0),
      },
    };
  });
}

async function runSample(
  sample: TestSample,
  { bundle }: CompiledModel,
  board: BoardData,
  elf: string,
  context: StepContext,
) {
  // Glow takes one input only, and may call it otherwise
  const input = inputPlaceholder(bundle);
  const { type, scale, offset } = input;
  const [real] = sample.real.values();
  const bytes = quantizeTensor(real!, { type, scale, offset });
  const patches = [{ symbol: testDataSymbol(bundle, input), bytes }];
  const ran = await run({ board, firmware: elf, network: bundle.name, patches }, context);
  const output = bundle.placeholders.find((p) => p.direction === 'output')!;
  const values: number[] = new Array<number>(sample.float.length).fill(NaN);
  for (const { classIndex, value } of ran.report.confidences) {
    if (classIndex >= values.length) continue;
    values[classIndex] = output.type === 'float32' ? value / 1000 : output.scale * (value - output.offset);
  }
  return {
    values,
    cycles: ran.cycles ?? 0,
    timeUs: ran.report.timeUs ?? 0,
    stackBytes: ran.simulation.stackBytes,
  };
}
