// What `npm start` and `npm test` run: installs what is missing, builds, then ports the example or tests everything.
// Plain Node without dependencies, because none are installed yet when it begins.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { resultsOf, summary, together } from './test/results.mjs';

const root = path.dirname(fileURLToPath(import.meta.url));
const at = (...parts) => path.join(root, ...parts);
const say = (text) => process.stderr.write(`${text}\n`);

/** Exit code of a program that Ctrl-C has ended. */
const INTERRUPTED = 130;

/** An error that is one sentence for the user. */
class SetupError extends Error {}

/** Runs a program; resolves with its exit code. @param print gets what it prints; undefined: it has our terminal */
function run(program, args, { env, print } = {}) {
  return new Promise((resolve, reject) => {
    const stdio = print ? ['ignore', 'pipe', 'pipe'] : 'inherit';
    const child = spawn(program, args, { cwd: root, env: { ...process.env, ...env }, stdio });
    for (const stream of print ? [child.stdout, child.stderr] : []) stream.on('data', print);
    child.on('error', (e) => reject(new SetupError(`${program} could not be started (${e.code}).`)));
    child.on('close', (code, signal) => resolve(signal ? INTERRUPTED : code));
  });
}

async function must(program, args, options) {
  const code = await run(program, args, options);
  if (code !== 0) throw new SetupError(`"${[path.basename(program), ...args].join(' ')}" failed.`);
}

const node = (args, options) => must(process.execPath, args, options);

/** True when every package of package-lock.json is in node_modules in its version (npm keeps a list of what is there). */
function isInstalled() {
  const packages = (file) => JSON.parse(readFileSync(file, 'utf8')).packages;
  try {
    const there = packages(at('node_modules', '.package-lock.json'));
    return Object.entries(packages(at('package-lock.json'))).every(([name, wanted]) => {
      if (name === '' || wanted.link) return true;
      const found = there[name];
      return found ? found.version === wanted.version : wanted.optional === true || wanted.peer === true;
    });
  } catch {
    return false;
  }
}

async function installPackages() {
  if (isInstalled()) return;
  say('Installing npm packages …');
  await must(...npm('ci', '--no-audit', '--no-fund'));
}

/** How npm is started: it tells where it is itself; started without npm, the one beside this Node is taken. */
function npm(...args) {
  const places = [
    process.env.npm_execpath,
    path.join(path.dirname(process.execPath), 'node_modules/npm/bin/npm-cli.js'),
  ];
  const script = places.find((file) => file?.endsWith('.js') && existsSync(file));
  if (script) return [process.execPath, [script, ...args]];
  return [process.platform === 'win32' ? 'npm.cmd' : 'npm', args];
}

const has = (program) =>
  (process.env.PATH ?? '').split(path.delimiter).some((folder) => existsSync(path.join(folder, program)));

/** Installs Debian packages: as root, or through sudo; elsewhere says what to do. */
async function installTools(wanted, commands) {
  if (wanted.length === 0) return;
  if (!has('apt-get')) {
    throw new SetupError(
      `Some tools are missing. Install them and try again:\n${commands.map((c) => `  ${c}`).join('\n')}`,
    );
  }
  const isRoot = process.getuid?.() === 0;
  const install = ['apt-get', 'install', '-y', '--no-install-recommends', ...wanted];
  if (!isRoot && !has('sudo')) {
    throw new SetupError(
      `Some tools are missing. Install them as root and try again:\n  ${install.join(' ')}`,
    );
  }
  say(`Installing ${wanted.join(', ')} …`);
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  for (const [program, ...args] of [
    ['apt-get', 'update', '-q'],
    [...install, '-q'],
  ]) {
    if (isRoot) await must(program, args, { env });
    else await must('sudo', ['DEBIAN_FRONTEND=noninteractive', program, ...args]);
  }
}

/** What `glowport doctor` finds missing for building firmware. */
async function installToolchain() {
  const doctor = spawnSync(process.execPath, [at('dist/cli.cjs'), 'doctor', '--json'], { encoding: 'utf8' });
  const findings = JSON.parse(doctor.stdout || '[]').filter(
    (f) => f.state !== 'ok' && (f.required || ['cmake', 'ninja'].includes(f.tool)) && f.tool !== 'node',
  );
  const commands = [...new Set(findings.map((f) => f.install))];
  const debian = commands.flatMap((c) => c.split('apt-get install ')[1]?.split(' ') ?? []);
  await installTools([...new Set(debian)], commands);
}

/** What only tests need. */
async function installTestTools() {
  const tools = {
    'qemu-system-arm': 'qemu-system-arm',
    chromium: 'chromium',
    socat: 'socat',
    rg: 'ripgrep',
    'gdb-multiarch': 'gdb-multiarch',
    // VS Code's own native modules are compiled
    make: 'make',
    'g++': 'g++',
    python3: 'python3',
  };
  const missing = Object.keys(tools).filter((program) => !has(program));
  const names = missing.map((program) => tools[program]);
  await installTools(names, [`${names.join(', ')} (with your system's package manager)`]);
}

async function build() {
  await node([at('esbuild.mjs')]);
}

async function start() {
  await installPackages();
  await build();
  await installToolchain();
  const example = [
    '--config',
    at('examples/mnist/glowport.json'),
    '--out',
    at('build/mnist-frdmke16z'),
    '--no-save',
  ];
  return run(process.execPath, [at('dist/cli.cjs'), 'port', ...example]);
}

/** What is printed waits until it may be shown. */
function held() {
  let kept = [];
  const show = (text) => process.stdout.write(text);
  return {
    print: (text) => (kept ? kept.push(text) : show(text)),
    release() {
      kept?.forEach(show);
      kept = undefined;
    },
  };
}

/**
 * Runs every check even when one fails, so that one run tells all; the last line counts tests and failed checks. A VS Code under
 * test mostly waits for itself: it is tested beside the other tests, and what that prints is shown behind theirs.
 */
async function test() {
  await installPackages();
  await build();
  await installToolchain();
  await installTestTools();

  const checked = async (title, [program, args], options) => {
    if (!options.print) say(`\n${title}`);
    const code = await run(program, args, options);
    if (code === INTERRUPTED) process.exit(INTERRUPTED);
    return code;
  };
  const check = async (title, command) => {
    const failed = (await checked(title, command, {})) === 0 ? [] : [title];
    return { passed: 0, failed, skipped: [] };
  };
  const tests = (title, file, command, print) =>
    resultsOf(title, at('artifacts', file), (env) => checked(title, command, { env, print }));

  mkdirSync(at('artifacts'), { recursive: true });
  const all = [
    await check('Formatting and lint', npm('run', '--silent', 'lint')),
    await check('Types', npm('run', '--silent', 'typecheck')),
    // what tests of the command line run is what is packed; --as-is: a test looks whether l10n/ is up to date
    await check('Package', [process.execPath, [at('package.mjs'), '--as-is']]),
  ];
  const { print, release } = held();
  const vscode = [process.execPath, [at('test/vscode/run.mjs'), '--no-pack']];
  const inVsCode = tests('Tests in VS Code', 'vscode.json', vscode, print);
  all.push(await tests('Tests', 'tests.json', npm('run', '--silent', 'test:unit')));
  say('\nTests in VS Code');
  release();
  const results = together([...all, await inVsCode]);
  for (const [title, tests] of [
    ['Skipped', results.skipped],
    ['Failed', results.failed],
  ]) {
    const names = tests.map((text) => text.split('\n', 1)[0]);
    if (names.length > 0) say([`\n${title}:`, ...names].join('\n  '));
  }
  process.stdout.write(`${summary(results)}\n`);
  return results.failed.length === 0 ? 0 : 1;
}

// Ctrl-C reaches the program that runs right now as well; it cleans up, and its end is ours
process.on('SIGINT', () => undefined);

const [major, minor] = process.versions.node.split('.').map(Number);
const tasks = { start, test };
const task = tasks[process.argv[2]];
try {
  if (!task) throw new SetupError('usage: node setup.mjs start|test');
  if (major < 20 || (major === 20 && minor < 9)) {
    throw new SetupError(
      `Node.js 20.9 or newer is needed, this is ${process.versions.node}: see https://nodejs.org`,
    );
  }
  process.exitCode = await task();
} catch (e) {
  if (!(e instanceof SetupError)) throw e;
  say(`glowport: ${e.message}`);
  process.exitCode = 1;
}
