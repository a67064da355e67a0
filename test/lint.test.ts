import assert from 'node:assert/strict';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { ESLint } from 'eslint';
import { execa } from 'execa';
import { productRoot } from '../extension/common/resources.ts';
import { ProductCopy } from './support/productCopy.ts';

/* The rules of eslint.house.mjs, on a copy of the product that breaks each of them. */
describe('lint', () => {
  let copy: ProductCopy;
  before(async () => {
    copy = await ProductCopy.make();
    await mkdir(path.join(copy.root, 'test'));
  });
  after(() => copy.dispose());

  /** Writes files into the copy, lints them, and gives what the house's rules say of each. */
  async function found(files: Readonly<Record<string, string>>, rules = /^house\//): Promise<string[]> {
    for (const [name, text] of Object.entries(files)) await writeFile(path.join(copy.root, name), text);
    const eslint = path.join(productRoot, 'node_modules', 'eslint', 'bin', 'eslint.js');
    const args = [eslint, '--format', 'json', ...Object.keys(files)];
    const { stdout, stderr } = await execa(process.execPath, args, { cwd: copy.root, reject: false });
    assert.equal(stderr, '');
    const results = JSON.parse(stdout) as ESLint.LintResult[];
    return results
      .flatMap((r) => r.messages)
      .filter((m) => m.fatal || rules.test(m.ruleId ?? ''))
      .map((m) => m.message);
  }

  it('refuses imports through walls: plain, dynamic, of types, and of vscode', async () => {
    const wall = 'extension/model may not import extension/cli';
    assert.deepEqual(
      await found({
        'extension/model/through.ts': [
          "import { EXIT } from '../cli/exit.ts';",
          "import type * as vscode from 'vscode';",
          "import { UserError } from '../common/error.ts';",
          'console.log(EXIT, UserError, {} as vscode.Uri);',
          "void import('../cli/exit.ts');",
          "console.log({} as import('../cli/exit.ts').EXIT);",
          "export * from '../cli/exit.ts';",
        ].join('\n'),
      }),
      [wall, 'vscode is for main.ts, commands/ and views/', wall, wall, wall],
    );
    assert.deepEqual(
      await found({
        'extension/compiler/kernels/through.ts': "import '../emit/layer.ts';",
        'extension/serial/through.ts': "import '../../webview/shared/messages/monitor.ts';",
        'extension/views/through.ts': "import '../../webview/shared/messages/monitor.ts';",
        'webview/monitor/through.ts': "import '../../extension/bundle/bundle.ts';",
        'webview/shared/through.ts': "import '../dom.ts';",
      }),
      [
        'extension/compiler/kernels may not import extension/compiler/emit',
        'extension/serial may not import webview/shared/messages',
        'webview may not import extension/bundle',
        'webview/shared may not import webview',
      ],
    );
  });

  it('refuses circles, of types too, and exports that nothing imports', async () => {
    assert.deepEqual(
      await found({
        'extension/model/first.ts':
          "import type { B } from './second.ts';\nexport interface A { readonly b: B }",
        'extension/model/second.ts':
          "import type { A } from './first.ts';\nexport interface B { readonly a: A }",
        'extension/model/third.ts': 'export const LONELY = 1;',
      }),
      [
        'this file imports itself by way of extension/model/second.ts',
        'this file imports itself by way of extension/model/first.ts',
        'nothing imports LONELY: do not export it',
      ],
    );
  });

  it('refuses other styles of constants and private members', async () => {
    const style = [
      'const limit = 3;',
      'class Counter { private n = limit; next(): number { return this.n++; } }',
      'console.log(new Counter().next());',
    ];
    assert.deepEqual(await found({ 'extension/model/style.ts': style.join('\n') }), [
      'literal data of a file is UPPER_CASE: limit',
      'a private member is written #name',
    ]);
  });

  it('refuses what has a safer way: reading, writing, folders, long arguments, text of files in VS Code', async () => {
    const safe = await found(
      {
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
      },
      /^(@typescript-eslint\/)?no-restricted-(syntax|imports)$/,
    );
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

  it('finds nothing in the product as it is', async () => {
    const file = 'extension/model/graph.ts';
    const text = await readFile(path.join(copy.root, file), 'utf8');
    assert.deepEqual(await found({ [file]: text }), []);
  });
});
