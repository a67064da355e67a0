import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { EXIT, EXIT_HELP } from '../../extension/cli/exit.ts';
import { buildProgram } from '../../extension/cli/program.ts';
import { startSession } from '../../extension/cli/session.ts';
import { productRoot } from '../../extension/common/resources.ts';

describe('cli: docs/cli.md', () => {
  const ignore = (): void => undefined;
  const terminal = { out: ignore, err: ignore, interactive: false, columns: 80 };
  const program = buildProgram(startSession(terminal, new AbortController().signal, false));
  let text: string;
  before(async () => (text = await readFile(path.join(productRoot, 'docs', 'cli.md'), 'utf8')));

  it('names every command and every option', () => {
    for (const command of program.commands) {
      assert.match(text, new RegExp(`^\\| \`${command.name()}\\b`, 'm'), command.name());
      for (const option of command.options.filter((o) => !o.hidden)) {
        assert.ok(text.includes(option.long ?? ''), `${command.name()} ${option.flags}`);
      }
      assert.match(command.helpInformation(), /\S/);
    }
  });

  it('has the table of exit codes that the code has', () => {
    const rows = [...text.matchAll(/^\| (\d+) \| (.*) \|$/gm)].map((m) => [Number(m[1]), m[2]]);
    assert.deepEqual(rows, EXIT_HELP);
    assert.deepEqual(new Set(EXIT_HELP.map(([code]) => code)), new Set(Object.values(EXIT)));
  });
});
