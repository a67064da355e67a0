import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { productRoot } from '../extension/common/resources.ts';
import type { Results } from './support/results.ts';

interface Totals {
  resultsOf(name: string, file: string, work: (env: NodeJS.ProcessEnv) => Promise<number>): Promise<Results>;
  together(all: readonly Results[]): Results;
  summary(results: Results): string;
}
const { resultsOf, summary, together } = (await import(path.join(productRoot, 'test/results.mjs'))) as Totals;

describe('results of test runs', () => {
  let folder: string;
  beforeEach(async () => (folder = await mkdtemp(path.join(tmpdir(), 'glowport-results-'))));
  afterEach(() => rm(folder, { recursive: true }));

  /** Runs mocha, as this repository sets it up, on a file with these tests. */
  async function mocha(tests: string): Promise<Results> {
    const file = path.join(folder, 'made-up.test.cjs');
    await writeFile(file, tests);
    const program = path.join(productRoot, 'node_modules/mocha/bin/mocha.js');
    return resultsOf('mocha', path.join(folder, 'results.json'), (env) => {
      const child = spawn(process.execPath, [program, file], {
        cwd: productRoot,
        env: { ...process.env, ...env },
        stdio: 'ignore',
      });
      return new Promise((resolve) => child.on('close', (code) => resolve(code ?? -1)));
    });
  }

  it('count what passed, failed and was skipped, with names', async () => {
    const results = await mocha(`
      describe('a', () => {
        it('passes', () => {});
        it('fails', () => { throw new Error('on purpose'); });
        it('is skipped', function () { this.skip(); });
      });
      describe('b', () => {
        before(function () { this.skip(); });
        it('is not begun', () => {});
      });`);
    assert.equal(results.passed, 1);
    assert.match(results.failed.join(), /^a fails\nError: on purpose\n/);
    assert.deepEqual(results.skipped, ['a is skipped', 'b is not begun']);
    assert.equal(summary(together([results, results])), '2 passed, 2 failed, 4 skipped');
  });

  it('are right where nothing failed and nothing was skipped', async () => {
    assert.equal(summary(await mocha("it('passes', () => {});")), '1 passed, 0 failed, 0 skipped');
  });

  it('count a failing hook, and a run that ends before it can tell', async () => {
    const hook = await mocha("it('passes', () => {}); after(() => { throw new Error('too late'); });");
    assert.equal(summary(hook), '1 passed, 1 failed, 0 skipped');
    const crash = await mocha("it('crashes', () => process.exit(7));");
    assert.deepEqual(crash, { passed: 0, failed: ['mocha ended with 7 and no results'], skipped: [] });
  });

  it('are a failure where a run ends badly though all its tests passed', async () => {
    const results = await resultsOf('a run', path.join(folder, 'results.json'), async (env) => {
      const all: Results = { passed: 2, failed: [], skipped: [] };
      await writeFile(env['GLOWPORT_RESULTS']!, JSON.stringify(all));
      return 1;
    });
    assert.deepEqual(results, { passed: 2, failed: ['a run ended with 1'], skipped: [] });
  });

  it('are none of an earlier run', async () => {
    const file = path.join(folder, 'results.json');
    await writeFile(file, JSON.stringify({ passed: 5, failed: [], skipped: [] }));
    const results = await resultsOf('a run', file, () => Promise.resolve(0));
    assert.equal(summary(results), '0 passed, 1 failed, 0 skipped');
  });
});
