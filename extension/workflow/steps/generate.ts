import path from 'node:path';
import type { BoardData } from '../../board/catalogue.ts';
import type { Answer, Bundle } from '../../bundle/bundle.ts';
import type { BundleDrawing } from '../../bundle/files.ts';
import {
  type GeneratedProject,
  generateProject,
  noteFigures,
  type ProjectOptions,
} from '../../project/generate.ts';
import type { FirmwareFigures } from '../../project/readme.ts';
import type { OverwriteRules } from '../../common/output/writeOutputs.ts';
import type { SdkBoard } from '../../sdk/discover.ts';
import type { ConsoleKind, WeightPlace } from '../../project/options.ts';
import { PORT_FILE } from '../../project/portFile.ts';
import type { PortChoices } from '../choices/choices.ts';
import { configText } from '../choices/config.ts';
import type { ConvertedInput } from './convertInput.ts';
import { inOutputFolder } from '../folders/outputFolder.ts';
import { requireObjectFor } from './requireObjectFor.ts';
import { step, type StepContext } from './step.ts';

export interface GenerateOptions extends Pick<OverwriteRules, 'inputs' | 'confirmOverwrite'> {
  readonly board: BoardData;
  /** With its object. */
  readonly bundle: Bundle;
  /** Drawing of the network, for the project's bundle/. */
  readonly drawing?: BundleDrawing | undefined;
  /** Test data that the firmware holds, for each input. */
  readonly testData: readonly ConvertedInput[];
  /** It takes its inputs over the console instead. */
  readonly validates?: boolean | undefined;
  readonly weights: WeightPlace;
  /** What the first output is, and so what is printed of it; default classes. */
  readonly answer?: Answer | undefined;
  /** NXP's SDK to build on, with its files for the board. */
  readonly sdk?: SdkBoard | undefined;
  /** How firmware on the SDK prints. */
  readonly console?: ConsoleKind | undefined;
  /** Bytes reserved for the stack; without it as many as there is room for, and `leastStackBytes` in any case. */
  readonly stackBytes?: number | undefined;
  readonly leastStackBytes?: number | undefined;
  /** Folder of the project. */
  readonly out: string;
  /** The model's name as its user knows it. */
  readonly modelName?: string | undefined;
  /** The choices of the port that it is a part of. */
  readonly choices?: PortChoices | undefined;
}

/**
 * Writes the project around a bundle.
 *
 * @throws UserError `board` for a board without board support or a bundle of another processor, `input` when files of others are in the way
 */
export async function generate(
  options: GenerateOptions,
  context: StepContext = {},
): Promise<GeneratedProject> {
  const out = path.resolve(options.out);
  requireObjectFor(options.board, options.bundle);
  return step(
    context,
    'generate',
    path.basename(out),
    () => inOutputFolder(out, () => generateProject(projectOptions(options, context))),
    () => `project in ${path.relative(process.cwd(), out) || '.'}`,
  );
}

/**
 * Writes what the firmware of a generated project was measured to take into its README.md, unless that is the user's.
 * @param options what the project was generated with
 * @throws UserError as {@link generate} does
 */
export async function tellFigures(
  options: GenerateOptions,
  figures: FirmwareFigures,
  context: StepContext = {},
): Promise<void> {
  await inOutputFolder(path.resolve(options.out), () =>
    noteFigures({ ...projectOptions(options, context), figures }),
  );
}

function projectOptions(
  { out, testData, sdk, modelName, choices, ...same }: GenerateOptions,
  { signal }: StepContext,
): ProjectOptions {
  return {
    ...same,
    testData: new Map(testData.map((d) => [d.placeholder.name, d.inc])),
    outDir: path.resolve(out),
    ...(sdk ? { sdk } : {}),
    ...(modelName === undefined ? {} : { modelName }),
    portText: choices && configText(choices, path.join(out, PORT_FILE)),
    signal,
  };
}
