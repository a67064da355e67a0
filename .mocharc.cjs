const { availableParallelism } = require('node:os');

/*
 * Tests are loaded as ES modules, as the product is. Where mocha can, it would require them, and what the product loads by
 * `import()` would then be there a second time: errors of another UserError.
 */
const asModules = process.features.require_module ? ['no-experimental-require-module'] : [];

module.exports = {
  jobs: availableParallelism(), // with --parallel: a file a process
  ignore: ['test/vscode/**'],
  'node-option': ['import=tsx', ...asModules],
  require: ['./test/support/results.ts', './test/support/seed.ts'],
  timeout: 600_000, // for what hangs
  reporter: 'dot',
};
