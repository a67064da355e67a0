import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Command } from 'commander';
import {
  addChoices,
  ALL_CHOICES,
  attributesOf,
  givenChoices,
  type OptionKey,
} from '../../extension/cli/choiceOptions.ts';
import type { Choice, Choices } from '../../extension/common/choice.ts';
import { productRoot } from '../../extension/common/resources.ts';
import { SETTINGS_OF_CHOICES } from '../../extension/views/settings/choiceSources.ts';
import { CHOICES, type ChoiceKey, DEFAULT_CHOICES } from '../../extension/workflow/choices/choices.ts';

const read = (name: string): string => readFileSync(path.join(productRoot, name), 'utf8');

/** Every choice that is no group, with the keys that lead to it. */
function leaves(choices: Choices, above: readonly string[] = []): [readonly string[], Choice][] {
  return Object.entries(choices).flatMap(([key, choice]): [readonly string[], Choice][] =>
    choice.kind === 'group' ? leaves(choice.choices, [...above, key]) : [[[...above, key], choice]],
  );
}

/** What the option of a choice is given, and the value that means. */
function other(choice: Choice): { words: string[]; value: unknown } {
  switch (choice.kind) {
    case 'flag':
      return { words: [], value: !choice.default };
    case 'oneOf': {
      const value = choice.values.find((v) => v !== choice.default)!;
      return { words: [value], value };
    }
    case 'number':
      return { words: [String(choice.maximum)], value: choice.maximum };
    case 'text':
    case 'path':
      return { words: ['other'], value: 'other' };
    case 'paths':
      return { words: ['a', 'b'], value: ['a', 'b'] };
    case 'texts':
    case 'arguments':
      return { words: ['a'], value: ['a'] };
    case 'sizes':
      return { words: ['N=3'], value: { N: 3 } };
    case 'numberLists':
      return { words: ['0.5,2'], value: { '': [0.5, 2] } };
    case 'group':
      return assert.fail('a leaf is no group');
  }
}

describe('the choices of a port, written once', () => {
  describe('on the command line', () => {
    const program = (): Command => addChoices(new Command('test').exitOverride(), ALL_CHOICES);

    it('every one of them but the model, the project it goes into, the port and requirements has an option', () => {
      const without = (Object.keys(CHOICES) as ChoiceKey[]).filter(
        (k) => !ALL_CHOICES.includes(k as OptionKey),
      );
      assert.deepEqual(without, ['model', 'into', 'port', 'requirements']);
      assert.deepEqual(givenChoices({}, ALL_CHOICES), DEFAULT_CHOICES);
    });

    it('an option of an old name says the same', () => {
      const given = program().parse(['--images', 'a', 'b', '--images', 'c'], { from: 'user' }).opts();
      assert.deepEqual(givenChoices(given, ALL_CHOICES), { ...DEFAULT_CHOICES, samples: ['a', 'b', 'c'] });
      const both = program().configureOutput({ writeErr: () => undefined });
      assert.throws(
        () => both.parse(['--images', 'a', '--samples', 'b'], { from: 'user' }),
        /cannot be used with/,
      );
      assert.deepEqual(attributesOf(['samples', 'glowArguments', 'image']), [
        ...['samples', 'images', 'glowArg'],
        ...['imageMode', 'imageLayout', 'channelOrder', 'resize'],
      ]);
    });

    it('an option changes its choice and no other', () => {
      const options = program().options.filter((o) => !o.long!.startsWith('--no-') && !o.hidden);
      const choices = leaves(CHOICES).filter(([keys]) => ALL_CHOICES.includes(keys[0] as OptionKey));
      assert.equal(options.length, choices.length);
      for (const [i, [keys, choice]] of choices.entries()) {
        const { words, value } = other(choice);
        const name = value === false ? options[i]!.long!.replace('--', '--no-') : options[i]!.long!;
        const flags = program()
          .parse([name, ...words], { from: 'user' })
          .opts();
        const expected = structuredClone(DEFAULT_CHOICES) as unknown as Record<string, unknown>;
        const inside = keys.slice(0, -1).reduce((o, key) => o[key] as Record<string, unknown>, expected);
        inside[keys.at(-1)!] = value;
        assert.deepEqual(givenChoices(flags, ALL_CHOICES), expected, name);
      }
    });

    it('what is remembered can be taken back', () => {
      const remembered = { ...DEFAULT_CHOICES, reuseInput: true, defines: { N: 1 } };
      const flags = program().parse(['--no-reuse-input', '--define', 'M=2'], { from: 'user' }).opts();
      const { reuseInput, defines } = givenChoices(flags, ALL_CHOICES, remembered);
      assert.deepEqual([reuseInput, defines], [false, { N: 1, M: 2 }]);
      assert.deepEqual(givenChoices({}, ALL_CHOICES, remembered), remembered);
      assert.deepEqual(givenChoices(flags, ['weights'], remembered), remembered);
    });

    it('docs/cli.md says their words and defaults', () => {
      const rows = read('docs/cli.md')
        .split('\n')
        .map((line) => line.split(/(?<!\\)\|/))
        .filter(([, option]) => option?.startsWith(' `--'));
      const options = program().options.filter((o) => o.argChoices);
      const choices = leaves(CHOICES).filter(([, choice]) => choice.kind === 'oneOf');
      assert.equal(options.length, choices.length);
      for (const [i, { long, argChoices }] of options.entries()) {
        const row = rows.find(([, option]) => new RegExp(`${long!}\\b`).test(option!));
        assert.ok(row, long);
        for (const word of argChoices!) assert.ok(row.join('|').includes(word), `${long} ${word}`);
        const word = choices[i]![1].default;
        if (word !== undefined) assert.ok(row[3]!.includes(`\`${String(word)}\``), `${long}: ${row[3]}`);
      }
    });
  });

  it('docs/guide.md says what quantization is by default', () => {
    const guide = read('docs/guide.md');
    for (const [key, choice] of Object.entries(CHOICES.quantization.choices)) {
      assert.ok(guide.includes(`\n| \`${key}\` | ${String(choice.default)} |`), key);
    }
  });

  describe('in the settings of VS Code', () => {
    interface Setting {
      readonly type: string;
      readonly default: unknown;
      readonly enum?: readonly string[];
      readonly markdownDescription: string;
      readonly markdownEnumDescriptions?: readonly string[];
    }
    const manifest = JSON.parse(read('package.json')) as {
      contributes: { configuration: { properties: Record<string, Setting> }[] };
    };
    const settings = new Map(manifest.contributes.configuration.flatMap((c) => Object.entries(c.properties)));
    const texts = JSON.parse(read('package.nls.json')) as Record<string, string>;
    /** The text behind `%key%`. */
    const said = (key: string): string => texts[key.replace(/^%|%$/g, '')] ?? '';
    /** A text of the choices as a sentence of VS Code, which may go on. */
    const begins = (actual: string, text: string): void => {
      const sentence = `${text[0]!.toUpperCase()}${text.slice(1)}`.replaceAll("'", '\u2019');
      assert.equal(actual.slice(0, sentence.length), sentence);
      assert.match(actual.slice(sentence.length), /^(\.$|\W)/);
    };

    for (const [key, setting] of SETTINGS_OF_CHOICES) {
      it(`glowport.${setting} is the choice "${key}"`, () => {
        const choice: Choice = CHOICES[key];
        const found = settings.get(`glowport.${setting}`);
        assert.ok(found);
        assert.deepEqual(found.default, choice.default);
        begins(said(found.markdownDescription), choice.description);
        if (choice.kind === 'flag') {
          assert.equal(found.type, 'boolean');
          return;
        }
        assert.ok(choice.kind === 'oneOf' && choice.meanings);
        assert.equal(found.type, 'string');
        assert.deepEqual(found.enum, choice.values);
        assert.equal(found.markdownEnumDescriptions?.length, choice.values.length);
        for (const [i, word] of choice.values.entries()) {
          begins(said(found.markdownEnumDescriptions[i]!), choice.meanings[word]!);
        }
      });
    }
  });
});
