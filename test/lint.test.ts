import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { ESLint } from 'eslint';
import { execa } from 'execa';
import { productRoot } from '../extension/common/resources.ts';
import { ProductCopy } from './support/productCopy.ts';

/** A file of the product's. */
const AS_IT_IS = 'extension/model/graph.ts';

/* The rules of eslint.house.mjs, on a copy of the product that breaks each of them. */
describe('lint', () => {
  let copy: ProductCopy;
  let results: ESLint.LintResult[];
  const all: Record<string, string> = {};

  /** Puts files into the copy, which is linted once for all tests. */
  function files(given: Readonly<Record<string, string>>): readonly string[] {
    Object.assign(all, given);
    return Object.keys(given);
  }

  /** What rules say of files. */
  function found(names: readonly string[], rules = /^house\//): string[] {
    return results
      .filter((r) => names.includes(path.relative(copy.root, r.filePath).replaceAll(path.sep, '/')))
      .flatMap((r) => r.messages)
      .filter((m) => m.fatal || rules.test(m.ruleId ?? ''))
      .map((m) => m.message);
  }

  const walls = files({
    'extension/model/through.ts': [
      "import { EXIT } from '../cli/exit.ts';",
      "import type * as vscode from 'vscode';",
      "import { UserError } from '../common/error.ts';",
      'console.log(EXIT, UserError, {} as vscode.Uri);',
      "void import('../cli/exit.ts');",
      "console.log({} as import('../cli/exit.ts').EXIT);",
      "export * from '../cli/exit.ts';",
    ].join('\n'),
  });
  const rooms = files({
    'extension/compiler/kernels/through.ts': "import '../emit/layer.ts';",
    'extension/serial/through.ts': "import '../../webview/shared/messages/monitor.ts';",
    'extension/views/through.ts': "import '../../webview/shared/messages/monitor.ts';",
    'webview/monitor/through.ts': "import '../../extension/bundle/bundle.ts';",
    'webview/shared/through.ts': "import '../dom.ts';",
  });
  const wholes = files({
    'extension/model/first.ts': "import type { B } from './second.ts';\nexport interface A { readonly b: B }",
    'extension/model/second.ts': "import type { A } from './first.ts';\nexport interface B { readonly a: A }",
    'extension/model/third.ts': 'export const LONELY = 1;',
  });
  const styles = files({
    'extension/model/style.ts': [
      'const limit = 3;',
      'class Counter { private n = limit; next(): number { return this.n++; } }',
      'console.log(new Counter().next());',
    ].join('\n'),
  });
  const unsafe = files({
    'extension/model/unsafe.ts': [
      "import { readFile, writeFile, mkdir } from 'node:fs/promises';",
      "await mkdir('a', { recursive: true });",
      "console.log(await readFile('a'), writeFile, Math.max(...[1].map(Number)));",
    ].join('\n'),
    'extension/workflow/steps/unsafe.ts': [
      "import { evaluate } from '../../model/evaluate.ts';",
      "import type { QuantizedGraph } from '../../quantize/quantize.ts';",
      'console.log(evaluate, {} as QuantizedGraph);',
    ].join('\n'),
    'extension/views/unsafe.ts': [
      "import * as vscode from 'vscode';",
      "void vscode.window.showErrorMessage('[a](command:b)');",
      "void vscode.window.showQuickPick(['$(a)']);",
    ].join('\n'),
  });

  before(async () => {
    copy = await ProductCopy.make();
    await mkdir(path.join(copy.root, 'test'));
    for (const [name, text] of Object.entries(all)) await copy.addFile(name, text);
    const eslint = path.join(productRoot, 'node_modules', 'eslint', 'bin', 'eslint.js');
    const args = [eslint, '--format', 'json', ...Object.keys(all), AS_IT_IS];
    const { stdout, stderr } = await execa(process.execPath, args, { cwd: copy.root, reject: false });
    assert.equal(stderr, '');
    results = JSON.parse(stdout) as ESLint.LintResult[];
    assert.equal(results.length, Object.keys(all).length + 1);
  });
  after(() => copy.dispose());

  it('refuses imports through walls: plain, dynamic, of types, and of vscode', () => {
    const wall = 'extension/model may not import extension/cli';
    assert.deepEqual(found(walls), [wall, 'vscode is for main.ts, commands/ and views/', wall, wall, wall]);
    assert.deepEqual(found(rooms), [
      'extension/compiler/kernels may not import extension/compiler/emit',
      'extension/serial may not import webview/shared/messages',
      'webview may not import extension/bundle',
      'webview/shared may not import webview',
    ]);
  });

  it('refuses circles, of types too, and exports that nothing imports', () => {
    assert.deepEqual(found(wholes), [
      'this file imports itself by way of extension/model/second.ts',
      'this file imports itself by way of extension/model/first.ts',
      'nothing imports LONELY: do not export it',
    ]);
  });

  it('refuses other styles of constants and private members', () => {
    assert.deepEqual(found(styles), [
      'literal data of a file is UPPER_CASE: limit',
      'a private member is written #name',
    ]);
  });

  it('refuses what has a safer way: reading, writing, folders, long arguments, text of files in VS Code', () => {
    const safe = found(unsafe, /^(@typescript-eslint\/)?no-restricted-(syntax|imports)$/);
    const starts = safe.map((message) => /'[^']*' import (from|is)|[^:']+/.exec(message)![0]);
    assert.deepEqual(starts.sort(), [
      "'../../model/evaluate.ts' import is",
      "'writeFile' import from",
      'VS Code makes links and icons of text there',
      'VS Code makes links and icons of text there',
      'a name may lead to a pipe or a device',
      'arguments lie on the stack, and a long list overflows it',
      'it never ends where no folder can be made',
    ]);
  });

  it('finds nothing in the product as it is', () => {
    assert.deepEqual(found([AS_IT_IS]), []);
  });
});
