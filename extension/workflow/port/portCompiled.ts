import path from 'node:path';
import { builtFit } from '../../board/fit.ts';
import type { Graph } from '../../model/graph.ts';
import { rawUnitsOf } from '../../data/normalize/rawUnits.ts';
import { BUNDLE_FOLDER } from '../../project/layout.ts';
import type { PortChoices } from '../choices/choices.ts';
import { inputPlaceholders } from '../data/givenInput.ts';
import { inOutputFolder, outputPlace } from '../folders/outputFolder.ts';
import { convertInput } from '../steps/convertInput.ts';
import type { TestInput } from '../data/testInput.ts';
import type { StepContext } from '../steps/step.ts';
import { runnerOf } from '../tasks/tasks.ts';
import {
  buildAndRun,
  compareWithPc,
  firmwareChoices,
  type FirmwareOptions,
  measuredFirmware,
  type NetworkOnBoard,
} from './firmware.ts';
import { fitOf, fitSameCore, networkNeed, requireFit } from './fit.ts';
import type { PortResult } from './port.ts';
import type { FirmwareResult } from './result.ts';

/** A network that GlowPort has not compiled itself. */
export interface CompiledNetwork
  extends
    Omit<NetworkOnBoard, 'testData'>,
    Pick<FirmwareResult, 'compiler' | 'insteadBecause' | 'floatKinds' | 'labels'> {
  /** The float network, where the importer reads the model; else nothing on the PC computes it. */
  readonly graph: Graph | undefined;
}

/** What the port of such a network found out. */
export interface CompiledResult extends FirmwareResult {
  readonly kind: 'compiled';
}

/** Of a port, whatever it began with. */
export type AnyPortResult = PortResult | CompiledResult;

/**
 * The second half of a port, for a network that was compiled elsewhere: fits it, builds its firmware, runs it, and compares
 * Top1 with the float network's where there is one.
 *
 * @throws UserError of any code; see each step
 */
export async function portCompiled(
  network: CompiledNetwork,
  choices: FirmwareResult['choices'] &
    Pick<PortChoices, 'out' | 'weights' | 'sound'> & { readonly input: TestInput },
  options: FirmwareOptions & { readonly fitAll?: boolean | undefined },
  context: StepContext,
): Promise<CompiledResult> {
  const { board, sdk, bundle, size, answer, graph, compiler, insteadBecause, floatKinds, labels } = network;
  const { input } = choices;
  const sample = input === 'madeUp' ? undefined : input;
  const rawUnits = rawUnitsOf(inputPlaceholders(bundle), choices, sample);
  const testData = await convertInput(input, bundle, choices, context);
  const { placeholders } = bundle;
  const given = graph && { graph, quantized: undefined, placeholders, answer, inputs: testData };
  const pc = given && (await runnerOf(context)('expectedOf', given, context));
  const fitted = { bundle, need: networkNeed(bundle, size, answer) };
  const around = firmwareChoices(choices, answer, sdk, options.tools);
  const fit = await fitOf(board, fitted, around, context);
  await requireFit(board, fitted, fit, around, context);
  const project = await outputPlace(choices.out, `${bundle.name}-${board.id}`);
  return inOutputFolder(project, async () => {
    const { built, ran } = await buildAndRun({ ...network, testData }, project, choices, options, context);
    const comparison = ran && pc && (await compareWithPc(ran, pc, context));
    const need = { ...fitted.need, cycles: ran?.cycles };
    const fitHere = builtFit(fit, measuredFirmware(built, ran));
    return {
      kind: 'compiled',
      ...{ choices, board, graph, quantized: undefined, compiler, insteadBecause, floatKinds },
      ...{ bundle, answer, labels, input, project, rawUnits, leftOut: [] },
      bundleFolder: path.join(project, BUNDLE_FOLDER),
      elf: built.elf,
      firmware: built.size,
      model: size,
      ...{ pc, run: ran, comparison, check: undefined },
      fit:
        options.fitAll === false ? [] : await fitSameCore(board, { bundle, need }, fitHere, around, context),
    };
  });
}
