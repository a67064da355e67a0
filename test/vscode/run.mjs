// The VS Code leg of `npm test`: packs the extension once, then runs the tests inside the extension host and those in
// the browser, in the newest VS Code and in the oldest supported one. Prints `N passed, N failed` and exits with 1 when
// anything failed. `node test/vscode/run.mjs newest` runs one version; `--no-pack` takes the package as it is.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '../..');
const args = process.argv.slice(2);
const versions = ['newest', 'oldest'].filter(
  (v) => args.includes(v) || !args.some((a) => !a.startsWith('-')),
);
let passed = 0;
let failed = 0;

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

function count(results) {
  if (!existsSync(results)) {
    failed++;
    return;
  }
  const { stats } = JSON.parse(readFileSync(results, 'utf8'));
  passed += stats.passes;
  failed += stats.failures;
}

async function testVersion(version) {
  const env = { GLOWPORT_VSCODE: version, npm_config_update_notifier: 'false' };
  const artifacts = path.join(root, 'artifacts/vscode', version);
  for (const [name, argv] of [
    ['host', ['--import=tsx', 'test/vscode/hostTests.ts']],
    [
      'ui',
      [
        'node_modules/mocha/bin/mocha.js',
        '--config',
        'test/vscode/mocharc.json',
        'test/vscode/ui/**/*.test.ts',
      ],
    ],
  ]) {
    const results = path.join(artifacts, `${name}-results.json`);
    rmSync(results, { force: true });
    console.log(`\nVS Code ${version}: ${name === 'host' ? 'inside the extension host' : 'in the browser'}`);
    const code = await run(process.execPath, argv, { env: { ...env, GLOWPORT_RESULTS: results } });
    const before = failed;
    count(results);
    if (code !== 0 && failed === before) failed++;
  }
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
for (const version of versions) {
  if ((await installed.get(version)) === 0) await testVersion(version);
  else {
    console.log(`VS Code ${version} could not be installed`);
    failed++;
  }
}
console.log(`\nVS Code ${versions.join(' and ')}, ${Math.round((Date.now() - started) / 1000)} s`);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
