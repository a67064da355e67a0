import path from 'node:path';
import type { Command } from 'commander';
import { findBoard } from '../../board/catalogue.ts';
import { DEFAULT_CHOICES } from '../../workflow/choices/choices.ts';
import { compareCompilers, DEFAULT_COMPARED } from '../../workflow/compare/compareCompilers.ts';
import { agreementSentence, comparisonRows } from '../../workflow/compare/comparisonTable.ts';
import {
  addGlowOptions,
  addImageOptions,
  addModelOptions,
  addQuantizeOptions,
  compilerChoices,
  type CompilerFlags,
  glowCache,
  type ImageFlags,
  imageOptions,
  integer,
  type ModelFlags,
  paths,
  type QuantizeFlags,
  quantizeOptions,
} from '../options.ts';
import { type GlobalOptions, printJson, type Session, toolPaths } from '../session.ts';
import { textTable } from '../table.ts';

interface CompareFlags extends GlobalOptions, ModelFlags, ImageFlags, QuantizeFlags, CompilerFlags {
  readonly board: string;
  readonly images?: readonly string[];
  readonly test?: readonly string[];
  readonly samples?: number;
  readonly json?: boolean;
}

export function addCompare(program: Command, session: Session): void {
  const command = program
    .command('compare')
    .description(
      'compiles a model with the built-in compiler and with Glow, runs both, and shows them side by side',
    )
    .argument('<model>', 'model file (.onnx)')
    .requiredOption('--board <id>', 'simulated board, such as frdmke16z')
    .option('--images <path...>', 'sample images to measure ranges with: files and folders', paths)
    .option('--test <path...>', 'images that both networks are run with (default: the samples)', paths)
    .option(
      '--samples <n>',
      `how many of them, evenly chosen (default: ${DEFAULT_COMPARED})`,
      integer(1, 10_000),
    )
    .option('--json', 'print the result as one JSON object');
  addModelOptions(command);
  addGlowOptions(command);
  addQuantizeOptions(command);
  addImageOptions(command)
    .addHelpText(
      'after',
      '\nExample:\n  glowport compare mnist.onnx --board frdmke16z --images calibration --test samples --glow C:\\nxp\\Glow',
    )
    .action(async (model: string, _: unknown, self: Command) => {
      const flags = self.optsWithGlobals<CompareFlags>();
      const comparison = await compareCompilers(
        {
          choices: {
            ...DEFAULT_CHOICES,
            ...compilerChoices(flags, DEFAULT_CHOICES),
            model: path.resolve(model),
            board: findBoard(flags.board).id,
            images: flags.images ?? [],
            name: flags.name,
            defines: flags.define ?? {},
            quantization: quantizeOptions(flags, DEFAULT_CHOICES.quantization),
            image: imageOptions(flags, DEFAULT_CHOICES.image),
          },
          test: flags.test ?? [],
          limit: flags.samples ?? DEFAULT_COMPARED,
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
