import { stat } from 'node:fs/promises';
import path from 'node:path';
import { type Command, Option } from 'commander';
import { UserError } from '../../common/error.ts';
import { say } from '../../common/errors/sentence.ts';
import { DEFAULT_CHOICES, type PortChoices } from '../../workflow/choices/choices.ts';
import { CONFIG_FILE, configText, readConfig, writeConfig } from '../../workflow/choices/config.ts';
import type { FirmwareOptions } from '../../workflow/port/firmware.ts';
import { portModel } from '../../workflow/port/portModel.ts';
import { portBundle } from '../../workflow/port/portBundle.ts';
import type { FirmwareResult } from '../../workflow/port/result.ts';
import { portSummary } from '../../workflow/port/summary.ts';
import { testInput } from '../../workflow/data/testInput.ts';
import { EXIT } from '../exit.ts';
import { addChoices, ALL_CHOICES, attributesOf, givenChoices } from '../choiceOptions.ts';
import {
  addGlowCacheOption,
  type BundleFlags,
  bundleOutputOption,
  glowCache,
  type GlowCacheFlags,
  MODEL_FILE,
  type OverwriteFlags,
  overwriteOption,
  overwriting,
} from '../options.ts';
import { type GlobalOptions, printJson, type Session, toolPaths, usage } from '../session.ts';
import { portText } from './showPort.ts';

interface PortFlags extends GlobalOptions, GlowCacheFlags, BundleFlags, OverwriteFlags {
  readonly bundle?: string;
  readonly config?: string;
  readonly save: boolean;
  readonly json?: boolean;
}

export function addPort(program: Command, session: Session): void {
  const command = program
    .command('port')
    .description(
      'the whole way: quantizes a model, compiles it, builds firmware, runs it, compares it with the PC',
    )
    .argument('[model]', `${MODEL_FILE}; without one, what glowport.json remembers is repeated`);
  addChoices(command, ALL_CHOICES)
    .addOption(
      new Option(
        '--bundle <dir>',
        "folder of a bundle that is there, such as one made with Glow's own tools: nothing is compiled; with its model the result is compared",
      ).conflicts(NOT_OF_A_BUNDLE),
    )
    .addOption(bundleOutputOption())
    .option('--config <file>', `remembered choices (default: ${CONFIG_FILE} here)`)
    .option('--no-save', `do not remember the choices in ${CONFIG_FILE}`)
    .addOption(overwriteOption());
  addGlowCacheOption(command)
    .option('--json', 'print the result as one JSON object')
    .addHelpText(
      'after',
      `
Examples:
  glowport port mnist.onnx --board frdmke16z --samples calibration --input digit.png
  glowport port model.onnx --board lpc845breakout --samples samples --run none --weights ram
  glowport port mnist.onnx --board frdmke16z --samples calibration --compiler glow --no-channelwise
  glowport port mnist.onnx --board evkmimxrt1060 --samples calibration --sdk ~/mcux-sdk --run none
  glowport port --bundle nxp-bundle --board frdmke16z --input digit.png
  glowport port                         repeats what ${CONFIG_FILE} remembers`,
    )
    .action(async (model: string | undefined, _: unknown, self: Command) => {
      const flags = self.optsWithGlobals<PortFlags>();
      const result =
        flags.bundle === undefined
          ? await ofModel(model, flags, session)
          : await ofBundle(flags.bundle, model, flags, session);
      if (flags.json) printJson(session, portSummary(result));
      else session.terminal.out(portText(result));
      if (result.comparison && !result.comparison.match) session.exitCode = EXIT.mismatch;
    });
}

/** Choices of a port that a bundle has behind it, as commander calls their options. */
const NOT_OF_A_BUNDLE = [
  'config',
  ...attributesOf(['samples', 'name', 'reuseInput', 'compiler', 'glowArguments', 'quantization']),
];

async function ofModel(
  model: string | undefined,
  flags: PortFlags,
  session: Session,
): Promise<FirmwareResult> {
  const config = path.resolve(flags.config ?? CONFIG_FILE);
  const remembered = await recall(model, config, flags.config !== undefined);
  const choices = choose(model, flags, remembered ?? DEFAULT_CHOICES);
  const result = await portModel(choices, session.context, {
    ...optionsOf(flags),
    ...glowCache(flags),
  });
  if (flags.save && (!remembered || configText(remembered, config) !== configText(choices, config))) {
    session.terminal.err(`${await remember(config, choices)}\n`);
  }
  return result;
}

/** A bundle's port is not remembered: glowport.json is about models. */
async function ofBundle(
  bundle: string,
  model: string | undefined,
  flags: PortFlags,
  session: Session,
): Promise<FirmwareResult> {
  const { input, ...choices } = choose(model, flags, DEFAULT_CHOICES);
  const outputs = flags.bundleOutput ?? [];
  return portBundle(
    { ...choices, model, input: await testInput(input, undefined), bundle, outputs },
    session.context,
    optionsOf(flags),
  );
}

function optionsOf(flags: PortFlags): FirmwareOptions & { readonly fitAll: boolean } {
  return { tools: toolPaths(flags), fitAll: flags.json !== true, confirmOverwrite: overwriting(flags) };
}

/** Writes the choices and says so; the port is done, so that a file that cannot be written is only mentioned. */
async function remember(config: string, choices: PortChoices): Promise<string> {
  try {
    await writeConfig(config, choices);
    return `${path.relative(process.cwd(), config)} remembers this: "glowport port" repeats it`;
  } catch (e) {
    if (e instanceof UserError) return `not remembered: ${e.message}`;
    throw e;
  }
}

/** The remembered choices, when they are of this model; a file that was named must be there. */
async function recall(
  model: string | undefined,
  config: string,
  isNamed: boolean,
): Promise<PortChoices | undefined> {
  const isThere = (await stat(config).catch(() => undefined)) !== undefined;
  if (!isThere && !isNamed) {
    if (model !== undefined) return undefined;
    throw usage(
      say`No model was given, and there is no ${CONFIG_FILE} here that remembers one.`,
      say`Try: glowport port model.onnx --board frdmke16z --samples samples`,
    );
  }
  const remembered = await readConfig(config);
  const isSame = model === undefined || path.resolve(model) === remembered.model;
  return isSame ? remembered : undefined;
}

function choose(model: string | undefined, flags: object, base: PortChoices): PortChoices {
  const choices = givenChoices(flags, ALL_CHOICES, base);
  if (choices.board === '') {
    throw usage(
      say`No board was given.`,
      say`Add --board, such as --board frdmke16z; "glowport boards" lists all.`,
    );
  }
  return { ...choices, model: model ?? base.model };
}
