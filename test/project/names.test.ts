import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { UserError } from '../../extension/common/error.ts';
import { checkBundleName } from '../../extension/project/names.ts';

/** Names that somebody may give a model, and that are something else in C, in C++ or in a firmware. */
const suspicious = `
  main uint8_t int8_t uint32_t int64_t uint_fast8_t int_least16_t uintptr_t intmax_t size_t ptrdiff_t wchar_t NULL
  class new delete template namespace operator this bool true false and or not xor try using virtual typename
  int float double void static const inline restrict return switch sizeof volatile typedef union enum
  printf memcpy memset malloc free abs exp log sin cos sqrt pow round floor index read write exit abort
  mnist model lenet net cifar10 resnet8 keyword_spotting network classifier digits person_detect`
  .trim()
  .split(/\s+/);

function isRefused(name: string): boolean {
  try {
    checkBundleName(name);
    return false;
  } catch (error) {
    assert.ok(error instanceof UserError && error.code === 'usage');
    assert.match(error.message, /^The network.*\.$/);
    return true;
  }
}

describe('project: names of networks', () => {
  it('takes no name that gcc refuses or warns of as a function, in C and in C++', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'glowport-names-'));
    try {
      const source = path.join(folder, 'names.c');
      const taken = suspicious.filter((name) => !isRefused(name));
      assert.ok(taken.includes('mnist') && taken.includes('keyword_spotting'));
      const functions = taken.map((n) => `int ${n}(uint8_t *constantWeight, uint8_t *m, uint8_t *a);`);
      const headers = ['stdint', 'stddef', 'stdlib', 'string'].map((h) => `#include <${h}.h>`);
      const text = [...headers, 'extern "C" {', ...functions, '}', ''].join('\n');
      writeFileSync(source, text.replace('extern "C" {', '').replace(/\}\n$/, ''));
      const gcc = (...args: string[]): unknown =>
        execFileSync('arm-none-eabi-gcc', ['-mcpu=cortex-m0plus', '-Wall', '-Werror', ...args], {
          stdio: 'pipe',
        });
      gcc('-fsyntax-only', source);
      const cpp = path.join(folder, 'names.cpp');
      // the C++ library is no part of what GlowPort needs: types by hand
      const types = ['typedef unsigned char uint8_t;'];
      writeFileSync(cpp, [...types, 'extern "C" {', ...functions, '}', ''].join('\n'));
      if (hasCplusplus()) gcc('-fsyntax-only', cpp);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('takes no name that is something else on some system', () => {
    for (const name of [
      'uint8_t',
      'main',
      'CON',
      'nul',
      'com1',
      'LPT9',
      'timer',
      'Board',
      '__net',
      'class',
    ]) {
      assert.ok(isRefused(name), name);
    }
    for (const name of ['mnist', 'console', 'com', 'com12', 'net_t', 'mainnet', '_2d', 'newer']) {
      assert.ok(!isRefused(name), name);
    }
    for (const name of ['', '2d', 'a-b', 'a b', 'ä', 'x'.repeat(101)]) assert.ok(isRefused(name), name);
  });
});

/** Debian packs g++'s compiler with gcc-arm-none-eabi; others may not. */
function hasCplusplus(): boolean {
  try {
    const found = execFileSync('arm-none-eabi-gcc', ['-print-prog-name=cc1plus'], { encoding: 'utf8' });
    return path.isAbsolute(found.trim());
  } catch {
    return false;
  }
}
