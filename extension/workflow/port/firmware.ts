import type { BoardData } from '../../board/catalogue.ts';
import { type MeasuredFirmware, predictStack } from '../../board/fit.ts';
import { stackNeed } from '../../board/stack.ts';
import type { Answer, Bundle } from '../../bundle/bundle.ts';
import type { BundleDrawing } from '../../bundle/files.ts';
import type { ConfirmOverwrite } from '../../common/output/writeOutputs.ts';
import { platformOf } from '../../project/sdkProject.ts';
import type { SdkBoard } from '../../sdk/discover.ts';
import type { BuiltFirmware } from '../../toolchain/build.ts';
import type { ToolPaths } from '../../toolchain/find.ts';
import type { PortChoices } from '../choices/choices.ts';
import { compare, type Comparison } from '../compare/compare.ts';
import type { PcResult } from '../numbers/expected.ts';
import { build } from '../steps/build.ts';
import type { ModelSize } from '../steps/compile.ts';
import type { ConvertedInput } from '../steps/convertInput.ts';
import { generate, type GenerateOptions, tellFigures } from '../steps/generate.ts';
import { type BoardRun, run } from '../steps/run.ts';
import { step, type StepContext } from '../steps/step.ts';
import type { FirmwareChoices } from './fit.ts';
import { withEnoughStack } from './stack.ts';

/** A compiled network with all that its firmware is made of. */
export interface NetworkOnBoard {
  readonly board: BoardData;
  /** NXP's SDK, with its files for the board; our own board support when undefined. */
  readonly sdk: SdkBoard | undefined;
  /** With its object. */
  readonly bundle: Bundle;
  readonly size: ModelSize;
  readonly answer: Answer;
  readonly drawing: BundleDrawing | undefined;
  /** Test data that the firmware holds, for each input. */
  readonly testData: readonly ConvertedInput[];
  /** It takes its inputs over the console instead. */
  readonly validates?: boolean | undefined;
  /** The model's name as its user knows it. */
  readonly modelName: string | undefined;
  /** Files that it was made of, which nothing may be written over. */
  readonly inputs: readonly string[];
  /** The choices of the port that it is a part of. */
  readonly choices?: PortChoices | undefined;
}

export interface FirmwareOptions {
  readonly tools?: ToolPaths | undefined;
  readonly confirmOverwrite?: ConfirmOverwrite | undefined;
  readonly onUart?: ((bytes: Uint8Array, timeUs: number) => void) | undefined;
}

/** What decides what the firmware around a network is. */
export function firmwareChoices(
  { weights, console }: Pick<PortChoices, 'weights' | 'console'>,
  answer: Answer,
  sdk: SdkBoard | undefined,
  tools: ToolPaths | undefined,
): FirmwareChoices {
  return { platform: sdk ? platformOf(console) : 'own', weights, answer, tools };
}

/**
 * Writes the project of a network, builds it with as much stack as it needs and, where that is chosen, runs it on the
 * simulated board.
 * @param project its folder
 * @throws UserError as `generate`, `build` and `run` do
 */
export async function buildAndRun(
  network: NetworkOnBoard,
  project: string,
  choices: Pick<PortChoices, 'weights' | 'console' | 'run'>,
  options: FirmwareOptions,
  context: StepContext,
): Promise<{ readonly built: BuiltFirmware; readonly ran: BoardRun | undefined }> {
  const { board, sdk, bundle, answer, drawing, testData, validates, modelName, inputs } = network;
  const { weights, console } = choices;
  const { tools, confirmOverwrite, onUart } = options;
  const { platform } = firmwareChoices(choices, answer, sdk, tools);
  const projectWith = (stackBytes?: number): GenerateOptions => ({
    ...{ board, bundle, answer, drawing, testData, validates, weights, sdk, console, stackBytes },
    leastStackBytes: predictStack(board, network.size.stackBytes, platform),
    ...{ out: project, modelName, inputs, confirmOverwrite, choices: network.choices },
  });
  const makeWith = async (stackBytes?: number): Promise<BuiltFirmware> => {
    await generate(projectWith(stackBytes), context);
    return build(project, tools, context);
  };
  /** As it ends: with what was measured in the project's README.md. */
  const told = async (made: { built: BuiltFirmware; ran: BoardRun | undefined }): Promise<typeof made> => {
    const { built, ran } = made;
    const figures = { ...built.size, cycles: ran?.cycles, timeUs: ran?.report.timeUs };
    await tellFigures(projectWith(), figures, context);
    return made;
  };
  const runBuilt = ({ elf }: BuiltFirmware): Promise<BoardRun> => {
    const semihosting = console === 'semihost';
    return run({ board, firmware: elf, network: bundle.name, semihosting, onUart }, context);
  };
  const { built, isKnown } = await withEnoughStack(board, makeWith);
  const ran = choices.run === 'sim' ? await runBuilt(built) : undefined;
  const measured = ran && stackNeed(board, ran.simulation.stackBytes);
  if (!isKnown && measured !== undefined && measured > built.size.stackBytes) {
    // the SDK's linker script puts the stack above the variables, where running over it is not noticed
    const again = await makeWith(measured);
    return told({ built: again, ran: await runBuilt(again) });
  }
  return told({ built, ran });
}

/** What firmware takes of its board, as far as it was built and run. */
export function measuredFirmware(
  { size }: Pick<BuiltFirmware, 'size'>,
  ran: BoardRun | undefined,
): MeasuredFirmware {
  const { flashBytes, ramBytes } = size;
  return { flashBytes, ramBytes, timeUs: ran?.report.timeUs };
}

/** Compares what the board printed with the PC's results. */
export async function compareWithPc(
  { report }: BoardRun,
  { expected }: PcResult,
  context: StepContext,
): Promise<Comparison> {
  return step(
    context,
    'compare',
    'with the PC',
    () => compare(report, expected),
    ({ match, distance }) => {
      if (!match) return 'the board differs from the PC';
      return distance
        ? `the board's Top1 is the float network's${distance.isFar ? ', but its outputs are far from it' : ''}`
        : 'the board agrees with the PC in every bit';
    },
  );
}
