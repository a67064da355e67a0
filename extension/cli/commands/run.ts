import type { Command } from 'commander';
import { findBoard } from '../../board/catalogue.ts';
import { DEFAULT_CYCLE_LIMIT, run } from '../../workflow/steps/run.ts';
import type { PrintedReconstruction } from '../../inference/report.ts';
import { runSummary } from '../../workflow/port/summary.ts';
import { integer } from '../options.ts';
import { printJson, type Session } from '../session.ts';
import { duration, grouped, textTable } from '../table.ts';
import { printedOutputs } from './showAnswer.ts';

interface RunFlags {
  readonly board: string;
  readonly network?: string;
  readonly cycleLimit?: number;
  readonly semihosting?: boolean;
  readonly json?: boolean;
}

export function addRun(program: Command, session: Session): void {
  program
    .command('run')
    .description('runs firmware on a simulated board and reads the result off its UART')
    .argument('<elf>', 'firmware: ELF, Intel HEX or raw binary')
    .requiredOption('--board <id>', 'board, such as frdmke16z')
    .option('--network <name>', "network's function, whose cycles are counted (default: the file's name)")
    .option(
      '--cycle-limit <n>',
      `core cycles the firmware gets (default: ${grouped(DEFAULT_CYCLE_LIMIT)} beside those of printing)`,
      integer(1000, 1e12),
    )
    .option('--semihosting', 'answer semihosting calls, as a debugger does')
    .option('--json', 'print the result as one JSON object')
    .addHelpText(
      'after',
      `
Examples:
  glowport run mnist-frdmke16z/build/mnist.elf --board frdmke16z
  glowport run firmware.hex --board lpc845breakout --cycle-limit 30000000 --json`,
    )
    .action(async (elf: string, flags: RunFlags) => {
      const board = findBoard(flags.board);
      const { network, cycleLimit, semihosting } = flags;
      const options = { board, firmware: elf, network, cycleLimit, semihosting };
      const result = await run(options, session.context);
      if (flags.json) {
        printJson(session, runSummary(board.id, result));
        return;
      }
      const { report } = result;
      if (report.confidences.length > 0) {
        session.terminal.out(
          textTable(
            [
              { title: 'class', align: 'right' },
              { title: 'confidence', align: 'right' },
            ],
            report.confidences.map((c) => [c.classIndex, c.value]),
          ),
        );
      }
      session.terminal.out(printedOutputs(report.others ?? []));
      if (report.reconstruction) session.terminal.out(reconstructionText(report.reconstruction));
      if (report.confidences.length > 0 || report.top1 !== undefined) {
        session.terminal.out(`Top1            ${report.top1 ?? 'not printed'}\n`);
      }
      if (report.timeUs !== undefined) session.terminal.out(`Inference time  ${duration(report.timeUs)}\n`);
      if (result.cycles !== undefined) session.terminal.out(`Cycles          ${grouped(result.cycles)}\n`);
      session.terminal.out(`Stack           ${grouped(result.simulation.stackBytes)} B\n`);
    });
}

function reconstructionText({ error, threshold, isAnomalous }: PrintedReconstruction): string {
  const says =
    threshold === undefined
      ? ''
      : `, ${isAnomalous ? 'above' : 'not above'} the threshold of ${grouped(threshold)}`;
  return `Reconstruction  error ${grouped(error)}${says}\n`;
}
