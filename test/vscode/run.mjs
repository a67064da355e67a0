// The VS Code leg of `npm test`: packs the extension once, then runs the tests inside the extension host and those in
// the browser, in the newest VS Code and in the oldest supported one. Prints `N passed, N failed, N skipped` and exits
// with 1 when anything failed. `node test/vscode/run.mjs newest` runs one version; `--no-pack` takes the package as it is.
import { spawn } from 'node:child_process';
import path from 'node:path';
import { leave, resultsOf, summary, together } from '../results.mjs';

const root = path.resolve(import.meta.dirname, '../..');
const args = process.argv.slice(2);
const versions = ['newest', 'oldest'].filter(
  (v) => args.includes(v) || !args.some((a) => !a.startsWith('-')),
);

/** Runs a program; resolves to its exit code. Its output is shown, or kept for when it fails. */
function run(command, argv, { env = {}, quiet = false } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, argv, {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: ['ignore', quiet ? 'pipe' : 'inherit', quiet ? 'pipe' : 'inherit'],
    });
    let text = '';
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (d) => (text += d));
    child.on('close', (code) => {
      if (quiet && code !== 0) console.log(text);
      resolve(code ?? 1);
    });
  });
}

/** Runs both kinds of tests in a version of VS Code; resolves to the results of each. */
async function testVersion(version) {
  const env = { GLOWPORT_VSCODE: version, npm_config_update_notifier: 'false' };
  const results = [];
  for (const [name, where, argv] of [
    ['host', 'inside the extension host', ['--import=tsx', 'test/vscode/hostTests.ts']],
    [
      'ui',
      'in the browser',
      [
        'node_modules/mocha/bin/mocha.js',
        '--config',
        'test/vscode/mocharc.json',
        'test/vscode/ui/**/*.test.ts',
      ],
    ],
  ]) {
    const title = `VS Code ${version}: ${where}`;
    const file = path.join(root, 'artifacts/vscode', version, `${name}-results.json`);
    console.log(`\n${title}`);
    results.push(
      await resultsOf(title, file, (more) => run(process.execPath, argv, { env: { ...env, ...more } })),
    );
  }
  return results;
}

const install = (version) => run('bash', [`test/vscode/${version}/install.sh`], { quiet: true });
const started = Date.now();
// the second version installs while the first is tested
const installed = new Map();
for (const version of versions) {
  const before = [...installed.values()].at(-1) ?? Promise.resolve(0);
  installed.set(
    version,
    before.then(() => install(version)),
  );
}
if (!args.includes('--no-pack')) {
  const packed = await run(process.execPath, ['package.mjs'], { quiet: true });
  if (packed !== 0) process.exit(1);
}
const all = [];
for (const version of versions) {
  if ((await installed.get(version)) === 0) all.push(...(await testVersion(version)));
  else {
    const failure = `VS Code ${version} could not be installed`;
    console.log(failure);
    all.push({ passed: 0, failed: [failure], skipped: [] });
  }
}
const results = together(all);
leave(results);
console.log(`\nVS Code ${versions.join(' and ')}, ${Math.round((Date.now() - started) / 1000)} s`);
console.log(summary(results));
process.exitCode = results.failed.length === 0 && results.passed > 0 ? 0 : 1;
