import { largest } from '../../common/lists.ts';
import path from 'node:path';
import { type BoardData, findBoard } from '../../board/catalogue.ts';
import type { Answer, Task } from '../../bundle/bundle.ts';
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
import type { PortChoices } from '../choices/choices.ts';
import type { CompiledModel } from '../steps/compile.ts';
import { compileChosen } from '../steps/compileChosen.ts';
import { convertInput } from '../steps/convertInput.ts';
import { inputPlaceholder } from '../data/givenInput.ts';
import { classOutput } from '../data/classifier.ts';
import { answerOf } from '../data/task.ts';
import { classNumber, readLabels } from '../data/labels.ts';
import { buildAndRun } from '../port/firmware.ts';
import { inspect } from '../steps/inspect.ts';
import { profile } from '../steps/profile.ts';
import { requireSimulated, run } from '../steps/run.ts';
import { settledNormalization } from '../data/normalization.ts';
import { requireSameRate, requireSamples, samplesOf } from '../data/samples.ts';
import { step, type StepContext } from '../steps/step.ts';
import { withThreshold } from '../steps/withThreshold.ts';
import { runnerOf } from '../tasks/tasks.ts';
import { withScratchFolder } from '../../toolchain/scratch.ts';
import { floatSaid, type PrintedAnswer, printedAnswer, type Said } from './printedAnswer.ts';

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
  /** Samples of which it says what the float network says, see `Said`; undefined where numbers are all that networks say. */
  readonly likeFloat: number | undefined;
  /** Samples whose Top1 is their label; undefined when labels are not known, and where no class is named. */
  readonly right: number | undefined;
  /** Difference of the outputs from the float network's, in real units. */
  readonly meanError: number;
  readonly largestError: number;
}

export interface CompilerComparison {
  readonly model: string;
  readonly board: BoardData;
  /** What the network answers, which decides what is compared. */
  readonly task: Task;
  readonly samples: number;
  /** How many of them have a known label. */
  readonly labelled: number;
  readonly builtin: CompilerFigures;
  readonly glow: CompilerFigures;
  readonly agreement: {
    /** Samples of which both say the same, see `Said`; undefined where numbers are all that they say. */
    readonly same: number | undefined;
    /** Largest difference of an output between the two, in real units. */
    readonly largest: number;
  };
}

/** What a compiled model was measured to be and to compute. */
export interface Measured {
  readonly figures: CompilerFigures;
  /** Of each sample. */
  readonly answers: readonly PrintedAnswer[];
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
  const { quantized } = builtin;
  const measured = { graph, quantized, samples, ...dataOptions(choices) };
  const answer = await withThreshold(answerOf(graph, [], choices), measured, context);
  const byBuiltin = await measure(builtin, board, answer, chosen, choices, tools, context);
  const byGlow = await measure(glow, board, answer, chosen, choices, tools, context);
  const pairs = byBuiltin.answers.map((a, i) => [a, byGlow.answers[i]!] as const);
  return {
    model: path.basename(file),
    task: answer.task,
    board,
    samples: chosen.length,
    labelled: chosen.filter((s) => s.label !== undefined).length,
    builtin: byBuiltin.figures,
    glow: byGlow.figures,
    agreement: {
      same: countSame(pairs.map(([a, b]) => [a.said, b.said])),
      largest: largest(
        pairs.flatMap(([a, b]) => a.values.map((v, i) => Math.abs(v - b.values[i]!))),
        0,
      ),
    },
  };
}

/** How many are equal; undefined where nothing is said. */
function countSame(pairs: readonly (readonly [Said, Said])[]): number | undefined {
  if (pairs.every(([a, b]) => a === undefined && b === undefined)) return undefined;
  return pairs.filter(([a, b]) => a === b).length;
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

/** Builds a bundle's firmware in a folder of its own and runs it with every sample. @param answer what it prints */
export async function measure(
  compiled: CompiledModel,
  board: BoardData,
  answer: Answer,
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
        // as a port builds it, so that it takes what a port's firmware takes
        const network = {
          ...{ board, sdk: undefined, bundle, size: compiled.size, answer, testData },
          ...{ drawing: undefined, modelName: undefined, inputs: [] },
        };
        const how = { weights: choices.weights, console: 'uart', run: 'none' } as const;
        return (await buildAndRun(network, folder, how, { tools }, quiet)).built;
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
          done.push(await runSample(sample, compiled, board, answer, elf, quiet));
          progress(`${label}: ${i + 1} of ${samples.length} samples`, (i + 1) / samples.length);
        }
        return done;
      },
      () => `${samples.length} samples on the simulated ${board.name}, ${label}`,
    );
    const answers = runs.map((r) => r.answer);
    const errors = answers.flatMap(({ values }, i) =>
      values.map((v, c) => Math.abs(v - samples[i]!.float[c]!)),
    );
    const object = objectSize(readElf(bundle.object!));
    const mean = (values: readonly number[]): number =>
      values.reduce((a, b) => a + b, 0) / Math.max(1, values.length);
    const isRightKnown = answer.task === 'classify' && samples.some((s) => s.label !== undefined);
    return {
      answers,
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
        likeFloat: countSame(
          answers.map(({ said }, i) => [said, floatSaid(answer, onlyOf(samples[i]!), samples[i]!.float)]),
        ),
        right: isRightKnown ? answers.filter(({ said }, i) => said === samples[i]!.label).length : undefined,
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
  answer: Answer,
  elf: string,
  context: StepContext,
) {
  // Glow takes one input only, and may call it otherwise
  const input = inputPlaceholder(bundle);
  const { type, scale, offset } = input;
  const bytes = quantizeTensor(onlyOf(sample), { type, scale, offset });
  const patches = [{ symbol: testDataSymbol(bundle, input), bytes }];
  const ran = await run({ board, firmware: elf, network: bundle.name, patches }, context);
  const output = bundle.placeholders.find((p) => p.direction === 'output')!;
  return {
    answer: printedAnswer(ran.report, output, answer, sample.float.length),
    cycles: ran.cycles ?? 0,
    timeUs: ran.report.timeUs ?? 0,
    stackBytes: ran.simulation.stackBytes,
  };
}

/** Of a network with one input. */
function onlyOf({ real }: TestSample): Float32Array {
  const [only] = real.values();
  return only!;
}
