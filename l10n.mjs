// Collects the sentences of say (engine), vscode.l10n.t (host) and t (pages) into l10n/bundle.l10n.json, what translators
// start from. A translation is a bundle.l10n.<language>.json beside it.
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';

/** The command line speaks English only. */
const ENGLISH = path.join('extension', 'cli');

/**
 * Every sentence to translate below these folders. Errors: a translating call with anything but a literal, a sentence that
 * is put together with others as if it were text, a literal brace (it would be taken for a place).
 */
export function sentences(folders = ['extension', 'webview']) {
  const found = new Set();
  for (const folder of folders) {
    for (const file of readdirSync(folder, { recursive: true })) {
      const name = path.join(folder, file);
      if (!file.endsWith('.ts') || name.startsWith(ENGLISH)) continue;
      collect(ts.createSourceFile(name, readFileSync(name, 'utf8'), ts.ScriptTarget.Latest, true), found);
    }
  }
  return [...found].sort((a, b) => (a < b ? -1 : 1));
}

/**
 * Tagged templates of say; calls of vscode.l10n.t, of a page's t, and of a t that was handed on (`host.t`) to code that
 * knows no vscode.
 */
function collect(source, found) {
  const visit = (node) => {
    if (ts.isCallExpression(node) && /(^|[.#])t$/.test(node.expression.getText(source))) {
      const [message] = node.arguments;
      const handedOn = message && ts.isIdentifier(message) && message.text === 'message';
      if (!handedOn) for (const literal of literals(message, source)) found.add(literal);
    }
    if (ts.isTaggedTemplateExpression(node) && node.tag.getText(source) === 'say') {
      const template = templateOf(node, source);
      if (/\p{L}/u.test(template)) found.add(template); // `{0} {1}` is the same in every language
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
}

/** The template that say makes of a tagged template: {0}, {1} … for its values. */
function templateOf(node, source) {
  const { parent, template } = node;
  const isText = ts.isTemplateSpan(parent) && !ts.isTaggedTemplateExpression(parent.parent.parent);
  const isAdded = ts.isBinaryExpression(parent) && parent.operatorToken.kind === ts.SyntaxKind.PlusToken;
  if (isText || isAdded) throw misplaced(node, source, 'a sentence is no text: put it into another with say');
  const parts = ts.isTemplateExpression(template)
    ? [template.head, ...template.templateSpans.map((span) => span.literal)]
    : [template];
  if (parts.some(({ text }) => /[{}]/.test(text))) {
    throw misplaced(node, source, 'a brace in a sentence must be a value');
  }
  return parts.map(({ text }) => text).reduce((before, text, i) => `${before}{${i - 1}}${text}`);
}

/** The literals an argument may be: a string, or either side of a condition. */
function literals(argument, source) {
  if (argument && ts.isStringLiteralLike(argument)) return [argument.text];
  if (argument && ts.isConditionalExpression(argument)) {
    return [...literals(argument.whenTrue, source), ...literals(argument.whenFalse, source)];
  }
  throw misplaced(argument ?? source, source, 'a sentence to translate must be a literal');
}

function misplaced(node, source, why) {
  const { line } = source.getLineAndCharacterOfPosition(node.getStart(source));
  return new Error(`${source.fileName}:${line + 1}: ${why}`);
}

/** Writes l10n/bundle.l10n.json. */
export function writeBundle() {
  const text = JSON.stringify(Object.fromEntries(sentences().map((s) => [s, s])), undefined, 2);
  writeFileSync('l10n/bundle.l10n.json', `${text}\n`);
}

if (process.argv[1] === import.meta.filename) writeBundle();
