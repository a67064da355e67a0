import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { listFiles, PackageManager } from '@vscode/vsce';
import ts from 'typescript';
import { findBoard } from '../extension/board/catalogue.ts';
import { buttonsFor } from '../extension/commands/buttons.ts';
import { UserError } from '../extension/common/error.ts';
import { filled, rendered, say, type Sentence, type Translate } from '../extension/common/errors/sentence.ts';
import { productRoot } from '../extension/common/resources.ts';
import { importedOnnx } from './support/importedOnnx.ts';
import { adviceOf } from '../extension/views/remedies.ts';
import { REMEDIES } from './support/remedies.ts';

const { sentences, isLanguage } = (await import(path.join(productRoot, 'l10n.mjs'))) as {
  sentences: () => string[];
  isLanguage: (template: string) => boolean;
};
const { allFaults, faultsOf, languages, merge, missing } = (await import(
  path.join(productRoot, 'translations.mjs')
)) as {
  allFaults: (folder?: string) => string[];
  faultsOf: (text: string, translation: string, titles: Titles) => string[];
  languages: (folder?: string) => string[];
  merge: (
    language: string,
    file: string,
    folder?: string,
  ) => { taken: number; refused: string[]; dropped: number; lacking: number };
  missing: (language: string, folder?: string) => Texts;
};
type Titles = Readonly<Record<'commands' | 'buttons', ReadonlyMap<string, string>>>;
type Texts = Record<'bundle' | 'package', Record<string, string>>;
const bundle = JSON.parse(readFileSync(path.join(productRoot, 'l10n', 'bundle.l10n.json'), 'utf8')) as object;

/** Fails on a template that translators do not get. */
function translatable(sentence: Sentence): void {
  rendered(sentence, (template) => {
    assert.ok(Object.hasOwn(bundle, template) || !isLanguage(template), template);
    return template;
  });
}

describe('l10n', () => {
  it('has every sentence of engine, host and pages, as packaging collects them', () => {
    assert.deepEqual(Object.keys(bundle), sentences());
  });

  it('knows what is said at run time: remedies, buttons, errors with all that is nested in them', () => {
    for (const remedy of Object.values(REMEDIES).flat()) {
      if (remedy.do !== 'advice') translatable(adviceOf(remedy));
      const error = new UserError('usage', say`Cancelled.`, remedy);
      for (const { title } of buttonsFor(error, 'posix')) translatable(title);
    }
    const refused = [
      () => findBoard('nothing of the kind'),
      () => importedOnnx(new Uint8Array(0), { name: 'a' }),
      () => importedOnnx(Uint8Array.of(10, 1), { name: 'a' }),
    ];
    for (const work of refused) {
      assert.throws(work, (e) => {
        assert.ok(e instanceof UserError, String(e));
        translatable(e.sentence);
        e.remedies.map(adviceOf).forEach(translatable);
        return true;
      });
    }
  });

  it('can translate every sentence: none is taken for text outside of the one way to it', () => {
    const config = ts.getParsedCommandLineOfConfigFile(path.join(productRoot, 'tsconfig.json'), undefined, {
      ...ts.sys,
      onUnRecoverableConfigFileDiagnostic: (d) =>
        assert.fail(ts.flattenDiagnosticMessageText(d.messageText, '\n')),
    })!;
    const files = config.fileNames.filter((f) => f.includes('/extension/'));
    const program = ts.createProgram(files, config.options);
    assert.deepEqual(
      files.flatMap((f) => misuses(program, program.getSourceFile(f)!)),
      [],
    );
  });
});

describe('translations', () => {
  it('are German, Japanese and simplified Chinese, packed, each whole, with nothing left over or lost in a text', async () => {
    assert.deepEqual(languages(), ['de', 'ja', 'zh-cn']);
    assert.deepEqual(allFaults(), []);
    const packed = await listFiles({ cwd: productRoot, packageManager: PackageManager.None });
    for (const language of languages()) {
      assert.ok(packed.includes(`l10n/bundle.l10n.${language}.json`), language);
      assert.ok(packed.includes(`package.nls.${language}.json`), language);
    }
  });

  it('are refused when they lose or invent something', () => {
    const titles: Titles = {
      commands: new Map([['Check Tools', 'Werkzeuge prüfen']]),
      buttons: new Map([['Build Only', 'Nur bauen']]),
    };
    const wrong: readonly (readonly [english: string, translated: string, fault: string])[] = [
      ['Ports', ' ', 'is empty'],
      ['{0} or {1}', '{0} oder', 'lacks {1}'],
      ['{0} taken for {0}', '{0} erkannt', 'lacks {0}'],
      ['Saved {0}.', '{0} in {1} gespeichert.', 'has a place {1} of its own'],
      ['Ports', 'Ports ', 'has other spaces around it'],
      ['Run `npm start` again.', 'Neu starten.', 'lacks "`npm start`"'],
      ['Use --run or .json', '-run oder .json', 'lacks "--run"'],
      ['Write model.save(x) in INT8.', 'model.save(x) schreiben.', 'lacks "INT8"'],
      ['Set "range" in glowport.json.', '"Bereich" in glowport.json setzen.', 'lacks "range"'],
      ['[Go](command:a)', '[Los](Befehl:a)', 'lacks "](command:a)"'],
      ['Run "GlowPort: Check Tools".', '"GlowPort: Check Tools".', 'does not quote "Werkzeuge prüfen"'],
      ['Choose "Build Only".', '"Build Only" wählen.', 'does not quote "Nur bauen"'],
      ['Check the path of the file.', 'Check the path of the file.', 'is English'],
    ];
    for (const [english, translated, fault] of wrong) {
      assert.ok(faultsOf(english, translated, titles).includes(fault), `${english}: ${fault}`);
    }
    assert.deepEqual(faultsOf('SQNR {0} dB', 'SQNR {0} dB', titles), []);
  });

  it('are topped up: what is missing comes out, what comes back translated goes in, what is left over goes', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'glowport-l10n-'));
    try {
      const write = (name: string, texts: object) =>
        writeFile(path.join(folder, name), JSON.stringify(texts), 'utf8');
      const read = async (name: string) =>
        JSON.parse(await readFile(path.join(folder, name), 'utf8')) as object;
      await mkdir(path.join(folder, 'l10n'));
      await write('l10n/bundle.l10n.json', { a: 'a', 'b {0}': 'b {0}' });
      await write('package.nls.json', { title: 'Title' });
      await write('l10n/bundle.l10n.de.json', { a: 'A', gone: 'weg' });
      assert.deepEqual(missing('de', folder), { bundle: { 'b {0}': 'b {0}' }, package: { title: 'Title' } });
      assert.equal(allFaults(folder).length, 3);

      const file = path.join(folder, 'new.json');
      await write('new.json', { bundle: { 'b {0}': 'B' }, package: { title: 'Titel' } });
      const first = merge('de', file, folder);
      assert.deepEqual([first.taken, first.refused.length, first.dropped, first.lacking], [1, 1, 1, 1]);
      await write('new.json', { bundle: { 'b {0}': 'B {0}' } });
      assert.equal(merge('de', file, folder).lacking, 0);
      assert.deepEqual(await read('l10n/bundle.l10n.de.json'), { a: 'A', 'b {0}': 'B {0}' });
      assert.deepEqual(await read('package.nls.de.json'), { title: 'Titel' });
      assert.deepEqual(allFaults(folder), []);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  it('list words with the commas of their language, and shapes with ours', () => {
    const chinese: Translate = (template, ...values) =>
      filled(template === '{0}, {1}' ? '{0}、{1}' : template, ...values);
    assert.equal(rendered(say`${['a', 'b', 'c']}`, chinese), 'a、b、c');
    assert.equal(rendered(say`[${[1, 28, 28]}]`, chinese), '[1, 28, 28]');
    assert.equal(rendered(say`${[]}`, chinese), '');
  });
});

/** Places where a Sentence becomes text by itself: `+`, a template that is not say's, String(), join(). */
function misuses(program: ts.Program, source: ts.SourceFile): string[] {
  const checker = program.getTypeChecker();
  const found: string[] = [];
  const isSentence = (node: ts.Expression): boolean => {
    const type = checker.getTypeAtLocation(node);
    const types = type.isUnion() ? type.types : [type];
    return types.some((t) => t.symbol?.name === 'Sentence');
  };
  const isSentences = (node: ts.Expression): boolean => {
    const element = checker.getIndexTypeOfType(checker.getTypeAtLocation(node), ts.IndexKind.Number);
    return element?.symbol?.name === 'Sentence';
  };
  const check = (node: ts.Expression, isWrong: boolean): void => {
    if (!isWrong) return;
    const { line } = source.getLineAndCharacterOfPosition(node.getStart(source));
    found.push(`${path.relative(productRoot, source.fileName)}:${line + 1}: ${node.getText(source)}`);
  };
  const visit = (node: ts.Node): void => {
    if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.PlusToken) {
      for (const side of [node.left, node.right]) check(side, isSentence(side));
    } else if (ts.isTemplateExpression(node) && !ts.isTaggedTemplateExpression(node.parent)) {
      for (const { expression } of node.templateSpans) check(expression, isSentence(expression));
    } else if (ts.isCallExpression(node)) {
      const { expression } = node;
      const [argument] = node.arguments;
      if (expression.getText(source) === 'String' && argument) check(argument, isSentence(argument));
      if (ts.isPropertyAccessExpression(expression) && expression.name.text === 'join')
        check(expression, isSentences(expression.expression));
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}
