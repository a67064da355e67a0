import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { findBoard } from '../extension/board/catalogue.ts';
import { buttonsFor } from '../extension/commands/buttons.ts';
import { UserError } from '../extension/common/error.ts';
import { rendered, say, type Sentence } from '../extension/common/errors/sentence.ts';
import { productRoot } from '../extension/common/resources.ts';
import { importedOnnx } from './support/importedOnnx.ts';
import { adviceOf } from '../extension/views/remedies.ts';
import { REMEDIES } from './support/remedies.ts';

const { sentences } = (await import(path.join(productRoot, 'l10n.mjs'))) as { sentences: () => string[] };
const bundle = JSON.parse(readFileSync(path.join(productRoot, 'l10n', 'bundle.l10n.json'), 'utf8')) as object;

/** Fails on a template that translators do not get. */
function translatable(sentence: Sentence): void {
  rendered(sentence, (template) => {
    assert.ok(Object.hasOwn(bundle, template) || !/\p{L}/u.test(template), template);
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
