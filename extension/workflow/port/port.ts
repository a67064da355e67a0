import path from 'node:path';
import { type BoardData, findBoard } from '../../board/catalogue.ts';
import { predictStack } from '../../board/fit.ts';
import { stackNeed } from '../../board/stack.ts';
import type { Bundle } from '../../bundle/bundle.ts';
import { throwIfCancelled } from '../../common/error.ts';
import type { ConfirmOverwrite } from '../../common/output/writeOutputs.ts';
import type { Graph } from '../../model/graph.ts';
import { BUNDLE_FOLDER } from '../../project/layout.ts';
import { checkBundleName } from '../../project/names.ts';
import type { QuantizedGraph } from '../../quantize/quantizedGraph.ts';
import type { Ranges } from '../../quantize/ranges.ts';
import type { ToolPaths } from '../../toolchain/find.ts';
import type { BuiltFirmware } from '../../toolchain/build.ts';
import type { FirmwareSize } from '../../toolchain/size.ts';
import { platformOf, requireUart } from '../../project/sdkProject.ts';
import { build } from '../steps/build.ts';
import type { PortChoices } from '../choices/choices.ts';
import { compare, type Comparison } from '../compare/compare.ts';
import { compileQuantized, type ModelSize } from '../steps/compile.ts';
import { checkQuantization } from '../steps/checkQuantization.ts';
import type { QuantizationCheck } from '../numbers/checkNetwork.ts';
import { compileChosen, drawingOf } from '../steps/compileChosen.ts';
import type { PcResult } from '../numbers/expected.ts';
import {
  type BoardFit,
  type FittedNetwork,
  fitBoards,
  fitOf,
  fitSameCore,
  networkNeed,
  requireFit,
} from './fit.ts';
import { generate } from '../steps/generate.ts';
import { convertImage, inputPlaceholder } from '../steps/convertImage.ts';
import { chosenBoard } from '../sdk.ts';
import { readLabels } from '../data/labels.ts';
import { inspect } from '../steps/inspect.ts';
import { inOutputFolder, outputPlace } from '../folders/outputFolder.ts';
import { profile } from '../steps/profile.ts';
import { type BoardRun, requireSimulated, run } from '../steps/run.ts';
import { loadImage } from '../data/samples.ts';
import { step, type StepContext } from '../steps/step.ts';
import { runnerOf } from '../tasks/tasks.ts';
import { withEnoughStack } from './stack.ts';

export interface PortOptions {
  readonly tools?: ToolPaths | undefined;
  readonly confirmOverwrite?: ConfirmOverwrite | undefined;
  readonly onUart?: ((bytes: Uint8Array, timeUs: number) => void) | undefined;
  /** Also compile for the other kinds of boards, to see how the model fits each (default true; it takes a second). */
  readonly fitAll?: boolean | undefined;
  /** Folder of Glow's kept profiles; null: measure anew; undefined: the usual place. */
  readonly glowCache?: string | null | undefined;
}

/** All that a port found out: the command line's object (`portSummary`) and what views show beside it. */
export interface PortResult {
  readonly choices: PortChoices;
  readonly board: BoardData;
  readonly graph: Graph;
  readonly ranges: Ranges;
  /** What compiled it; with Glow nothing on the PC repeats its integers. */
  readonly compiler: 'builtin' | 'glow';
  /** Why the built-in compiler refused the model, when `auto` took Glow in its place. */
  readonly insteadBecause: string | undefined;
  /** Kinds of layers that Glow left in floating point; empty when the built-in compiler compiled it. */
  readonly floatKinds: readonly string[];
  /** Undefined when Glow compiled it. */
  readonly quantized: QuantizedGraph | undefined;
  readonly bundle: Bundle;
  /** Names of the classes; empty when there is no labels file. */
  readonly labels: readonly string[];
  /** How many images the ranges were measured with. */
  readonly sampleCount: number;
  /** The image that the firmware holds. */
  readonly input: string;
  /** Folders and files, absolute. */
  readonly project: string;
  /** The project's bundle/, by which the bundle is read again. */
  readonly bundleFolder: string;
  readonly elf: string;
  readonly firmware: FirmwareSize;
  readonly model: ModelSize;
  /** What the PC computes for the same image. */
  readonly pc: PcResult;
  /** Undefined when the firmware was only built. */
  readonly run: BoardRun | undefined;
  readonly comparison: Comparison | undefined;
  /** How near the quantized network stays to the float one over the samples; undefined when Glow compiled it. */
  readonly check: QuantizationCheck | undefined;
  /** How the model fits each board of the catalogue; empty without `fitAll`. */
  readonly fit: readonly BoardFit[];
}

/**
 * The whole way: model, sample images and board in; built and run firmware, compared with the PC, out. When it fails or is
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
  if (choices.run === 'sim' && choices.sdk === undefined) requireSimulated(findBoard(choices.board));
  const { board, sdk } = await chosenBoard(choices.board, choices.sdk, {
    set: options.tools?.sdk,
    signal: context.signal,
  });
  if (choices.run === 'sim') requireSimulated(board);
  if (!sdk) requireUart(choices.console);
  const { graph, file } = await inspect(choices, context);
  // what needs no time is checked before what does
  checkBundleName(graph.name);
  if (choices.input !== undefined) await loadImage(graph, choices.input, choices.image);
  const labels = await readLabels(file, choices.labels);
  const { ranges, samples } = await profile(graph, choices.images, choices.image, context);
  const input = path.resolve(choices.input ?? samples[0]!.path);
  const compiled = await compileChosen(
    { file, graph, ranges, samples },
    { ...choices, board, tools: options.tools, glowCache: options.glowCache },
    context,
  );
  const { quantized, bundle } = compiled;
  const image = await convertImage(input, inputPlaceholder(bundle), choices.image, context);
  const { real, values } = image;
  const picture = { graph, quantized, placeholders: bundle.placeholders, real, values };
  const pc = await runnerOf(context)('expectedOf', picture, context);
  const predicted = networkNeed(bundle, compiled.size);
  const platform = sdk ? platformOf(choices.console) : 'own';
  const firmwareChoices = { platform, weights: choices.weights, tools: options.tools } as const;
  const fitHere = await fitOf(board, { bundle, need: predicted }, firmwareChoices, context);
  const reusing =
    quantized && !choices.reuseInput
      ? async (): Promise<FittedNetwork> => {
          const reuse = { ...choices, name: bundle.name, board, reuseInput: true, tools: options.tools };
          const other = await compileQuantized(quantized, reuse, context);
          return { bundle: other.bundle, need: networkNeed(other.bundle, other.size) };
        }
      : undefined;
  await requireFit(board, { bundle, need: predicted }, fitHere, { ...firmwareChoices, reusing }, context);

  const project = await outputPlace(choices.out, `${bundle.name}-${board.id}`);
  const drawing = drawingOf(compiled, graph);
  return inOutputFolder(project, async () => {
    const makeWith = async (stackBytes?: number): Promise<BuiltFirmware> => {
      await generate(
        {
          board,
          bundle,
          drawing,
          image,
          weights: choices.weights,
          sdk,
          console: choices.console,
          stackBytes,
          leastStackBytes: predictStack(board, compiled.size.stackBytes, platform),
          out: project,
          modelName: path.basename(file),
          inputs: [file, input, ...samples.map((s) => s.path)],
          confirmOverwrite: options.confirmOverwrite,
        },
        context,
      );
      return build(project, options.tools, context);
    };
    const runBuilt = (): Promise<BoardRun> =>
      run(
        {
          board,
          firmware: built.elf,
          network: bundle.name,
          semihosting: choices.console === 'semihost',
          onUart: options.onUart,
        },
        context,
      );
    const { built: first, isKnown } = await withEnoughStack(board, makeWith);
    let built = first;
    let ran = choices.run === 'sim' ? await runBuilt() : undefined;
    const measured = ran && stackNeed(board, ran.simulation.stackBytes);
    if (!isKnown && measured !== undefined && measured > built.size.stackBytes) {
      // the SDK's linker script puts the stack above the variables, where running over it is not noticed
      built = await makeWith(measured);
      ran = await runBuilt();
    }
    const comparison =
      ran &&
      (await step(
        context,
        'compare',
        'with the PC',
        () => compare(ran.report, pc.expected),
        (c) => {
          if (!c.match) return 'the board differs from the PC';
          return compiled.compiler === 'glow'
            ? `the board's Top1 is the float network's${c.distance?.isFar ? ', but its outputs are far from it' : ''}`
            : 'the board agrees with the PC in every bit';
        },
      ));
    const { quantization } = choices;
    const check =
      quantized &&
      (await checkQuantization(
        { graph, ranges, quantized, quantization, samples, image: choices.image, labels },
        context,
      ));
    const need = ran?.cycles === undefined ? predicted : { ...predicted, cycles: ran.cycles };
    const fitOptions = {
      ...firmwareChoices,
      name: bundle.name,
      reuseInput: choices.reuseInput,
    } as const;
    return {
      choices,
      board,
      graph,
      ranges,
      compiler: compiled.compiler,
      floatKinds: compiled.compiler === 'glow' ? compiled.floatKinds : [],
      insteadBecause: compiled.compiler === 'glow' ? compiled.insteadBecause : undefined,
      quantized,
      bundle,
      labels,
      sampleCount: samples.length,
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
            ? await fitBoards(quantized, fitOptions, context, { board, compiled, need, fit: fitHere })
            : await fitSameCore(board, { bundle, need }, fitHere, firmwareChoices, context),
    };
  });
}
