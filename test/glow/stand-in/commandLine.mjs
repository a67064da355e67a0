/**
 * Command lines as LLVM's parser takes them: one dash or two, `-name=value` or `-name value`, an unknown option, a second
 * occurrence, a value that is none of an option's or a missing one end the program with 1 and LLVM's words, each.
 */
import { writeFileSync, writeSync } from 'node:fs';
import path from 'node:path';

/**
 * What an option takes: `flag`, `text`, `list` (may be repeated), or an array of the values it knows.
 * @returns its values by name, aliases resolved; `model` is the first of its list
 */
export function parseCommandLine(tool, options, args, { positional = false } = {}) {
  const how = process.env.STAND_IN ?? '';
  if (how.startsWith('probe:')) misbehave(how.slice('probe:'.length));
  if (args.some((a) => /^--?version$/.test(a))) {
    const version = process.env.STAND_IN_VERSION ?? '2024-05-11 (05dd99b97) (stand-in)';
    process.stdout.write(`Glow Tools version: ${version}\n`);
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
  // every word is looked at before the first complaint ends the program
  const faults = [];
  const given = {};
  const rest = [];
  for (let i = 0; i < args.length; i++) {
    const m = /^--?([^=]+)(?:=(.*))?$/s.exec(args[i]);
    const unknown = `Unknown command line argument '${args[i]}'.  Try: '${tool} --help'`;
    if (!m) {
      if (positional) rest.push(args[i]);
      else faults.push(unknown);
      continue;
    }
    const name = ALIASES[m[1]] ?? m[1];
    const kind = options[name];
    if (kind === undefined) {
      faults.push(unknown);
      continue;
    }
    let value = m[2];
    const fault = (text) => faults.push(`for the --${name} option: ${text}`);
    if (kind === 'flag') {
      if (value !== undefined && value !== 'true' && value !== 'false') {
        fault(`'${value}' is invalid value for boolean argument! Try 0 or 1`);
      }
    } else {
      value ??= args[++i];
      if (value === undefined) fault('requires a value!');
      else if (Array.isArray(kind) && !kind.includes(value)) fault(`Cannot find option named '${value}'!`);
    }
    if (kind === 'list') given[name] = [...(given[name] ?? []), value];
    else if (name in given) fault('may only occur zero or one times!');
    else given[name] = value ?? true;
  }
  if (given.model === undefined) faults.push('for the --model option: must be specified at least once!');
  if (faults.length > 0) {
    process.stderr.write(faults.map((text) => `${tool}: ${text}\n`).join(''));
    process.exit(1);
  }
  return { given: { ...given, model: given.model[0] }, rest };
}

/** Options that LLVM knows as other names of another one. They work, and `--help` does not list them. */
const ALIASES = { m: 'model', 'model-input-name': 'model-input' };

/** Options that both tools have, of Glow's own and of LLVM's those that somebody may use. */
const ALL_OPTIONS = {
  'assert-all-nodes-quantized': 'flag',
  backend: 'text',
  'bundle-api': ['dynamic', 'static'],
  'bundle-api-verbose': 'flag',
  'bundle-code-model': ['small', 'medium', 'large', 'kernel'],
  'bundle-objects': 'text',
  'calibrate-constants': 'flag',
  'code-model': ['small', 'medium', 'large', 'kernel'],
  'convert-placeholders': 'flag',
  'convert-to-fp16': 'flag',
  'cpu-memory': 'text',
  'do-not-lower-nodes-for-profiling': 'text',
  'dump-graph': 'flag',
  'dump-graph-DAG': 'text',
  'dump-graph-DAG-before-compile': 'text',
  'dump-ir': 'flag',
  'dump-llvm-asm': 'flag',
  'dump-llvm-ir': 'flag',
  'dump-profile': 'text',
  'emit-bundle': 'text',
  'enable-channelwise': 'flag',
  'enable-rowwise': 'flag',
  'float-abi': ['default', 'soft', 'hard'],
  'fp16-format': ['fp16', 'bfloat16'],
  'keep-original-precision-for-nodes': 'text',
  'llvm-compiler': 'text',
  'llvm-opt': 'text',
  'load-profile': 'text',
  'main-entry-name': 'text',
  march: 'text',
  mcpu: 'text',
  model: 'list',
  'model-input': 'list',
  'network-name': 'text',
  'num-devices': 'text',
  'num-histogram-bins': 'text',
  'onnx-define-symbol': 'list',
  'optimize-ir': 'flag',
  'quantization-calibration': ['none', 'KL'],
  'quantization-precision': ['Int8', 'Int16'],
  'quantization-precision-bias': ['Int8', 'Int16', 'Int32'],
  'quantization-schema': ['asymmetric', 'symmetric', 'symmetric_with_uint8', 'symmetric_with_power2_scale'],
  'relocation-model': ['static', 'pic'],
  'reuse-activation-memory-allocations': 'flag',
  target: 'text',
  'target-feature': 'text',
  'tflite-bias-scale-check-max-error': 'text',
  'tflite-bias-scale-check-throw-error': 'flag',
  'tflite-float-inputs': 'flag',
  'tflite-float-outputs': 'flag',
  'tflite-float-softmax': 'flag',
  'tflite-uint8-to-int8': 'flag',
  time: 'flag',
  verbose: 'flag',
  ...(process.env.STAND_IN === 'nxp' ? { 'use-cmsis': 'flag' } : {}),
};
/** Those of options that this Glow has: a test may take some away. */
export function optional(options) {
  const without = (process.env.STAND_IN_WITHOUT ?? '').split(',');
  return Object.fromEntries(Object.entries(options).filter(([name]) => !without.includes(name)));
}

export const LOADER_OPTIONS = optional(ALL_OPTIONS);

/** About twenty harmless lines that every good compilation prints. */
export function noise() {
  for (let i = 0; i < 6; i++) {
    process.stderr.write("'x86-64' is not a recognized processor for this target (ignoring processor)\n");
    for (const f of ['+sse', '+cx8']) {
      process.stderr.write(`'${f}' is not a recognized feature for this target (ignoring feature)\n`);
    }
  }
  process.stderr.write('I20241122 20:12:09.123456  4711 HostManager.cpp:238] Destroying host manager...\n');
}

/** Ends as Glow's own errors do: the message, then SIGABRT. */
export function abort(message, code) {
  const line = '-'.repeat(80);
  process.stderr.write(
    'F20241122 20:12:09.223456  4711 Error.cpp:123] exitOnError(Error) got an unexpected ErrorValue: \n' +
      (code ? `Error code: ${code}\n` : '') +
      `Error message: ${message}\n\nError return stack:\n${line}\n/glow/tools/loader/Loader.cpp:1\n${line}\n`,
  );
  fatal();
}

/** Ends as a CHECK of glog that fails does. @param text the condition and what is said of it */
export function checkFailure(place, text) {
  process.stderr.write(`F20241122 20:12:09.223456  4711 ${place}] Check failed: ${text}\n`);
  fatal();
}

function fatal() {
  process.stderr.write(
    '*** Check failure stack trace: ***\n    @     0x7ff826df01ed  google::LogMessage::Fail()\n    @     0x7ff8250a71f5  (unknown)\n',
  );
  printStack();
  endBy('SIGABRT');
}

/** Ends as a segmentation fault does; LLVM prints where it was. */
export function crash() {
  printStack();
  endBy('SIGSEGV');
}

function printStack() {
  process.stderr.write(
    ' #0 0x0000558f58383c41 llvm::sys::PrintStackTrace(llvm::raw_ostream&, int) (/opt/glow/bin/tool+0xdb9c41)\n' +
      ' #1 0x0000558f58384016 SignalHandler(int) Signals.cpp.o:0:0\n' +
      '#13 0x00007f51a9245305 call_init ./csu/../csu/libc-start.c:128:20\n' +
      '#14 0x0000558604b58381 _start (/opt/glow/bin/tool+0x877381)\n',
  );
}

/** The file that glog writes for a program which starts it, in its own folder or the one for temporary files. */
export function glog(tool, line) {
  const { GLOG_log_dir, TEST_TMPDIR, TMPDIR, TMP } = process.env;
  const folder = GLOG_log_dir || TEST_TMPDIR || TMPDIR || TMP || '/tmp';
  const file = path.join(folder, `${tool}.host.user.log.INFO.20241122-201209.${process.pid}`);
  try {
    writeFileSync(file, `Log file created at: 2024/11/22 20:12:09\nI20241122 20:12:09 ${line}\n`);
  } catch {
    process.stderr.write(`COULD NOT CREATE LOGFILE '20241122-201209.${process.pid}'!\n`);
  }
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
      crash();
      break;
    case 'library':
      process.stderr.write(
        'image-classifier: error while loading shared libraries: libpng16.so.16: cannot open shared object file: No such file or directory\n',
      );
      process.exit(127);
  }
}
