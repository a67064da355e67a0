import path from 'node:path';
import type { Command } from 'commander';
import { findBoard } from '../../board/catalogue.ts';
import { readBundle } from '../../workflow/folders/bundleFolder.ts';
import { DEFAULT_IMAGE_OPTIONS } from '../../workflow/choices/choices.ts';
import { generate } from '../../workflow/steps/generate.ts';
import { convertImage, inputPlaceholder } from '../../workflow/steps/convertImage.ts';
import { chosenSdk } from '../../workflow/sdk.ts';
import {
  addImageOptions,
  addSdkOption,
  addWeightsOption,
  type ImageFlags,
  imageOptions,
  type SdkFlags,
  type WeightFlags,
} from '../options.ts';
import { printJson, type Session } from '../session.ts';

interface GenerateFlags extends ImageFlags, SdkFlags, WeightFlags {
  readonly board: string;
  readonly input: string;
  readonly out?: string;
  readonly overwrite?: boolean;
  readonly json?: boolean;
}

export function addGenerate(program: Command, session: Session): void {
  const command = program
    .command('generate')
    .description('writes a CMake project around a bundle: main.c, timer, board support, test image')
    .argument('<bundle>', 'folder that "glowport compile" wrote, or its NAME.h')
    .requiredOption('--board <id>', 'board, such as frdmke16z')
    .requiredOption('--input <image>', 'test image that the firmware holds')
    .option('--out <dir>', 'folder of the project (default: <name>-<board>)')
    .option('--overwrite', 'replace generated files even where they have been edited')
    .option('--json', 'print the result as one JSON object');
  addWeightsOption(command);
  addSdkOption(command);
  addImageOptions(command)
    .addHelpText('after', '\nExample:\n  glowport generate mnist-bundle --board frdmke16z --input digit.png')
    .action(async (place: string, flags: GenerateFlags) => {
      const board = findBoard(flags.board);
      const bundle = await readBundle(place);
      const options = imageOptions(flags, DEFAULT_IMAGE_OPTIONS);
      const image = await convertImage(flags.input, inputPlaceholder(bundle), options, session.context);
      const outDir = path.resolve(flags.out ?? `${bundle.name}-${board.id}`);
      const request = {
        board,
        bundle,
        image,
        weights: flags.weights ?? 'flash',
        console: flags.console,
        sdk: await chosenSdk(flags.sdk, board, { signal: session.signal }),
        out: outDir,
        confirmOverwrite: flags.overwrite ? () => Promise.resolve('overwrite' as const) : undefined,
      };
      const { files } = await generate(request, session.context);
      if (flags.json) printJson(session, { project: outDir, files });
      else session.terminal.out(`${path.relative(process.cwd(), outDir)}\n`);
    });
}
