import path from 'node:path';
import type { Command } from 'commander';
import { findBoard } from '../../board/catalogue.ts';
import { compareCompilers, DEFAULT_COMPARED } from '../../workflow/compare/compareCompilers.ts';
import { agreementSentence, comparisonRows } from '../../workflow/compare/comparisonTable.ts';
import { addChoices, givenChoices, type OptionKey } from '../choiceOptions.ts';
import {
  addGlowCacheOption,
  collect,
  glowCache,
  type GlowCacheFlags,
  integer,
  MODEL_FILE,
} from '../options.ts';
import { type GlobalOptions, printJson, type Session, toolPaths } from '../session.ts';
import { textTable } from '../table.ts';

interface CompareFlags extends GlobalOptions, GlowCacheFlags {
  readonly test?: readonly string[];
  readonly count?: number;
  readonly json?: boolean;
}

const CHOSEN: readonly OptionKey[] = [
  'board',
  'samples',
  'name',
  'defines',
  'glowArguments',
  'task',
  'threshold',
  'quantization',
  'image',
  'sound',
  'normalize',
];

export function addCompare(program: Command, session: Session): void {
  const command = program
    .command('compare')
    .description(
      'compiles a model with the built-in compiler and with Glow, runs both, and shows them side by side',
    )
    .argument('<model>', MODEL_FILE);
  addChoices(command, CHOSEN, { board: { help: 'simulated board, such as frdmke16z', mandatory: true } })
    .option(
      '--test <path...>',
      'other samples that both networks are run with (default: the samples)',
      collect,
    )
    .option(
      '--count <n>',
      `how many of them, evenly chosen (default: ${DEFAULT_COMPARED})`,
      integer(1, 10_000),
    );
  addGlowCacheOption(command)
    .option('--json', 'print the result as one JSON object')
    .addHelpText(
      'after',
      '\nExample:\n  glowport compare mnist.onnx --board frdmke16z --samples calibration --test samples --glow C:\\nxp\\Glow',
    )
    .action(async (model: string, _: unknown, self: Command) => {
      const flags = self.optsWithGlobals<CompareFlags>();
      const choices = givenChoices(flags, CHOSEN);
      const comparison = await compareCompilers(
        {
          choices: { ...choices, model: path.resolve(model), board: findBoard(choices.board).id },
          test: flags.test ?? [],
          limit: flags.count ?? DEFAULT_COMPARED,
          tools: toolPaths(flags),
          ...glowCache(flags),
        },
        session.context,
      );
      if (flags.json) {
        const { board, ...rest } = comparison;
        printJson(session, { board: board.id, ...rest });
        return;
      }
      session.terminal.out(
        textTable(
          [
            { title: '' },
            { title: 'built-in', align: 'right' },
            { title: 'Glow', align: 'right' },
            { title: 'difference', align: 'right' },
          ],
          comparisonRows(comparison).map((r) => [r.what, r.builtin, r.glow, r.difference]),
        ),
      );
      session.terminal.out(`\n${agreementSentence(comparison)}\n`);
    });
}
