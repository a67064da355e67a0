import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Placeholder } from '../../extension/bundle/bundle.ts';
import { isDefined } from '../../extension/bundle/cNames.ts';
import { UserError } from '../../extension/common/error.ts';
import { boards } from '../../extension/board/catalogue.ts';
import { bundleView } from '../../extension/project/bundleView.ts';
import { generateProject } from '../../extension/project/generate.ts';
import { checkBundleName } from '../../extension/project/names.ts';
import { isSimulated } from '../../extension/simulator/boards/boards.ts';
import { buildProject } from '../../extension/toolchain/build.ts';
import { incOf, tinyBundle, tinyInput } from './tinyBundle.ts';
import { oneOfEach } from '../support/oneOfEach.ts';

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
    // what it proposes can be
    for (const remedy of error.remedies) if ('such' in remedy) checkBundleName(remedy.such);
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

  describe('in the firmware', () => {
    const projects = new Map<string, string>();
    let folder: string;
    before(async () => {
      folder = mkdtempSync(path.join(tmpdir(), 'glowport-names-'));
      const bundle = await tinyBundle();
      const images = new Map([['image', incOf(tinyInput)]]);
      for (const board of oneOfEach(boards().filter(isSimulated), (b) => b.family)) {
        const outDir = path.join(folder, board.id);
        await generateProject({ board, bundle, testData: images, weights: 'flash', outDir });
        projects.set(outDir, (await buildProject(outDir, { with: 'gcc' })).elf);
      }
    });
    after(() => {
      rmSync(folder, { recursive: true, force: true });
    });

    it('takes none of its symbols, macros and files', () => {
      for (const [project, elf] of projects) {
        const listed = execFileSync('arm-none-eabi-nm', ['-g', elf], { encoding: 'utf8' });
        const symbols = [...listed.matchAll(/ (\w+)$/gm)].map((m) => m[1]!);
        assert.ok(symbols.includes('Reset_Handler') && symbols.includes('SysTick_Handler'));
        const main = path.join(project, 'source', 'main.c');
        const args = ['-Isource', '-Ibsp', '-dM', '-E', main];
        const defined = execFileSync('arm-none-eabi-gcc', args, { cwd: project, encoding: 'utf8' });
        const macros = [...defined.matchAll(/^#define (\w+)/gm)].map((m) => m[1]!);
        assert.ok(macros.includes('GLOW_SUCCESS'));
        const files = ['source', 'bsp'].flatMap((f) =>
          readdirSync(path.join(project, f)).flatMap((n) => /^(\w+)\.[chS]$/.exec(n)?.[1] ?? []),
        );
        const own = /^(tiny|TINY_\w+|tiny_\w+)$/;
        const all = [...symbols, ...macros, ...files].filter((n) => !own.test(n));
        // with an underscore in front a macro of the compiler's, which no name of a network reaches
        const others = [...new Set(all)].filter((n) => !n.startsWith('_') && !isDefined(n));
        assert.deepEqual(others.sort(), [], project);
        for (const name of all) assert.ok(isRefused(name), name);
      }
    });

    it('gives way where main.c makes a name from one of the model', async () => {
      const { placeholders, ...tiny } = await tinyBundle();
      const [image, scores] = placeholders as [Placeholder, Placeholder];
      const all = [image, { ...image, cName: 'mask' }, scores, { ...scores, cName: 'box' }];
      for (const name of ['print_box', 'testImage_image', 'testImage_mask', 'mnist']) {
        const { inputs, otherOutputs } = bundleView({ ...tiny, name, placeholders: all }, 'flash', 'model');
        const own = [...inputs.map((i) => i.symbol), ...otherOutputs.map((o) => o.printer)];
        assert.equal(new Set([name, ...own]).size, 1 + 2 + 1);
      }
    });

    it('takes no name that main.c cannot have beside its own', () => {
      for (const board of ['frdmk32l2b', 'frdmke04z']) {
        const project = path.join(folder, board);
        const main = readFileSync(path.join(project, 'source', 'main.c'), 'utf8');
        const header = readFileSync(path.join(project, 'source', 'tiny.h'), 'utf8');
        const names = new Set(main.replace(/\/\*[^]*?\*\//g, '').match(/[A-Za-z_]\w*/g));
        const allowed = [...names].filter((n) => !isRefused(n) && !n.startsWith('TINY_'));
        assert.ok(allowed.includes('confidence') && !allowed.includes('start'));
        for (const name of allowed) {
          const called = (text: string): string =>
            text.replace(/\btiny\b/g, name).replace(/\bTINY_/g, `${name.toUpperCase()}_`);
          const text = `${called(header)}\n${called(main).replace(`#include "${name}.h"`, '')}`;
          writeFileSync(path.join(project, 'source', `${name}.weights.txt`), '0');
          const args = ['-mcpu=cortex-m0plus', '-Wall', '-Werror', '-Isource', '-Ibsp', '-fsyntax-only'];
          execFileSync('arm-none-eabi-gcc', [...args, '-x', 'c', '-'], {
            cwd: project,
            input: text,
            stdio: ['pipe', 'pipe', 'pipe'],
          });
        }
      }
    });
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
      ...['__net', '_Bool', '_exit', 'class', 'INT8_MAX', 'UINT8_C', 'GLOW_SUCCESS', 'tanh', 'Assert'],
      ...['SysTick_Handler', 'Reset_Handler', 'DMA0_IRQHandler'],
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
