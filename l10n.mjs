// Collects the sentences of say (engine), vscode.l10n.t (host) and t (pages) into l10n/bundle.l10n.json, what translators
// start from. A translation is a bundle.l10n.<language>.json beside it, and a package.nls.<language>.json: docs/translating.md.
//
//   node l10n.mjs                      writes l10n/bundle.l10n.json
//   node l10n.mjs --missing de         prints what German lacks, English texts to be put into it, as JSON
//   node l10n.mjs --merge de FILE      takes such a JSON with its texts translated; drops what is left over
//   node l10n.mjs --check              says what is wrong with the translations
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import ts from 'typescript';
import { allFaults, merge, missing } from './translations.mjs';

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
      if (isLanguage(template)) found.add(template);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
}

/** `{0} {1}` is the same in every language; `{0}.` is not, for full stops differ. */
export function isLanguage(template) {
  return /[^\s\d{}]/.test(template);
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

function main() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { missing: { type: 'string' }, merge: { type: 'string' }, check: { type: 'boolean' } },
  });
  writeBundle();
  if (values.missing !== undefined) {
    console.log(JSON.stringify(missing(values.missing), undefined, 2));
  } else if (values.merge !== undefined) {
    const { taken, refused, dropped, lacking } = merge(values.merge, positionals[0]);
    for (const fault of refused) console.error(fault);
    console.log(
      `${taken} texts taken, ${refused.length} refused, ${dropped} dropped, ${lacking} still missing`,
    );
    if (refused.length > 0) process.exitCode = 1;
  } else if (values.check) {
    const faults = allFaults();
    for (const fault of faults) console.error(fault);
    if (faults.length > 0) process.exitCode = 1;
  }
}

if (process.argv[1] === import.meta.filename) main();
