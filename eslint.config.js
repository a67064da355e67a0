import js from '@eslint/js';
import ts from 'typescript-eslint';
import house from './eslint.house.mjs';

/** What the extension may not write, with what does it instead. */
const MKDIR = {
  selector: 'CallExpression[callee.name="mkdir"] Property[key.name="recursive"]',
  message: 'it never ends where no folder can be made: makeFolder of common/folders.ts does',
};
const READ = {
  selector:
    'ImportDeclaration[source.value=/^node:fs/] ImportSpecifier[imported.name=/^(readFile|readFileSync|open|openSync|createReadStream)$/]',
  message: 'a name may lead to a pipe or a device: readBounded of common/files.ts, or common/regularFile.ts',
};
const SPREAD = {
  selector:
    'CallExpression[callee.property.name=/^(push|unshift|max|min|fromCharCode|fromCodePoint|append|replaceChildren)$/] > SpreadElement > :not(ArrayExpression, ConditionalExpression)',
  message: 'arguments lie on the stack, and a long list overflows it: take its elements one by one',
};
const VSCODE_TEXT = {
  selector:
    'MemberExpression[object.property.name="window"][property.name=/^(show(Error|Warning|Information)Message|withProgress|(show|create)QuickPick|(show|create)InputBox|setStatusBarMessage)$/]',
  message: 'VS Code makes links and icons of text there: views/messages.ts does not',
};

/** Files that read what we wrote ourselves, or what the system has, and nothing else. */
const OWN_READERS = [
  ...['common/regularFile', 'board/catalogue', 'project/render', 'cli/program', 'toolchain/find'],
  ...[
    'toolchain/build',
    'toolchain/compile',
    'toolchain/linkAlone',
    'workflow/port/trial',
    'common/processMark',
    'glow/compile',
    'glow/profile',
  ],
  ...['serial/ports', 'serial/serialPort'],
  'serial/fileLog/rotatingFile', // opens to write
].map((file) => `extension/${file}.ts`);

export default ts.config(
  { ignores: ['dist/', 'artifacts/', 'prebuilds/', '**/node_modules/'] },
  js.configs.recommended,
  ...ts.configs.strict,
  {
    plugins: { house },
    rules: {
      '@typescript-eslint/no-non-null-assertion': 'off', // typed arrays and checked maps: noUncheckedIndexedAccess asks for them
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      eqeqeq: 'error',
      'no-console': 'error',
      'house/walls': 'error',
      'house/no-circles': 'error',
      'house/used-exports': 'error',
      'house/private-names': 'error',
    },
  },
  { files: ['extension/**', 'webview/**', 'bench/**'], rules: { 'house/constant-names': 'error' } },
  {
    files: ['extension/**'],
    rules: {
      'no-restricted-syntax': ['error', MKDIR, READ, SPREAD, VSCODE_TEXT],
    },
  },
  {
    // what a user may have a file at is written by common/output/writeOutputs.ts, which looks first
    files: ['extension/**'],
    ignores: [
      'extension/common/files.ts', // its hand
      'extension/commands/examples.ts', // a new folder
      'extension/sdk/unzip.ts', // a new folder
      'extension/serial/recorder.ts', // VS Code's folder for us
      'extension/serial/fileLog/rotatingFile.ts', // a log, which its user was asked about
      'extension/toolchain/build.ts', // a project's build/, which is ours or refused
      'extension/toolchain/buildFolder.ts', // a key in the user's cache
      'extension/toolchain/cmakeSources.ts', // a scratch folder
      'extension/toolchain/compile.ts', // a scratch folder
      'extension/toolchain/flash.ts', // a scratch folder
      'extension/workflow/folders/lock.ts', // locks
      'extension/toolchain/linkAlone.ts', // a scratch folder
      'extension/workflow/steps/glow/**', // a scratch folder
    ],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          paths: ['node:fs', 'node:fs/promises'].map((name) => ({
            name,
            importNames: [
              'writeFile',
              'writeFileSync',
              'createWriteStream',
              'copyFile',
              'cp',
              'rename',
              'symlink',
              'link',
            ],
            message: 'files for users are written by common/output/writeOutputs.ts',
          })),
        },
      ],
    },
  },
  {
    // what may take long with a model of somebody's is a task (extension/workflow/tasks/), which can be cancelled
    files: ['extension/{workflow,cli,commands,views}/**'],
    ignores: ['extension/workflow/{numbers,report}/**'],
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              regex: '/(model/evaluate|quantize/(interpret|quantize|profile)|compiler/compile)\\.ts$',
              allowTypeImports: true,
              message: 'It may take minutes, in which nothing else runs: workflow/tasks/tasks.ts has it',
            },
          ],
        },
      ],
    },
  },
  { files: OWN_READERS, rules: { 'no-restricted-syntax': ['error', MKDIR, SPREAD, VSCODE_TEXT] } },
  {
    files: ['extension/views/messages.ts'],
    rules: { 'no-restricted-syntax': ['error', MKDIR, READ, SPREAD] },
  },
  { files: ['extension/cli.ts', 'bench/**', '*.mjs', 'test/**'], rules: { 'no-console': 'off' } },
  {
    files: ['*.mjs', '*.js', '.mocharc.cjs', 'test/**/*.mjs', 'bench/**/*.mjs'],
    languageOptions: {
      globals: { process: 'readonly', console: 'readonly', URL: 'readonly', setTimeout: 'readonly' },
    },
  },
  {
    files: ['.mocharc.cjs'],
    languageOptions: { sourceType: 'commonjs', globals: { require: 'readonly' } },
    rules: { '@typescript-eslint/no-require-imports': 'off' },
  },
);
