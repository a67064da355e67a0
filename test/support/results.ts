import { writeFileSync } from 'node:fs';
import type { Runner } from 'mocha';

/** What a run of tests came to, as test/results.mjs reads it. */
export interface Results {
  passed: number;
  /** Names and stacks. */
  readonly failed: string[];
  readonly skipped: string[];
}

/** Writes a run's results when it ends. */
export function writeResults(runner: Runner, file: string): void {
  const results: Results = { passed: 0, failed: [], skipped: [] };
  runner
    .on('pass', () => results.passed++)
    .on('fail', (test, error: Error) => results.failed.push(`${test.fullTitle()}\n${error.stack}`))
    .on('pending', (test) => results.skipped.push(test.fullTitle()))
    .once('end', () => writeFileSync(file, JSON.stringify(results)));
}

/** Mocha calls this before every run; results are written when GLOWPORT_RESULTS says where. */
export function mochaGlobalSetup(this: Runner): void {
  const file = process.env['GLOWPORT_RESULTS'];
  if (file) writeResults(this, file);
}
