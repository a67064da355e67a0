import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import vm from 'node:vm';
// what ESLint itself reads expressions with
import { type AST, RegExpParser } from '@eslint-community/regexpp';
import ts from 'typescript';
import { productRoot } from '../extension/common/resources.ts';

/** Expressions that only see what is short anyway, by file. */
const SHORT: ReadonlyMap<string, string> = new Map([
  ['extension/inference/parse.ts', 'a line of 256 bytes'],
  ['extension/common/grouped.ts', 'the digits of a number'],
  ['extension/common/commandLine.ts', 'a word of a command that we made'],
]);
/** Characters of a hostile text: one that is looked at again from every place takes 2 * 10^9 looks. */
const LENGTH = 60_000;
/** What takes longer hangs; the others take milliseconds. */
const HANGS_MS = 1500;
/** What stands for a `${...}` in an expression that is put together. */
const PART = 'Xx1';

interface Expression {
  readonly where: string;
  readonly source: string;
  readonly flags: string;
}

/** Every expression in a file: literals, and those put together of strings. */
function expressionsIn(file: string): Expression[] {
  const text = readFileSync(path.join(productRoot, file), 'utf8');
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const found: Expression[] = [];
  const visit = (node: ts.Node): void => {
    const where = `${file}:${source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1}`;
    if (ts.isRegularExpressionLiteral(node)) {
      const end = node.text.lastIndexOf('/');
      found.push({ where, source: node.text.slice(1, end), flags: node.text.slice(end + 1) });
    }
    if (ts.isNewExpression(node) && node.expression.getText(source) === 'RegExp') {
      const [pattern, flags] = node.arguments ?? [];
      const parts =
        pattern && ts.isTemplateExpression(pattern)
          ? pattern.head.text + pattern.templateSpans.map((s) => PART + s.literal.text).join('')
          : pattern && ts.isStringLiteralLike(pattern)
            ? pattern.text
            : PART;
      found.push({ where, source: parts, flags: flags && ts.isStringLiteralLike(flags) ? flags.text : '' });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

const CHARACTERS = [...' \n\taA0"\'\\/*-.:=()[]<>{}#_,$@+;|~!\u00e9\0\x1b'];

/** The characters of the above that one place of an expression takes. */
function taken(place: AST.Element): string[] {
  const one = new RegExp(`^(?:${place.raw})$`, 'su');
  return CHARACTERS.filter((c) => one.test(c));
}

/** A text that an expression's elements match, more or less. */
function sample(elements: readonly AST.Element[]): string {
  return elements.map(sampleOf).join('');
}

function sampleOf(element: AST.Element): string {
  switch (element.type) {
    case 'Character':
      return String.fromCodePoint(element.value);
    case 'CharacterSet':
    case 'CharacterClass':
      return safely(() => taken(element)[0]) ?? '';
    case 'Quantifier':
      return sampleOf(element.element).repeat(Math.max(1, element.min));
    case 'Group':
    case 'CapturingGroup':
      return sample(element.alternatives[0]?.elements ?? []);
    default:
      return '';
  }
}

function safely<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined; // not every place can stand alone
  }
}

/** What an expression may look at again and again: what comes before a repetition, then its characters without end. */
function hostile(alternatives: readonly AST.Alternative[], before = ''): [before: string, pump: string][] {
  const found: [string, string][] = [];
  for (const { elements } of alternatives) {
    elements.forEach((element, i) => {
      const prefix = before + sample(elements.slice(0, i));
      const inner = element.type === 'Quantifier' ? element.element : element;
      if (element.type === 'Quantifier' && element.max === Infinity) {
        const pumps = [...(safely(() => taken(inner)) ?? []), sampleOf(inner), prefix + sampleOf(inner)];
        for (const pump of new Set(pumps)) found.push([prefix, pump], ['', pump]);
      }
      if ('alternatives' in inner) found.push(...hostile(inner.alternatives, prefix));
    });
    found.push(['', before + sample(elements)], ['', before + sample(elements.slice(0, -1))]);
  }
  return found.filter(([, pump]) => pump !== '');
}

const run = new vm.Script(
  'for (const text of texts) { re.lastIndex = 0; if (re.global) for (const _ of text.matchAll(re)); else re.exec(text); }',
);

/** A text that an expression does not come to an end with; undefined when there is none. */
function endless({ source, flags }: Expression): string | undefined {
  const { alternatives } = new RegExpParser().parsePattern(source, 0, source.length, flags.includes('u'));
  const texts = new Map<string, string>();
  for (const [before, pump] of hostile(alternatives)) {
    const many = before + pump.repeat(Math.ceil(LENGTH / pump.length));
    for (const end of ['\0', '\n\0', '']) texts.set(many + end, JSON.stringify([before, pump, end]));
  }
  const context = vm.createContext({ re: new RegExp(source, flags), texts: [...texts.keys()] });
  const ends = (): true => (run.runInContext(context, { timeout: HANGS_MS }), true);
  if (safely(ends)) return undefined;
  for (const [text, name] of texts) {
    context['texts'] = [text];
    if (!safely(ends)) return name;
  }
  return undefined;
}

describe('regular expressions', () => {
  it('look at a text once, however it is made', () => {
    const files = ['extension', 'webview'].flatMap((folder) =>
      readdirSync(path.join(productRoot, folder), { recursive: true, encoding: 'utf8' })
        .filter((name) => name.endsWith('.ts'))
        .map((name) => path.posix.join(folder, name.split(path.sep).join('/'))),
    );
    const expressions = files.filter((file) => !SHORT.has(file)).flatMap(expressionsIn);
    assert.ok(expressions.length > 200, `${expressions.length} expressions were found`);
    const bad = expressions.flatMap((e) => {
      const text = endless(e);
      return text === undefined ? [] : [`${e.where} /${e.source}/${e.flags} does not end with ${text}`];
    });
    assert.deepEqual(bad, []);
  });

  it('that look again and again are found', () => {
    for (const source of ['<([^>]*)>'])
      assert.notEqual(endless({ where: '', source, flags: '' }), undefined, source);
  });
});
