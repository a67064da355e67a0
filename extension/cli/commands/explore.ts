import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Command } from 'commander';
import { UserError } from '../../common/error.ts';
import { say } from '../../common/errors/sentence.ts';
import { writeOutput } from '../../common/output/writeOutputs.ts';
import { CONFIG_FILE, writeConfig } from '../../workflow/choices/config.ts';
import type { PortChoices } from '../../workflow/choices/choices.ts';
import { explore } from '../../workflow/explore/explore.ts';
import { explorationSvg } from '../../workflow/explore/explorationSvg.ts';
import type { Exploration } from '../../workflow/explore/explored.ts';
import { takenChoices } from '../../workflow/explore/take.ts';
import { addChoices, type OptionKey, statedQuantization } from '../choiceOptions.ts';
import {
  collect,
  integer,
  MODEL_FILE,
  type OverwriteFlags,
  overwriteOption,
  overwriting,
} from '../options.ts';
import { choose, recall, rememberedText } from '../remembered.ts';
import { type GlobalOptions, printJson, type Session, toolPaths } from '../session.ts';
import { explorationFacts, explorationText } from './showExploration.ts';

interface ExploreFlags extends GlobalOptions, OverwriteFlags {
  readonly weights?: PortChoices['weights'];
  readonly test?: readonly string[];
  readonly run?: boolean;
  readonly svg?: string;
  readonly take?: number;
  readonly config?: string;
  readonly anew?: boolean;
  readonly json?: boolean;
}

const CHOSEN: readonly OptionKey[] = [
  'board',
  'compiler',
  'samples',
  'labels',
  'task',
  'sdk',
  'weights',
  'reuseInput',
  'name',
  'defines',
  'quantization',
  'image',
  'sound',
  'normalize',
];

const EXAMPLE = say`Try: glowport explore model.onnx --board frdmke16z --samples samples`;

export function addExplore(program: Command, session: Session): void {
  const command = program
    .command('explore')
    .description(
      'quantizes a model in many ways, and shows what each keeps of its accuracy and takes of the board',
    )
    .argument('[model]', `${MODEL_FILE}; without one, the one that glowport.json remembers`);
  addChoices(command, CHOSEN, {
    samples: { help: 'samples that ranges are measured with, and accuracy over' },
    weights: { help: 'where constants are in all variants (default: in flash, and in RAM in one)' },
  })
    .option('--test <path...>', 'other samples that accuracy is measured over', collect)
    .option('--run', 'also count the cycles of each variant on the simulated board, with one sample')
    .option('--svg <file>', 'draw what is found into this file')
    .option('--take <n>', `write variant n into ${CONFIG_FILE}, as the choice of a port`, integer(1, 10_000))
    .option('--config <file>', `remembered choices (default: ${CONFIG_FILE} here)`)
    .option('--anew', 'measure all variants again, whatever is kept of an earlier run')
    .addOption(overwriteOption())
    .option('--json', 'print the result as one JSON object')
    .addHelpText(
      'after',
      `
A choice of quantization that is given, such as --precision int8, is the same in all variants.

Examples:
  glowport explore mnist.onnx --board frdmke16z --samples calibration
  glowport explore mnist.onnx --board frdmke16z --samples calibration --test samples --run --svg variants.svg
  glowport explore mnist.onnx --board frdmke16z --samples calibration --take 5`,
    )
    .action(async (model: string | undefined, _: unknown, self: Command) => {
      const flags = self.optsWithGlobals<ExploreFlags>();
      const config = path.resolve(flags.config ?? CONFIG_FILE);
      // a file that a variant is taken into may be a new one
      const mustBeThere = flags.config !== undefined && (flags.take === undefined || model === undefined);
      const remembered = await recall(model, config, mustBeThere, EXAMPLE);
      if (flags.take !== undefined && !flags.overwrite) requireOurs(config, remembered !== undefined);
      const choices = choose(model, flags, CHOSEN, remembered);
      const exploration = await explore(
        {
          choices,
          fixed: { quantization: statedQuantization(flags), weights: flags.weights },
          test: flags.test ?? [],
          run: flags.run === true,
          tools: toolPaths(flags),
          anew: flags.anew,
          take: flags.take,
        },
        session.context,
      );
      if (flags.svg !== undefined) await saveDrawing(flags.svg, exploration, flags, session);
      if (flags.json) printJson(session, explorationFacts(exploration));
      else session.terminal.out(explorationText(exploration));
      if (flags.take === undefined) return;
      await writeConfig(config, takenChoices(exploration, flags.take));
      session.terminal.err(`${rememberedText(config)}\n`);
    });
}

/** @throws UserError `input` when a file of remembered choices is another model's */
function requireOurs(config: string, isOfModel: boolean): void {
  if (isOfModel || !existsSync(config)) return;
  throw new UserError('input', say`${path.basename(config)} remembers the port of another model.`, [
    say`Name another file with --config.`,
    { do: 'allowOverwriting' },
  ]);
}

async function saveDrawing(
  file: string,
  exploration: Exploration,
  flags: ExploreFlags,
  { signal, terminal }: Session,
): Promise<void> {
  const rules = { inputs: [exploration.choices.model], confirmOverwrite: overwriting(flags), signal };
  await writeOutput(file, explorationSvg(exploration), rules);
  terminal.err(`${path.relative(process.cwd(), path.resolve(file))}\n`);
}
