/**
 * Command lines as LLVM's parser takes them: one dash or two, `-name=value` or `-name value`, an unknown option, a second
 * occurrence, a value that is none of an option's or a missing one end the program with 1 and LLVM's words.
 */
import { writeSync } from 'node:fs';

/** What an option takes: `flag`, `text`, `list` (may be repeated), or an array of the values it knows. */
export function parseCommandLine(tool, options, args, { positional = false } = {}) {
  const fail = (text) => {
    process.stderr.write(`${tool}: ${text}\n`);
    process.exit(1);
  };
  const how = process.env.STAND_IN ?? '';
  if (how.startsWith('probe:')) misbehave(how.slice('probe:'.length));
  if (args.some((a) => /^--?version$/.test(a))) {
    const version = process.env.STAND_IN_VERSION ?? '2024-05-11 (05dd99b97) (stand-in)';
    process.stdout.write('LLVM (http://llvm.org/):\n  LLVM version 14.0.6\n  Optimized build.\n');
    process.stdout.write(
      `  Default target: x86_64-pc-linux-gnu\n  Host CPU: znver2\nGlow Tools version: ${version}\n`,
    );
    process.exit(0);
  }
  if (args.some((a) => /^--?help$/.test(a))) {
    process.stdout.write(
      `OVERVIEW:  The Glow compiler\n\nUSAGE: ${tool} [options]\n\nOPTIONS:\n\nLoader Options:\n\n`,
    );
    for (const [name, kind] of Object.entries(options)) {
      const value = kind === 'flag' ? '' : Array.isArray(kind) ? '=<value>' : '=<string>';
      process.stdout.write(`  --${(name + value).padEnd(46)} - What it does\n`);
      if (Array.isArray(kind))
        for (const v of kind) process.stdout.write(`    =${v.padEnd(43)} -   A value\n`);
    }
    process.exit(0);
  }
  const given = {};
  const rest = [];
  for (let i = 0; i < args.length; i++) {
    const m = /^--?([^=]+)(?:=(.*))?$/s.exec(args[i]);
    if (!m) {
      if (!positional) fail(`Unknown command line argument '${args[i]}'.  Try: '${tool} --help'`);
      rest.push(args[i]);
      continue;
    }
    const [, name] = m;
    const kind = options[name];
    if (kind === undefined) fail(`Unknown command line argument '${args[i]}'.  Try: '${tool} --help'`);
    let value = m[2];
    if (kind === 'flag') {
      if (value !== undefined && value !== 'true' && value !== 'false') {
        fail(`for the --${name} option: '${value}' is invalid value for boolean argument! Try 0 or 1`);
      }
    } else {
      value ??= args[++i];
      if (value === undefined) fail(`for the --${name} option: requires a value!`);
      if (Array.isArray(kind) && !kind.includes(value)) {
        fail(`for the --${name} option: Cannot find option named '${value}'!`);
      }
    }
    if (kind === 'list') given[name] = [...(given[name] ?? []), value];
    else if (name in given) fail(`for the --${name} option: may only occur zero or one times!`);
    else given[name] = value ?? true;
  }
  if (given.model === undefined) fail('for the --model option: must be specified at least once!');
  return { given, rest };
}

/** Options that both tools have. */
const ALL_OPTIONS = {
  model: 'text',
  'model-input': 'list',
  'onnx-define-symbol': 'list',
  backend: ['Interpreter', 'CPU'],
  'dump-profile': 'text',
  'load-profile': 'text',
  'quantization-schema': ['asymmetric', 'symmetric', 'symmetric_with_uint8', 'symmetric_with_power2_scale'],
  'quantization-precision': ['Int8', 'Int16'],
  'quantization-precision-bias': ['Int8', 'Int16', 'Int32'],
  'enable-channelwise': 'flag',
  'convert-placeholders': 'flag',
  'keep-original-precision-for-nodes': 'text',
  'emit-bundle': 'text',
  'network-name': 'text',
  'main-entry-name': 'text',
  'dump-graph-DAG': 'text',
  target: 'text',
  mcpu: 'text',
  'float-abi': ['soft', 'hard'],
  'bundle-api': ['static', 'dynamic'],
  'num-devices': 'text',
  ...(process.env.STAND_IN === 'nxp' ? { 'use-cmsis': 'flag' } : {}),
};
const without = (process.env.STAND_IN_WITHOUT ?? '').split(',');
export const LOADER_OPTIONS = Object.fromEntries(
  Object.entries(ALL_OPTIONS).filter(([name]) => !without.includes(name)),
);

/** About twenty harmless lines that every run prints. */
export function noise() {
  for (let i = 0; i < 6; i++) {
    process.stderr.write("'x86-64' is not a recognized processor for this target (ignoring processor)\n");
    for (const f of ['+sse', '+cx8']) {
      process.stderr.write(`'${f}' is not a recognized feature for this target (ignoring feature)\n`);
    }
  }
  process.stderr.write('I20241122 20:12:09.123456 4711 LLVMBackend.cpp:300] Using the CPU backend\n');
  process.stderr.write('W20241122 20:12:09.123460 4711 LLVMUtils.cpp:59] Data layout differs\n');
}

/** Ends as a failed CHECK does: the message, then SIGABRT. */
export function abort(message, code) {
  process.stderr.write(
    'F20241122 20:12:09.223456 4711 Error.cpp:119] exitOnError(Error) got an unexpected ErrorValue: \n' +
      (code ? `Error code: ${code}\n` : '') +
      `Error message: ${message}\n\nError return stack:\nLoader.cpp:1\n*** Check failure stack trace: ***\n`,
  );
  endBy('SIGABRT');
}

export function endBy(signal) {
  process.kill(process.pid, signal);
  // the signal comes at once, but not within this call
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10_000);
}

/** Ways of failing that need no reason. */
export function misbehave(when) {
  switch (when) {
    case 'hang':
      // tells whoever waits for it that it hangs now
      writeSync(1, `hanging as process ${process.pid}\n`);
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 600_000);
      break;
    case 'garbage':
      process.stdout.write(new Uint8Array(3000).map((_, i) => (i * 7919) % 256));
      process.exit(70);
      break;
    case 'endless':
      while (when) writeSync(1, 'all work and no play\n'.repeat(1000));
      break;
    case 'silent':
      process.exit(9);
      break;
    case 'killed':
      endBy('SIGKILL');
      break;
    case 'crash':
      endBy('SIGSEGV');
      break;
    case 'library':
      process.stderr.write(
        'image-classifier: error while loading shared libraries: libpng16.so.16: cannot open shared object file: No such file or directory\n',
      );
      process.exit(127);
  }
}
