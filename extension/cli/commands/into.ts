import path from 'node:path';
import type { Command } from 'commander';
import { UserError } from '../../common/error.ts';
import { say } from '../../common/errors/sentence.ts';
import { readBundle } from '../../workflow/folders/bundleFolder.ts';
import type { PortChoices } from '../../workflow/choices/choices.ts';
import { CONFIG_FILE, readConfig } from '../../workflow/choices/config.ts';
import { testInput } from '../../workflow/data/testInput.ts';
import { answerOf } from '../../workflow/data/task.ts';
import { convertInput } from '../../workflow/steps/convertInput.ts';
import {
  boardOfProject,
  hostProject,
  intoProject,
  type IntoResult,
  portInto,
  revertInto,
} from '../../workflow/into.ts';
import { addChoices, givenChoices, type OptionKey } from '../choiceOptions.ts';
import {
  type BundleFlags,
  bundleOutputOption,
  type OverwriteFlags,
  overwriteOption,
  overwriting,
} from '../options.ts';
import { type GlobalOptions, printJson, type Session, toolPaths, usage } from '../session.ts';

interface IntoFlags extends GlobalOptions, BundleFlags, OverwriteFlags {
  readonly bundle?: string;
  readonly config?: string;
  readonly board?: string;
  readonly input?: string;
  readonly dryRun?: boolean;
  readonly revert?: boolean;
  readonly json?: boolean;
}

const CHOSEN: readonly OptionKey[] = [
  ...(['board', 'input', 'task', 'threshold', 'weights', 'image', 'sound', 'normalize'] as const),
];

const KINDS: Readonly<Record<IntoResult['kind'], string>> = {
  'mcuxpresso-ide': 'MCUXpresso IDE project',
  'sdk-2-cmake': 'CMake project of SDK 2.x',
  'sdk-24-cmake': 'CMake project of SDK 24.12 or later',
};

export function addInto(program: Command, session: Session): void {
  const command = program
    .command('into')
    .description(
      'puts a network into a project of MCUXpresso IDE or MCUXpresso for VS Code; takes it out again',
    )
    .argument(
      '[project]',
      `folder with .cproject, CMakeLists.txt or armgcc/CMakeLists.txt (default: the one that ${CONFIG_FILE} remembers)`,
    )
    .option(
      '--bundle <dir>',
      `folder that "glowport compile" or Glow wrote (default: compile what ${CONFIG_FILE} remembers)`,
    )
    .addOption(bundleOutputOption())
    .option('--config <file>', `remembered choices (default: ${CONFIG_FILE} here)`)
    .option('--dry-run', 'show the changes as a diff, and make none')
    .option('--revert', 'bring the project back to what it was, byte for byte')
    .addOption(overwriteOption())
    .option('--json', 'print the result as one JSON object');
  addChoices(command, CHOSEN, { board: { help: 'board (default: the one that the project names)' } })
    .addHelpText(
      'after',
      `
Examples:
  glowport into frdmke16z_hello_world --bundle mnist-bundle --input digit.png --dry-run
  glowport into frdmke16z_hello_world --bundle mnist-bundle --input digit.png
  glowport into frdmke16z_hello_world --revert`,
    )
    .action(async (given: string | undefined, _: unknown, self: Command) => {
      const flags = self.optsWithGlobals<IntoFlags>();
      const project = given ?? (await rememberedProject(flags));
      if (flags.revert) return revert(project, flags, session);
      const result = await into(project, flags, session);
      const { kind, board, init, diff, changed, replaced, kept, notes } = result;
      if (flags.json) {
        printJson(session, { ...result, board: board.id, dryRun: flags.dryRun ?? false });
        return;
      }
      if (flags.dryRun) session.terminal.out(diff);
      const state = flags.dryRun ? 'would change' : 'changed';
      const tell = flags.dryRun ? session.terminal.err : session.terminal.out;
      tell(
        [
          `${KINDS[kind]} for ${board.name}; init calls from ${init === 'example' ? 'its own example' : 'the catalogue'}`,
          changed.length === 0 ? 'nothing to change' : `${state}: ${changed.join(', ')}`,
          ...replaced.map((f) =>
            flags.dryRun
              ? `would replace your own ${f}: --overwrite permits it`
              : `replaced your own ${f}: --revert brings it back`,
          ),
          ...(kept.length > 0 ? [`kept as edited: ${kept.join(', ')}`] : []),
          ...notes,
          ...(changed.length > 0 && !flags.dryRun
            ? [`"glowport into ${project} --revert" takes this back`]
            : []),
        ].join('\n') + '\n',
      );
    });
}

async function into(project: string, flags: IntoFlags, session: Session): Promise<IntoResult> {
  const options = {
    dryRun: flags.dryRun,
    confirmOverwrite: overwriting(flags),
    tools: toolPaths(flags),
  };
  if (flags.bundle === undefined) {
    const choices = chosen(await remembered(flags), flags);
    return portInto(project, choices, options, session.context);
  }
  const input = await testInput(flags.input, undefined);
  const host = await hostProject(project, toolPaths(flags), session.context);
  const board = boardOfProject(host, flags.board);
  const bundle = await readBundle(flags.bundle, { outputs: flags.bundleOutput });
  const choices = givenChoices(flags, CHOSEN);
  const testData = await convertInput(input, bundle, choices, session.context);
  const { weights } = choices;
  const answer = answerOf(undefined, bundle.placeholders, choices);
  return intoProject(host, { board, bundle, testData, weights, answer }, options, session.context);
}

async function remembered(flags: IntoFlags): Promise<PortChoices> {
  const config = path.resolve(flags.config ?? CONFIG_FILE);
  try {
    return await readConfig(config);
  } catch (e) {
    if (!(e instanceof UserError) || flags.config !== undefined) throw e;
    throw usage(
      say`No bundle was given, and ${CONFIG_FILE} here remembers no model.`,
      say`Add --bundle and --input, or run "glowport port" here first.`,
    );
  }
}

/** The project that a port went into before. */
async function rememberedProject(flags: IntoFlags): Promise<string> {
  const { into } = await readConfig(path.resolve(flags.config ?? CONFIG_FILE)).catch((e: unknown) => {
    if (e instanceof UserError && flags.config === undefined) return { into: undefined };
    throw e;
  });
  if (into !== undefined) return into;
  throw usage(
    say`No project was given, and ${CONFIG_FILE} here remembers none.`,
    say`Try: glowport into frdmke16z_hello_world --bundle bundle --input digit.png`,
  );
}

/** The project says the board better than what was remembered for another purpose. */
function chosen(base: PortChoices, flags: IntoFlags): PortChoices {
  return givenChoices(flags, CHOSEN, { ...base, board: '' });
}

async function revert(project: string, flags: IntoFlags, session: Session): Promise<void> {
  const result = await revertInto(project, flags);
  if (flags.json) printJson(session, { ...result, dryRun: flags.dryRun ?? false });
  else {
    if (flags.dryRun) session.terminal.out(result.diff);
    const what = flags.dryRun ? 'would be restored' : 'restored';
    const tell = flags.dryRun ? session.terminal.err : session.terminal.out;
    tell(`${result.changed.length} files ${what}: ${result.changed.join(', ')}\n`);
  }
}
