import path from 'node:path';
import Mocha from 'mocha';
import { writeResults } from '../../support/results.ts';

/** VS Code's extension host calls this (extensionTestsPath); a rejection makes its exit code 1. */
export async function run(): Promise<void> {
  const mocha = new Mocha({ ui: 'bdd', color: false, timeout: 600_000, reporter: 'dot' });
  // the bundled test files lie beside this one; their names come with the server's environment
  for (const file of JSON.parse(process.env['GLOWPORT_HOST_TESTS']!) as string[]) {
    mocha.addFile(path.join(__dirname, file));
  }
  const failures = await new Promise<number>((resolve) => {
    writeResults(mocha.run(resolve), process.env['GLOWPORT_RESULTS']!);
  });
  if (failures > 0) throw new Error(`${failures} test(s) failed`);
}
