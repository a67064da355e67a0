// What a run of tests came to, for the programs that run several and add up: setup.mjs and test/vscode/run.mjs.
// Plain Node, as they are. test/support/results.ts writes such a file for mocha.
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';

/** @typedef {{ passed: number, failed: string[], skipped: string[] }} Results names of the failed and skipped tests */

/**
 * Runs `work` with a file for its results and resolves to what it left there. One that left nothing, or ended badly and tells
 * of no failure, has failed itself.
 *
 * @param {string} name of the run
 * @param {string} file where its results go
 * @param {(env: Record<string, string>) => Promise<number>} work starts the run and resolves to its exit code
 * @returns {Promise<Results>}
 */
export async function resultsOf(name, file, work) {
  rmSync(file, { force: true });
  const code = await work({ GLOWPORT_RESULTS: file });
  if (!existsSync(file))
    return { passed: 0, failed: [`${name} ended with ${code} and no results`], skipped: [] };
  const results = JSON.parse(readFileSync(file, 'utf8'));
  if (code !== 0 && results.failed.length === 0) results.failed.push(`${name} ended with ${code}`);
  return results;
}

/**
 * @param {Results[]} all
 * @returns {Results}
 */
export function together(all) {
  return {
    passed: all.reduce((sum, { passed }) => sum + passed, 0),
    failed: all.flatMap(({ failed }) => failed),
    skipped: all.flatMap(({ skipped }) => skipped),
  };
}

/** Leaves results for the program that started this one, if it wants them. */
export function leave(results) {
  const file = process.env.GLOWPORT_RESULTS;
  if (file) writeFileSync(file, JSON.stringify(results));
}

/** The last line of every run of tests. */
export function summary({ passed, failed, skipped }) {
  return `${passed} passed, ${failed.length} failed, ${skipped.length} skipped`;
}
