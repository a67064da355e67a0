import { writeFileSync } from 'node:fs';
import path from 'node:path';
import Mocha from 'mocha';

/** VS Code's extension host calls this (extensionTestsPath); a rejection makes its exit code 1. */
export async function run(): Promise<void> {
  const mocha = new Mocha({ ui: 'bdd', color: false, timeout: 120_000, reporter: 'dot' });
  // the bundled test files lie beside this one; their names come with the server's environment
  for (const file of JSON.parse(process.env['GLOWPORT_HOST_TESTS']!) as string[]) {
    mocha.addFile(path.join(__dirname, file));
  }
  const failed: string[] = [];
  const stats = { passes: 0, failures: 0 };
  await new Promise<void>((resolve) => {
    mocha
      .run(() => resolve())
      .on('pass', () => stats.passes++)
      .on('fail', (test, error: Error) => {
        stats.failures++;
        failed.push(`${test.fullTitle()}\n${error.stack}`);
      });
  });
  writeFileSync(process.env['GLOWPORT_RESULTS']!, JSON.stringify({ stats, failed }));
  if (stats.failures > 0) throw new Error(`${stats.failures} test(s) failed`);
}
