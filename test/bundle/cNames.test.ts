import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import path from 'node:path';
import { isTaken } from '../../extension/bundle/cNames.ts';

const CORE = ['-mcpu=cortex-m0plus', '-mthumb', '-std=gnu11'];
/** Of C11 and C17; those that this C library lacks are left out. */
const HEADERS = (
  'assert complex ctype errno fenv float inttypes iso646 limits locale math setjmp signal stdalign stdarg stdatomic stdbool ' +
  'stddef stdint stdio stdlib stdnoreturn string time uchar wchar wctype'
).split(' ');
const INCLUDES = HEADERS.map((h) => `#if __has_include(<${h}.h>)\n#include <${h}.h>\n#endif\n`).join('');
/** A network's entry point. */
const PARAMETERS = '(uint8_t *constantWeight, uint8_t *mutableWeight, uint8_t *activations)';

/** Runs gcc on a source text. */
function gcc(args: readonly string[], source: string): string {
  return execFileSync('arm-none-eabi-gcc', [...CORE, ...args, '-x', 'c', '-'], {
    input: source,
    encoding: 'utf8',
    maxBuffer: 1e8,
  });
}

/** Global symbols of gcc's and the C library's archives. */
function archiveSymbols(): string[] {
  return ['libc.a', 'libm.a', 'libgcc.a', 'libnosys.a'].flatMap((archive) => {
    const file = gcc([`-print-file-name=${archive}`], '').trim();
    if (!path.isAbsolute(file)) return [];
    const listed = execFileSync('arm-none-eabi-nm', ['-g', '--defined-only', file], {
      encoding: 'utf8',
      maxBuffer: 1e8,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return [...listed.matchAll(/^[0-9a-f]+ [A-Z] (\w+)$/gm)].map((m) => m[1]!);
  });
}

/** Those that a network could be called. */
const free = (names: Iterable<string>): string[] => [...new Set(names)].filter((n) => !isTaken(n)).sort();

describe('bundle: names that C takes', () => {
  it('are all macros of the standard headers', () => {
    const macros = [...gcc(['-dM', '-E'], INCLUDES).matchAll(/^#define (\w+)/gm)].map((m) => m[1]!);
    assert.ok(macros.includes('INT8_MAX') && macros.includes('UINT8_C'));
    assert.deepEqual(
      free(macros),
      ['arm', 'linux', 'unix'].filter((n) => macros.includes(n)),
    );
  });

  it('are all symbols of the archives that firmware is linked with', () => {
    const symbols = archiveSymbols();
    assert.ok(symbols.includes('memcpy') && symbols.includes('tanh'));
    assert.deepEqual(free(symbols), []);
  });

  it('are all names of which gcc says a word as functions, below the standard headers', () => {
    const text = gcc(['-E', '-P'], INCLUDES);
    const names = free([...archiveSymbols(), ...(text.match(/[A-Za-z_]\w*/g) ?? [])]);
    assert.ok(names.length > 0);
    const functions = names.map((n) => `int ${n}${PARAMETERS};\n`).join('');
    const { status, stderr } = spawnSync(
      'arm-none-eabi-gcc',
      [...CORE, '-Wall', '-Wextra', '-fsyntax-only', '-x', 'c', '-'],
      { input: INCLUDES + functions, encoding: 'utf8' },
    );
    assert.deepEqual([status, stderr], [0, '']);
  });

  it('are all files that the standard headers include, whatever their case', () => {
    const made = gcc(['-M', '-MT', 'all'], INCLUDES);
    const files = [...made.matchAll(/\/include\/(\w+)\.h/g)].map((m) => m[1]!);
    assert.ok(files.includes('stdint'));
    assert.deepEqual(free(files.flatMap((f) => [f, f.toUpperCase()])), []);
  });

  it('leave names of networks alone', () => {
    for (const name of ['mnist', 'MNIST', 'keyword_spotting', 'int8_net', 'net_t', '_2d', 'handler', 'Tanh'])
      assert.ok(!isTaken(name), name);
  });
});
