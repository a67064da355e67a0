import path from 'node:path';
import { throwIfCancelled } from '../../common/error.ts';
import type { Graph } from '../../model/graph.ts';
import { BUNDLE_FOLDER } from '../../project/layout.ts';
import { checkBundleName } from '../../project/names.ts';
import type { Ranges } from '../../quantize/ranges.ts';
import type { PortChoices } from '../choices/choices.ts';
import { filesOf, testInput } from '../data/testInput.ts';
import { answerOf } from '../data/task.ts';
import { readLabels } from '../data/labels.ts';
import { settledNormalization } from '../data/normalization.ts';
import { loadSample } from '../data/samples.ts';
import { sampleAt } from '../../data/given.ts';
import { rawUnitsOf } from '../../data/normalize/rawUnits.ts';
import { dataOptions } from '../../data/options.ts';
import { sampleFiles } from '../../data/sample.ts';
import { inOutputFolder, outputPlace } from '../folders/outputFolder.ts';
import type { PcResult } from '../numbers/expected.ts';
import { checkQuantization } from '../steps/checkQuantization.ts';
import { compileQuantized } from '../steps/compile.ts';
import { compileChosen, drawingOf } from '../steps/compileChosen.ts';
import { convertInput } from '../steps/convertInput.ts';
import { inspect, type LoadedModel } from '../steps/inspect.ts';
import { profile } from '../steps/profile.ts';
import { withThreshold } from '../steps/withThreshold.ts';
import type { StepContext } from '../steps/step.ts';
import { runnerOf } from '../tasks/tasks.ts';
import { type BoardAndSdk, boardOfPort } from './boardOfPort.ts';
import {
  buildAndRun,
  compareWithPc,
  firmwareChoices,
  type FirmwareOptions,
  measuredFirmware,
  type NetworkOnBoard,
} from './firmware.ts';
import { builtFit } from '../../board/fit.ts';
import { type FittedNetwork, fitBoards, fitOf, fitSameCore, networkNeed, requireFit } from './fit.ts';
import type { FirmwareResult } from './result.ts';

export interface PortOptions extends FirmwareOptions {
  /** Also compile for the other kinds of boards, to see how the model fits each (default true; it takes a second). */
  readonly fitAll?: boolean | undefined;
  /** Folder of Glow's kept profiles; null: measure anew; undefined: the usual place. */
  readonly glowCache?: string | null | undefined;
}

/** All that a port of a model found out. */
export interface PortResult extends FirmwareResult {
  readonly kind: 'model';
  /** With the numbers that inputs are normalized with, where they were measured. */
  readonly choices: PortChoices;
  readonly graph: Graph;
  readonly ranges: Ranges;
  readonly compiler: 'builtin' | 'glow';
  /** How many samples the ranges were measured with. */
  readonly sampleCount: number;
  readonly pc: PcResult;
}

/**
 * The whole way: model, samples and board in; built and run firmware, compared with the PC, out. When it fails or is
 * cancelled, what it made in a project folder that was not there is removed again; one that was there keeps whole
 * files.
 *
 * @throws UserError of any code; see each step
 */
export async function port(
  choices: PortChoices,
  context: StepContext = {},
  options: PortOptions = {},
): Promise<PortResult> {
  throwIfCancelled(context.signal);
  const where = await boardOfPort(choices, options.tools, context.signal);
  return portLoaded(await inspect(choices, context), where, choices, context, options);
}

/** What `port` does from a model on that has been read. */
export async function portLoaded(
  { graph, file }: LoadedModel,
  { board, sdk }: BoardAndSdk,
  given: PortChoices,
  context: StepContext,
  options: PortOptions,
): Promise<PortResult> {
  const { tools } = options;
  // what needs no time is checked before what does
  checkBundleName(graph.name);
  const chosen = answerOf(graph, [], given);
  const choices = await settledNormalization(given, graph.inputs, context);
  if (choices.input !== undefined) {
    await loadSample(graph.inputs, await sampleAt(choices.input), choices, context);
  }
  const labels = await readLabels(file, choices.labels);
  const { ranges, samples, leftOut } = await profile(graph, choices.samples, choices, context);
  const input = await testInput(choices.input, samples);
  const compiled = await compileChosen(
    { file, graph, ranges, samples },
    { ...choices, board, tools, glowCache: options.glowCache },
    context,
  );
  const { quantized, bundle } = compiled;
  const measured = { graph, quantized, samples, ...dataOptions(choices) };
  const answer = await withThreshold(chosen, measured, context);
  const testData = await convertInput(input, bundle, choices, context);
  const onPc = { graph, quantized, placeholders: bundle.placeholders, answer, inputs: testData };
  const pc = await runnerOf(context)('expectedOf', onPc, context);
  const predicted = networkNeed(bundle, compiled.size, answer);
  const around = firmwareChoices(choices, answer, sdk, tools);
  const fitHere = await fitOf(board, { bundle, need: predicted }, around, context);
  const reusing =
    quantized && !choices.reuseInput
      ? async (): Promise<FittedNetwork> => {
          const reuse = { ...choices, name: bundle.name, board, reuseInput: true, tools };
          const other = await compileQuantized(quantized, reuse, context);
          return { bundle: other.bundle, need: networkNeed(other.bundle, other.size, answer) };
        }
      : undefined;
  await requireFit(board, { bundle, need: predicted }, fitHere, { ...around, reusing }, context);

  const project = await outputPlace(choices.out, `${bundle.name}-${board.id}`);
  const network: NetworkOnBoard = {
    ...{ board, sdk, bundle, size: compiled.size, answer, drawing: drawingOf(compiled, graph), testData },
    modelName: path.basename(file),
    inputs: [file, ...filesOf(input), ...samples.flatMap(sampleFiles)],
    choices,
  };
  return inOutputFolder(project, async () => {
    const { built, ran } = await buildAndRun(network, project, choices, options, context);
    const comparison = ran && (await compareWithPc(ran, pc, context));
    const { quantization } = choices;
    // a network that was quantized before may be ported without any sample
    const check =
      quantized && samples.length > 0
        ? await checkQuantization(
            { graph, ranges, quantized, quantization, samples, labels, answer, ...dataOptions(choices) },
            context,
          )
        : undefined;
    const fit = builtFit(fitHere, measuredFirmware(built, ran));
    // other boards with this core take as many cycles
    const need = ran?.cycles === undefined ? predicted : { ...predicted, cycles: ran.cycles };
    const fitOptions = {
      ...around,
      name: bundle.name,
      reuseInput: choices.reuseInput,
    } as const;
    return {
      kind: 'model',
      choices,
      board,
      graph,
      ranges,
      compiler: compiled.compiler,
      floatKinds: compiled.compiler === 'glow' ? compiled.floatKinds : [],
      insteadBecause: compiled.compiler === 'glow' ? compiled.insteadBecause : undefined,
      quantized,
      bundle,
      answer,
      labels,
      sampleCount: samples.length,
      leftOut,
      rawUnits: rawUnitsOf(graph.inputs, choices, samples[0]),
      input,
      project,
      bundleFolder: path.join(project, BUNDLE_FOLDER),
      elf: built.elf,
      firmware: built.size,
      model: compiled.size,
      pc,
      run: ran,
      comparison,
      check,
      fit:
        options.fitAll === false
          ? []
          : quantized
            ? await fitBoards(quantized, fitOptions, context, { board, compiled, need, fit })
            : await fitSameCore(board, { bundle, need }, fit, around, context),
    };
  });
}
