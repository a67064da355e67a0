import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { buildProgram } from '../../extension/cli/program.ts';
import { advice } from '../../extension/cli/remedies.ts';
import { startSession } from '../../extension/cli/session.ts';
import { english } from '../../extension/common/errors/sentence.ts';
import { productRoot } from '../../extension/common/resources.ts';
import { adviceOf } from '../../extension/views/remedies.ts';
import { REMEDIES } from '../support/remedies.ts';

const read = (name: string): unknown => JSON.parse(readFileSync(path.join(productRoot, name), 'utf8'));
const { contributes } = read('package.json') as {
  contributes: { configuration: { properties: object } | { properties: object }[] };
};
const settings = [contributes.configuration].flat().flatMap((c) => Object.keys(c.properties));
const titles = Object.entries(read('package.nls.json') as Record<string, string>)
  .filter(([key]) => key.startsWith('command.'))
  .map(([, title]) => `GlowPort: ${title}`);
const ignore = (): void => undefined;
const terminal = { out: ignore, err: ignore, interactive: false, columns: 80 };
const program = buildProgram(startSession(terminal, new AbortController().signal, false));
const options = [program, ...program.commands].flatMap((c) => c.options.map((o) => o.long ?? ''));
const commands = program.commands.map((c) => `glowport ${c.name()}`);

/** What of it a text names, as whole words. */
function named(text: string, names: readonly string[]): string[] {
  return names.filter((name) => new RegExp(`(?<![\\w-])${name.replaceAll('.', '\\.')}(?![\\w-])`).test(text));
}

const isOneSentence = /^[A-Z"-][^\n]*[.?]$|^Install it[^\n]*$|^Install its pack[^\n]*$/;

describe('remedies: every kind', () => {
  for (const remedy of Object.values(REMEDIES).flat()) {
    const name = JSON.stringify(remedy);
    it(`${name} on the command line: options that are there, no settings`, () => {
      const text = advice([remedy]);
      assert.match(text, isOneSentence);
      assert.deepEqual(named(text, settings), []);
      assert.doesNotMatch(text, /\bsettings?\b|VS Code|glowport\.(?!json)|GlowPort: /);
      // a model is converted by somebody else's command
      const flags = remedy.do === 'convertModel' ? [] : (text.match(/(?<![\w-])--[a-z][\w-]*/g) ?? []);
      for (const flag of flags) assert.ok(options.includes(flag), flag);
      const calls = text.match(/"glowport [a-z]+/g) ?? [];
      for (const call of calls) assert.ok(commands.includes(call.slice(1)), call);
    });

    it(`${name} in VS Code: settings and commands that are there, no options`, () => {
      const text = english(adviceOf(remedy));
      assert.match(text, isOneSentence);
      assert.deepEqual(named(text, options), []);
      assert.deepEqual(named(text, commands), []);
      for (const setting of text.match(/glowport\.(?!json)[\w.]*\w/g) ?? [])
        assert.ok(settings.includes(setting), setting);
      for (const [, title] of text.matchAll(/"(GlowPort: [^"]*)"/g))
        assert.ok(titles.includes(title!), title);
    });
  }
});
