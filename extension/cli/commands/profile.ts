import path from 'node:path';
import { type Command, Option } from 'commander';
import { isNormalizing } from '../../data/normalize/normalizer.ts';
import type { NormalizeOptions } from '../../data/normalize/options.ts';
import { writeProfile } from '../../quantize/profileYaml.ts';
import { type CompilerChoice, COMPILERS } from '../../workflow/choices/choices.ts';
import { profileByGlow } from '../../workflow/steps/glow/profileByGlow.ts';
import { settledNormalization } from '../../workflow/data/normalization.ts';
import { inspect } from '../../workflow/steps/inspect.ts';
import { networkOf } from '../../workflow/steps/glow/network.ts';
import { profile } from '../../workflow/steps/profile.ts';
import { saveProfile } from '../../workflow/steps/saveProfile.ts';
import { addChoices, givenChoices, type OptionKey } from '../choiceOptions.ts';
import {
  addGlowCacheOption,
  glowCache,
  type GlowCacheFlags,
  MODEL_FILE,
  type OverwriteFlags,
  overwriteOption,
  overwriting,
} from '../options.ts';
import { type GlobalOptions, printJson, type Session, toolPaths } from '../session.ts';
import { textTable } from '../table.ts';

interface ProfileFlags extends GlobalOptions, GlowCacheFlags, OverwriteFlags {
  readonly compiler: CompilerChoice;
  readonly out?: string;
  readonly json?: boolean;
}

const CHOSEN: readonly OptionKey[] = ['samples', 'name', 'defines', 'image', 'sound', 'normalize'];

export function addProfile(program: Command, session: Session): void {
  const command = program
    .command('profile')
    .description("measures the range of every tensor over samples, in Glow's profile format")
    .argument('<model>', MODEL_FILE);
  addChoices(command, CHOSEN)
    .option('--out <file>', 'profile to write (default: <name>.profile.yaml)')
    .addOption(
      new Option(
        '--compiler <which>',
        "glow: also run Glow's own image-classifier, whose profile is written beside it as <name>.profile.glow.yaml",
      )
        .choices(COMPILERS.filter((c) => c !== 'auto'))
        .default('builtin'),
    );
  addGlowCacheOption(command)
    .addOption(overwriteOption())
    .option('--json', 'print the ranges as one JSON object')
    .addHelpText(
      'after',
      `
Examples:
  glowport profile mnist.onnx --samples calibration --out mnist.yaml
  glowport profile mnist.onnx --samples calibration --compiler glow`,
    )
    .action(async (model: string, _: unknown, self: Command) => {
      const flags = self.optsWithGlobals<ProfileFlags>();
      const tools = toolPaths(flags);
      const given = { ...givenChoices(flags, CHOSEN), model };
      const { graph, file } = await inspect(given, session.context);
      const choices = await settledNormalization(given, graph.inputs, session.context);
      const { image, normalize } = choices;
      const measured = await profile(graph, choices.samples, choices, session.context);
      const { ranges, samples, leftOut } = measured;
      const out = path.resolve(flags.out ?? `${graph.name}.profile.yaml`);
      // Glow first: when it fails, nothing is written
      const glow =
        flags.compiler === 'glow'
          ? await profileByGlow(
              {
                model: file,
                network: networkOf(graph),
                samples,
                image,
                normalize,
                tools,
                cacheFolder: glowCache(flags).glowCache,
              },
              session.context,
            )
          : undefined;
      const inputs = [file, ...samples.map((s) => s.path)];
      const rules = { inputs, confirmOverwrite: overwriting(flags), signal: session.signal };
      const glowOut = await saveProfile(out, writeProfile(graph, ranges), glow?.text, rules);
      const values = [...ranges].map(([name, { min, max }]) => ({ name, min, max }));
      if (flags.json) {
        const byGlow = glow && {
          glow: { profile: glowOut, values: glow.values, version: glow.version ?? null },
        };
        printJson(session, {
          profile: out,
          samples: samples.length,
          leftOut,
          ...settledFacts(normalize),
          values,
          ...byGlow,
        });
      } else {
        session.terminal.out(
          textTable(
            [{ title: 'tensor' }, { title: 'min', align: 'right' }, { title: 'max', align: 'right' }],
            values.map((v) => [v.name, v.min.toPrecision(6), v.max.toPrecision(6)]),
          ),
        );
        session.terminal.out(`\n${path.relative(process.cwd(), out)}\n`);
        if (glow) {
          const shown = path.relative(process.cwd(), glowOut);
          session.terminal.out(
            `${shown} (${glow.values} values, Glow ${glow.version ?? 'of unknown version'})\n`,
          );
        }
      }
    });
}

/** What inputs are normalized with, where they are: mean and std may have been measured. */
function settledFacts(normalize: NormalizeOptions): object {
  return isNormalizing(normalize) ? { normalize } : {};
}
