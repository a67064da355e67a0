// Collects the sentences of vscode.l10n.t (host) and t (pages) into l10n/bundle.l10n.json, what translators start from.
// A translation is a bundle.l10n.<language>.json beside it.
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';

/** Every first argument of a translating call below these folders; a call with anything but a literal is an error. */
export function sentences(folders = ['extension', 'webview']) {
  const found = new Set();
  for (const folder of folders) {
    for (const file of readdirSync(folder, { recursive: true })) {
      if (!file.endsWith('.ts')) continue;
      const name = path.join(folder, file);
      collect(ts.createSourceFile(name, readFileSync(name, 'utf8'), ts.ScriptTarget.Latest, true), found);
    }
  }
  return [...found].sort((a, b) => (a < b ? -1 : 1));
}

/** Calls of vscode.l10n.t, of a page's t, and of a t that was handed on (`host.t`) to code that knows no vscode. */
function collect(source, found) {
  const visit = (node) => {
    if (ts.isCallExpression(node) && /(^|[.#])t$/.test(node.expression.getText(source))) {
      const [message] = node.arguments;
      const handedOn = message && ts.isIdentifier(message) && message.text === 'message';
      if (!handedOn) for (const literal of literals(message, source)) found.add(literal);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
}

/** The literals an argument may be: a string, or either side of a condition. */
function literals(argument, source) {
  if (argument && ts.isStringLiteralLike(argument)) return [argument.text];
  if (argument && ts.isConditionalExpression(argument)) {
    return [...literals(argument.whenTrue, source), ...literals(argument.whenFalse, source)];
  }
  const { line } = source.getLineAndCharacterOfPosition(argument?.getStart(source) ?? 0);
  throw new Error(`${source.fileName}:${line + 1}: a sentence to translate must be a literal`);
}

/** Writes l10n/bundle.l10n.json. */
export function writeBundle() {
  const text = JSON.stringify(Object.fromEntries(sentences().map((s) => [s, s])), undefined, 2);
  writeFileSync('l10n/bundle.l10n.json', `${text}\n`);
}

if (process.argv[1] === import.meta.filename) writeBundle();
