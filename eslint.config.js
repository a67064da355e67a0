import js from '@eslint/js';
import ts from 'typescript-eslint';
import house from './eslint.house.mjs';

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
      'no-restricted-syntax': [
        'error',
        {
          selector: 'CallExpression[callee.name="mkdir"] Property[key.name="recursive"]',
          message: 'it never ends where no folder can be made: makeFolder of common/folders.ts does',
        },
      ],
    },
  },
  { files: ['extension/cli.ts', 'bench/**', '*.mjs', 'test/**'], rules: { 'no-console': 'off' } },
  {
    files: ['*.mjs', '*.js', '.mocharc.cjs', 'test/**/*.mjs', 'bench/**/*.mjs'],
    languageOptions: {
      globals: { process: 'readonly', console: 'readonly', URL: 'readonly', setTimeout: 'readonly' },
    },
  },
  { files: ['.mocharc.cjs'], languageOptions: { sourceType: 'commonjs' } },
);
