import js from '@eslint/js';
import ts from 'typescript-eslint';

/**
 * The walls of docs/architecture.md: which room of extension/ may import which. A room may always import itself,
 * and common/.
 */
const walls = {
  model: [],
  quantize: ['model'],
  image: ['quantize'],
  bundle: [],
  sdk: ['board'],
  compiler: ['model', 'quantize', 'bundle'],
  board: ['bundle'],
  project: ['board', 'bundle', 'sdk'],
  toolchain: ['board', 'bundle'],
  glow: ['bundle', 'toolchain'],
  simulator: ['board', 'toolchain'],
  serial: ['simulator'],
  workflow: [
    'model',
    'quantize',
    'image',
    'compiler',
    'bundle',
    'board',
    'sdk',
    'project',
    'toolchain',
    'glow',
    'simulator',
    'serial',
  ],
};
const rooms = Object.keys(walls);
const hosts = ['commands', 'views'];

/** Pages and the extension meet in webview/shared/, which imports neither. */
const pages = {
  regex: '/webview/(?!shared/)',
  message: 'of webview/ the extension may import webview/shared/ only',
};
const outside = (regex) => ({
  'no-restricted-imports': [
    'error',
    { patterns: [{ regex, message: 'webview/shared/ imports itself only' }] },
  ],
});
const pageRules = [
  { files: ['extension/**/*.ts'], rules: { 'no-restricted-imports': ['error', { patterns: [pages] }] } },
  {
    files: ['webview/**/*.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        { patterns: [{ group: ['**/extension/**'], message: 'pages may import webview/ only' }] },
      ],
    },
  },
  { files: ['webview/shared/*.ts'], rules: outside('^(?!\\./)') },
  { files: ['webview/shared/*/*.ts'], rules: outside('^(?!\\.\\.?/(?!\\.\\./))') },
];

const wallRules = rooms.map((room) => ({
  files: [`extension/${room}/**/*.ts`],
  rules: {
    'no-restricted-imports': [
      'error',
      {
        paths: [{ name: 'vscode', message: 'vscode is for main.ts, commands/ and views/ only' }],
        patterns: [
          {
            group: [...rooms, ...hosts]
              .filter((r) => r !== room && !walls[room].includes(r))
              .map((r) => `**/${r}/**`),
            message: `extension/${room} may import ${walls[room].join(', ') || 'no other room'} only`,
          },
          pages,
        ],
      },
    ],
  },
}));

export default ts.config(
  { ignores: ['dist/', 'artifacts/', 'prebuilds/', '**/node_modules/'] },
  js.configs.recommended,
  ...ts.configs.strict,
  {
    rules: {
      '@typescript-eslint/no-non-null-assertion': 'off', // typed arrays and checked maps: noUncheckedIndexedAccess asks for them
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      eqeqeq: 'error',
      'no-console': 'error',
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
  ...pageRules,
  ...wallRules,
  {
    files: ['extension/cli.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        { paths: ['vscode'], patterns: [{ group: ['**/commands/**', '**/views/**'] }, pages] },
      ],
    },
  },
);
