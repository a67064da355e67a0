import type { Command } from 'commander';
import { say } from '../../common/errors/sentence.ts';
import type { ReadFormat } from '../../model/formats/format.ts';
import { readFormats } from '../../model/formats/table.ts';
import { printJson, type Session, usage } from '../session.ts';
import { textTable } from '../table.ts';

export function addOperators(program: Command, session: Session): void {
  program
    .command('operators')
    .description('the operators or layers that models may be made of, with what each asks for')
    .argument('[format]', `${ids()}: only those of this format`)
    .option('--json', 'print an array, an object a format')
    .addHelpText('after', '\nExample:\n  glowport operators tflite')
    .action(async (id: string | undefined, flags: { json?: boolean }) => {
      const formats = id === undefined ? readFormats : [formatOf(id)];
      const all = await Promise.all(
        formats.map(async (format) => ({
          format: format.id,
          name: format.name,
          endings: format.endings,
          ...(await format.operators()),
        })),
      );
      if (flags.json) printJson(session, all);
      else session.terminal.out(all.map(formatText).join('\n'));
    });
}

function ids(): string {
  return readFormats.map((f) => f.id).join(', ');
}

function formatOf(id: string): ReadFormat {
  const format = readFormats.find((f) => f.id === id.toLowerCase());
  if (format) return format;
  throw usage(say`There is no format "${id}" that models are read from.`, say`Give one of ${ids()}.`);
}

interface Listed extends Awaited<ReturnType<ReadFormat['operators']>> {
  readonly name: string;
  readonly endings: readonly string[];
}

function formatText({ name, endings, general, operators }: Listed): string {
  const rows = operators.map((operator) => [operator.name, operator.note]);
  const table = textTable([{ title: 'operator' }, { title: 'asks for' }], rows);
  return `${name} (${endings.join(', ')})\n${general.map((line) => `${line}\n`).join('')}\n${table}`;
}
