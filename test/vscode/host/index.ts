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
  const results: { title: string; state: string; error?: string | undefined }[] = [];
  const failures = await new Promise<number>((resolve) => {
    mocha
      .run(resolve)
      .on('pass', (t) => results.push({ title: t.fullTitle(), state: 'passed' }))
      .on('fail', (t, e: Error) => results.push({ title: t.fullTitle(), state: 'failed', error: e.stack }))
      .on('pending', (t) => results.push({ title: t.fullTitle(), state: 'skipped' }));
  });
  writeFileSync(process.env['GLOWPORT_HOST_RESULTS']!, JSON.stringify(results));
  if (failures > 0) throw new Error(`${failures} test(s) failed`);
}
