// The walls between rooms, as lint keeps them. docs/architecture.md draws the same; test/architecture.test.ts holds the two together.

/**
 * Which room may import which; a room may always import itself and `common`. A file belongs to the longest room that its path
 * begins with.
 */
export const WALLS = {
  common: [],
  model: [],
  quantize: ['model'],
  image: ['quantize'],
  sound: [],
  data: ['image', 'sound'],
  bundle: ['webview/shared'],
  board: ['bundle'],
  sdk: ['board'],
  'compiler/c': [],
  'compiler/assembly': [],
  'compiler/target': [],
  'compiler/values': ['model', 'quantize'],
  'compiler/kernels': [
    'model',
    'quantize',
    'compiler/c',
    'compiler/assembly',
    'compiler/target',
    'compiler/values',
  ],
  'compiler/program': ['quantize', 'compiler/values', 'compiler/kernels'],
  'compiler/memory': [
    'model',
    'quantize',
    'bundle',
    'compiler/target',
    'compiler/values',
    'compiler/kernels',
  ],
  'compiler/emit': ['bundle', 'compiler/c', 'compiler/assembly', 'compiler/values', 'compiler/kernels'],
  compiler: [
    ...['quantize', 'bundle'],
    ...['target', 'values', 'kernels', 'program', 'memory', 'emit'].map((room) => `compiler/${room}`),
  ],
  validate: ['bundle', 'webview/shared'],
  project: ['board', 'bundle', 'sdk', 'validate'],
  toolchain: ['board', 'bundle'],
  glow: ['model', 'bundle', 'toolchain', 'webview/shared'],
  inference: [],
  simulator: ['board', 'inference', 'toolchain'],
  debug: ['bundle', 'simulator', 'toolchain', 'webview/shared'],
  serial: ['simulator', 'webview/shared'],
  workflow: [
    ...[
      'model',
      'quantize',
      'image',
      'sound',
      'data',
      'compiler',
      'compiler/target',
      'bundle',
      'board',
      'sdk',
      'project',
    ],
    ...['toolchain', 'glow', 'inference', 'simulator', 'serial', 'validate', 'webview/shared'],
  ],
};

/** Rooms beside the engine: where they lie, and what they may import. `engine` is every room of the engine. */
const ENGINE = Object.keys(WALLS);
/** What both sides of a page know: the data it shows with its pictures, and the messages it exchanges with its host. */
const SHARED = ['webview/shared', 'webview/shared/messages'];
export const SURFACES = {
  'extension/cli.ts': { may: ['extension/cli'] },
  'extension/cli': { may: ENGINE },
  'extension/views': { may: [...ENGINE, ...SHARED], vscode: true },
  'extension/commands': { may: [...ENGINE, ...SHARED, 'extension/views'], vscode: true },
  'extension/main.ts': { may: [...ENGINE, 'extension/views', 'extension/commands'], vscode: true },
  webview: { may: SHARED },
  'webview/shared': { may: [] },
  'webview/shared/messages': { may: ['webview/shared'] },
};
