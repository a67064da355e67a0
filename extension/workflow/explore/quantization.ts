import type { BoardData } from '../../board/catalogue.ts';
import type { Answer } from '../../bundle/bundle.ts';
import { UserError } from '../../common/error.ts';
import type { Graph } from '../../model/graph.ts';
import type { GivenPart } from '../../quantize/options.ts';
import type { Ranges } from '../../quantize/ranges.ts';
import type { SdkBoard } from '../../sdk/discover.ts';
import type { ToolPaths } from '../../toolchain/find.ts';
import { withScratchFolder } from '../../toolchain/scratch.ts';
import type { PortChoices } from '../choices/choices.ts';
import { closenessOf } from '../compare/closeness.ts';
import type { EvaluatedSample } from '../numbers/evaluatedSamples.ts';
import { buildAndRun, firmwareChoices } from '../port/firmware.ts';
import { fitOf, networkNeed } from '../port/fit.ts';
import type { AccuracyMeasurement } from '../report/data.ts';
import { type BuiltinModel, compileQuantized, requireFpu, withConstantsIn } from '../steps/compile.ts';
import { convertedInputs } from '../steps/convertInput.ts';
import type { StepContext } from '../steps/step.ts';
import { runnerOf } from '../tasks/tasks.ts';
import type { ExploredFigures } from './explored.ts';
import type { Variant } from './variants.ts';

/** What all variants have in common. */
export interface ExploredNetwork {
  readonly graph: Graph;
  readonly ranges: Ranges;
  readonly given: GivenPart;
  readonly board: BoardData;
  readonly sdk: SdkBoard | undefined;
  readonly choices: PortChoices;
  /** Without a threshold, which is measured for what is chosen. */
  readonly answer: Answer;
  readonly tools: ToolPaths | undefined;
  /** Accuracy is measured over these, and what is run on the board is the first of them. */
  readonly evaluated: readonly EvaluatedSample[];
  /** Also count the cycles on the simulated board. */
  readonly run: boolean;
}

/**
 * Figures of variants that are quantized alike: the network is quantized, compiled and measured once.
 * @param measured what is known of its accuracy
 * @throws UserError `model` or `board` for what cannot be, `toolchain`, `cancelled`
 */
export async function exploreQuantization(
  network: ExploredNetwork,
  variants: readonly Variant[],
  measured: Accuracy | undefined,
  context: StepContext,
): Promise<Map<Variant, ExploredFigures>> {
  const { graph, ranges, board, choices, tools, evaluated } = network;
  const { quantization } = variants[0]!;
  requireFpu(board, quantization);
  const run = runnerOf(context);
  const quantized = await run('quantizeNetwork', { graph, ranges, quantization }, context);
  const options = {
    board,
    weights: 'flash',
    reuseInput: choices.reuseInput,
    tools,
    name: graph.name,
  } as const;
  const compiled = await compileQuantized(quantized, options, context);
  const samples = { graph, quantized, answer: network.answer, samples: evaluated };
  const accuracy = accuracyIn(
    measured ?? accuracyOf(network, await run('measureAccuracy', samples, { signal: context.signal })),
  );
  const figures = new Map<Variant, ExploredFigures>();
  for (const variant of variants) {
    const size = withConstantsIn(variant.weights, compiled);
    const onBoard = await boardFigures(network, { ...compiled, size }, variant, context);
    figures.set(variant, { ...accuracy, ...onBoard });
  }
  return figures;
}

/** Figures that do not depend on the board. */
type Accuracy = Pick<ExploredFigures, 'samples' | 'namesClasses' | 'sameTop1' | 'labelled' | 'sqnrDb'>;

/** These of all figures. */
function accuracyIn({ samples, namesClasses, sameTop1, labelled, sqnrDb }: Accuracy): Accuracy {
  return { samples, namesClasses, sameTop1, labelled, sqnrDb };
}

/** What a measurement says of the network's results. */
function accuracyOf({ graph, answer }: ExploredNetwork, accuracy: AccuracyMeasurement): Accuracy {
  const { samples, namesClasses, sameTop1, sqnrDb } = closenessOf(graph, answer, accuracy);
  const { labelled } = accuracy;
  return {
    ...{ samples, namesClasses, sameTop1, sqnrDb },
    labelled: labelled && {
      samples: labelled.samples,
      correct: labelled.quantizedCorrect,
      floatCorrect: labelled.floatCorrect,
    },
  };
}

/** What a compiled network takes of the board. */
async function boardFigures(
  network: ExploredNetwork,
  compiled: BuiltinModel,
  { weights }: Variant,
  context: StepContext,
): Promise<Omit<ExploredFigures, keyof Accuracy>> {
  const { board, sdk, choices, answer, tools, run } = network;
  const { bundle, size } = compiled;
  const need = networkNeed(bundle, size, answer);
  const around = firmwareChoices({ weights, console: choices.console }, answer, sdk, tools);
  const { fits, reasons, basis, flash, ram } = await fitOf(board, { bundle, need }, around, context);
  const onBoard = run && fits ? await runOnBoard(network, compiled, weights, context) : undefined;
  const predicted = { basis, flashBytes: flash.used, ramBytes: ram.used };
  return {
    predictedCycles: bundle.layers.reduce((n, layer) => n + layer.predictedCycles, 0),
    ...(onBoard?.cycles === undefined ? {} : { measuredCycles: onBoard.cycles }),
    flashBytes: size.flashBytes,
    ramBytes: size.ramBytes,
    firmware: onBoard?.firmware ?? predicted,
    fit: { fits, reasons },
  };
}

/** What firmware takes of the simulated board, as a port measures it; undefined where it cannot be built or run. */
async function runOnBoard(
  { board, sdk, choices, answer, tools, evaluated }: ExploredNetwork,
  { bundle, size }: BuiltinModel,
  weights: Variant['weights'],
  context: StepContext,
): Promise<(Pick<ExploredFigures, 'firmware'> & { readonly cycles: number | undefined }) | undefined> {
  const { name, inputs } = evaluated[0]!.sample;
  const testData = convertedInputs(bundle, name, inputs);
  const network = {
    ...{ board, sdk, bundle, size, answer, testData },
    drawing: undefined,
    modelName: undefined,
    inputs: [],
  };
  try {
    return await withScratchFolder('explore', async ({ folder }) => {
      const how = { weights, console: choices.console, run: 'sim' } as const;
      const { built, ran } = await buildAndRun(network, folder, how, { tools }, context);
      const { flashBytes, ramBytes } = built.size;
      return { cycles: ran?.cycles, firmware: { basis: 'built', flashBytes, ramBytes } };
    });
  } catch (e) {
    // an estimated fit may be wrong; its variant stays as predicted
    if (e instanceof UserError && (e.code === 'board' || e.code === 'firmware')) return undefined;
    throw e;
  }
}
