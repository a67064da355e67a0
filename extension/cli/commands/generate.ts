import path from 'node:path';
import type { Command } from 'commander';
import { readBundle } from '../../workflow/folders/bundleFolder.ts';
import { outputPlace } from '../../workflow/folders/outputFolder.ts';
import { generate } from '../../workflow/steps/generate.ts';
import { convertInput } from '../../workflow/steps/convertInput.ts';
import { answerOf } from '../../workflow/data/task.ts';
import { sampleAt } from '../../data/given.ts';
import { chosenBoard } from '../../workflow/sdk.ts';
import { addChoices, givenChoices, type OptionKey } from '../choiceOptions.ts';
import {
  type BundleFlags,
  bundleOutputOption,
  type OverwriteFlags,
  overwriteOption,
  overwriting,
} from '../options.ts';
import { printJson, type Session } from '../session.ts';

interface GenerateFlags extends BundleFlags, OverwriteFlags {
  readonly input: string;
  readonly json?: boolean;
}

const CHOSEN: readonly OptionKey[] = [
  ...(['board', 'input', 'out', 'task', 'threshold'] as const),
  ...(['weights', 'sdk', 'console', 'image', 'sound', 'normalize'] as const),
];

export function addGenerate(program: Command, session: Session): void {
  const command = program
    .command('generate')
    .description('writes a CMake project around a bundle: main.c, timer, board support, test data')
    .argument('<bundle>', 'folder that "glowport compile" or Glow wrote, or its NAME.h');
  addChoices(command, CHOSEN, {
    board: { help: 'board, such as frdmke16z', mandatory: true },
    input: { help: 'test data that the firmware holds: a picture, or a file of numbers', mandatory: true },
  })
    .addOption(bundleOutputOption())
    .addOption(overwriteOption())
    .option('--json', 'print the result as one JSON object')
    .addHelpText('after', '\nExample:\n  glowport generate mnist-bundle --board frdmke16z --input digit.png')
    .action(async (place: string, flags: GenerateFlags) => {
      const choices = givenChoices(flags, CHOSEN);
      const { board, sdk } = await chosenBoard(choices.board, choices.sdk, { signal: session.signal });
      const bundle = await readBundle(place, { outputs: flags.bundleOutput });
      const input = await sampleAt(flags.input);
      const testData = await convertInput(input, bundle, choices, session.context);
      const outDir = await outputPlace(choices.out, `${bundle.name}-${board.id}`);
      const request = {
        board,
        bundle,
        testData,
        weights: choices.weights,
        answer: answerOf(undefined, bundle.placeholders, choices),
        console: choices.console,
        sdk,
        out: outDir,
        inputs: [input.path],
        confirmOverwrite: overwriting(flags),
      };
      const { files } = await generate(request, session.context);
      if (flags.json) printJson(session, { project: outDir, files });
      else session.terminal.out(`${path.relative(process.cwd(), outDir)}\n`);
    });
}
