import path from 'node:path';
import type { Command } from 'commander';
import { say } from '../../common/errors/sentence.ts';
import { writeOutput } from '../../common/output/writeOutputs.ts';
import { CONFIG_FILE } from '../../workflow/choices/config.ts';
import { outcomesCsv } from '../../workflow/validate/csv.ts';
import { ON_SIMULATED, validate, type ValidationResult } from '../../workflow/validate/validate.ts';
import { addChoices, type OptionKey } from '../choiceOptions.ts';
import { EXIT } from '../exit.ts';
import {
  collect,
  integer,
  MODEL_FILE,
  type OverwriteFlags,
  overwriteOption,
  overwriting,
} from '../options.ts';
import { choose, recall } from '../remembered.ts';
import { type GlobalOptions, printJson, type Session, toolPaths } from '../session.ts';
import { validationText } from './showValidation.ts';

interface ValidateFlags extends GlobalOptions, OverwriteFlags {
  readonly test?: readonly string[];
  readonly on: string;
  readonly baud?: number;
  readonly firmware?: string;
  readonly out?: string;
  readonly require?: readonly string[];
  readonly csv?: string;
  readonly config?: string;
  readonly json?: boolean;
}

const CHOSEN: readonly OptionKey[] = [
  ...([
    'board',
    'samples',
    'labels',
    'sdk',
    'weights',
    'reuseInput',
    'name',
    'defines',
    'compiler',
    'console',
  ] as const),
  ...(['task', 'threshold', 'quantization', 'image', 'sound', 'normalize'] as const),
];

const EXAMPLE = say`Try: glowport validate model.onnx --board frdmke16z --samples samples`;

export function addValidate(program: Command, session: Session): void {
  const command = program
    .command('validate')
    .description('runs a whole test set on the board, and compares every output with the PC')
    .argument('[model]', `${MODEL_FILE}; without one, the one that glowport.json remembers`);
  addChoices(command, CHOSEN)
    .option('--test <path...>', 'the test set (default: the samples that ranges are measured with)', collect)
    .option(
      '--on <where>',
      `${ON_SIMULATED}: simulated boards, as many as fit the processor; or a serial port`,
      ON_SIMULATED,
    )
    .option('--baud <rate>', "of the serial port (default: the board's)", integer(300, 4_000_000))
    .option('--firmware <file>', 'firmware that an earlier validation built, instead of building it')
    .option(
      '--out <dir>',
      "folder of the firmware's project (default: none is kept; with a serial port NAME-BOARD-validate)",
    )
    .option(
      '--require <requirement>',
      'what has to be found, such as accuracy>=95, time<=10ms or flash<=64k; may be repeated',
      collect,
    )
    .option('--csv <file>', 'write a row a sample into this file')
    .option('--config <file>', `remembered choices (default: ${CONFIG_FILE} here)`)
    .addOption(overwriteOption())
    .option('--json', 'print the result as one JSON object')
    .addHelpText(
      'after',
      `
Figures that can be required: accuracy (%), auc, mae, rmse, mismatches, time (the slowest; us, ms, s), flash, ram, stack (B, k, M).

Examples:
  glowport validate mnist.onnx --board frdmke16z --samples calibration --test digits.npz
  glowport validate --test digits.npz --require "accuracy>=95" --require "time<=10ms" --csv digits.csv
  glowport validate mnist.onnx --board frdmke16z --samples calibration --sdk auto --on /dev/ttyACM0`,
    )
    .action(async (model: string | undefined, _: unknown, self: Command) => {
      const flags = self.optsWithGlobals<ValidateFlags>();
      const config = path.resolve(flags.config ?? CONFIG_FILE);
      const remembered = await recall(model, config, flags.config !== undefined, EXAMPLE);
      const choices = choose(model, flags, CHOSEN, remembered);
      const result = await validate(
        {
          choices,
          test: flags.test ?? [],
          on: flags.on,
          baudRate: flags.baud,
          firmware: flags.firmware,
          out: flags.out,
          requirements: flags.require ?? choices.requirements,
          keepsOutputs: flags.csv !== undefined,
          tools: toolPaths(flags),
          confirmOverwrite: overwriting(flags),
        },
        session.context,
      );
      if (flags.json) printJson(session, result.validation);
      else session.terminal.out(validationText(result.validation));
      session.exitCode = exitOf(result);
      // what was found is said, whatever becomes of the file
      if (flags.csv !== undefined) await saveRows(flags.csv, result, flags, session);
    });
}

/** Requirements that are not met come first; who requires something of mismatches decides on them. */
function exitOf({ validation }: ValidationResult): number {
  const { requirements, mismatches } = validation;
  if (requirements.some((r) => !r.isMet)) return EXIT.requirement;
  const isAllowed = requirements.some((r) => r.figure === 'mismatches');
  return mismatches.count > 0 && !isAllowed ? EXIT.mismatch : EXIT.ok;
}

async function saveRows(
  file: string,
  { outcomes, outputs, inputs }: ValidationResult,
  flags: ValidateFlags,
  { signal, terminal }: Session,
): Promise<void> {
  const rules = { inputs, confirmOverwrite: overwriting(flags), signal };
  await writeOutput(file, outcomesCsv(outcomes, outputs), rules);
  terminal.err(`${path.relative(process.cwd(), path.resolve(file))}\n`);
}
