import path from 'node:path';
import { type Command, Option } from 'commander';
import { say } from '../../common/errors/sentence.ts';
import { CONFIG_FILE, configText } from '../../workflow/choices/config.ts';
import type { FirmwareOptions } from '../../workflow/port/firmware.ts';
import { portModel } from '../../workflow/port/portModel.ts';
import { portBundle } from '../../workflow/port/portBundle.ts';
import type { FirmwareResult } from '../../workflow/port/result.ts';
import { portSummary } from '../../workflow/port/summary.ts';
import { testInput } from '../../workflow/data/testInput.ts';
import { EXIT } from '../exit.ts';
import { addChoices, ALL_CHOICES, attributesOf } from '../choiceOptions.ts';
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
import { choose, recall, remember } from '../remembered.ts';
import { type GlobalOptions, printJson, type Session, toolPaths } from '../session.ts';
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

const EXAMPLE = say`Try: glowport port model.onnx --board frdmke16z --samples samples`;

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
  const remembered = await recall(model, config, flags.config !== undefined, EXAMPLE);
  const choices = choose(model, flags, ALL_CHOICES, remembered);
  const result = await portModel(choices, session.context, {
    ...optionsOf(flags),
    ...glowCache(flags),
  });
  // what was measured to normalize with is remembered, too
  const made = result.kind === 'model' ? result.choices : choices;
  if (flags.save && (!remembered || configText(remembered, config) !== configText(made, config))) {
    session.terminal.err(`${await remember(config, made)}\n`);
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
  const { input, ...choices } = choose(model, flags, ALL_CHOICES);
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
