import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { UserError } from '../../extension/common/error.ts';
import { compileObject } from '../../extension/toolchain/compile.ts';
import { readFailure, sourceMessages } from '../../extension/toolchain/diagnostics.ts';
import { readElf } from '../../extension/toolchain/elf.ts';
import { objectSize } from '../../extension/toolchain/size.ts';
import { ownTemporaryFolder } from '../support/temporary.ts';

const cpuFlags = ['-mcpu=cortex-m0plus', '-mthumb', '-mfloat-abi=soft'];
const unit = {
  name: 'net',
  header: '#include <stdint.h>\nint net(uint8_t *a);\n',
  source:
    '#include "net.h"\nstatic const int32_t k[3] = {5, 7, 11};\nstatic int calls;\n' +
    '__attribute__((optimize("O3"))) static int sum(const uint8_t *a) { int s = 0; for (int i = 0; i < 3; i++) s += a[i] * k[i]; return s; }\n' +
    'int net(uint8_t *a) { calls++; return sum(a) + (int)sizeof(__FILE__); }\n',
};

describe('compiling an object', () => {
  ownTemporaryFolder();

  it('gives an Arm object of the network, whose sizes are those GNU size prints', async () => {
    const object = await compileObject(unit, { cpuFlags });
    const elf = readElf(object);
    assert.deepEqual([elf.kind, elf.machine], ['relocatable', 'arm']);
    assert.ok(elf.symbols.some((s) => s.name === 'net' && s.type === 'function' && s.binding === 'global'));

    const folder = mkdtempSync(path.join(os.tmpdir(), 'glowport-test-'));
    try {
      const file = path.join(folder, 'net.o');
      writeFileSync(file, object);
      const printed = execFileSync('arm-none-eabi-size', [file], { encoding: 'utf8' }).split('\n')[1]!.trim();
      const [text, data, bss] = printed.split(/\s+/).map(Number);
      const size = objectSize(elf);
      assert.equal(size.codeBytes + size.constantBytes, text! + data!);
      assert.equal(size.ramBytes, data! + bss!);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('gives equal bytes each time, and names no folder of this machine', async () => {
    const [a, b] = [await compileObject(unit, { cpuFlags }), await compileObject(unit, { cpuFlags })];
    assert.deepEqual(a, b);
    assert.doesNotMatch(Buffer.from(a).toString('latin1'), /glowport-|tmp|home/);
  });

  it('leaves no temporary folder behind, also when it fails', async () => {
    const before = readdirSync(os.tmpdir());
    await compileObject(unit, { cpuFlags });
    await assert.rejects(compileObject({ ...unit, source: 'x' }, { cpuFlags }), UserError);
    assert.deepEqual(readdirSync(os.tmpdir()), before);
  });

  it('names the first error, and keeps all of gcc for the log', async () => {
    await assert.rejects(
      compileObject(
        { ...unit, source: `${unit.source}\nint f(void) { return missing + gone; }` },
        { cpuFlags },
      ),
      (e: unknown) =>
        e instanceof UserError &&
        e.code === 'toolchain' &&
        /net\.c:\d+:\d+: error: .missing. undeclared/.test(e.message) &&
        e.detail!.includes('gone'),
    );
  });

  it('says how to install the compiler when it is missing', async () => {
    await assert.rejects(
      compileObject(unit, { cpuFlags, paths: { gcc: '/nowhere' } }),
      (e: unknown) => e instanceof UserError && e.code === 'toolchain' && e.message.includes('/nowhere'),
    );
  });

  it('stops when cancelled', async () => {
    await assert.rejects(compileObject(unit, { cpuFlags, signal: AbortSignal.abort() }), {
      code: 'cancelled',
    });
  });
});

describe('reading a failure', () => {
  it('finds the first error among warnings, and drops folders', () => {
    const output =
      '/home/ada/my project/a.c:1:2: warning: unused\n/home/ada/p/source/b.c:7:9: error: expected ;\n/x/c.c:1: error: no\n';
    assert.equal(readFailure(output).firstError, 'b.c:7:9: error: expected ;');
    assert.equal(
      readFailure('C:\\Users\\Ada\\p\\main.c:3:1: error: bad').firstError,
      'main.c:3:1: error: bad',
    );
  });

  it('finds the region that overflows most', () => {
    const ld = "ld: region `m_text' overflowed by 12 bytes\nld: region `m_data' overflowed by 3400 bytes\n";
    assert.deepEqual(readFailure(ld).overflow, { region: 'm_data', bytes: 3400 });
    assert.equal(readFailure('undefined reference to `foo`').overflow, undefined);
  });

  it('finds places in what the linker says, with its own name and an object file in front of them', () => {
    // of arm-none-eabi-gcc 12.2.1, and as Windows has it
    const output = [
      "/usr/lib/gcc/arm-none-eabi/12.2.1/../../../arm-none-eabi/bin/ld: b.o: in function `f':",
      "/p/b.c:1: multiple definition of `f'; a.o:/p/a.c:2: first defined here",
      "/usr/lib/gcc/arm-none-eabi/12.2.1/../../../arm-none-eabi/bin/ld: b.o:/q/b.c:1: multiple definition of `g'; a.o:/p/a.c:2: first defined here",
      "/usr/lib/gcc/arm-none-eabi/12.2.1/../../../arm-none-eabi/bin/ld: /p/a.c:5: undefined reference to `y'",
      "c:/gcc/bin/../lib/arm-none-eabi/bin/ld.exe: CMakeFiles/n.dir/a.c.obj:C:/p/a.c:6: undefined reference to `z'",
      "/usr/bin/arm-none-eabi-ld: a.o: in function `main':",
      'collect2: error: ld returned 1 exit status',
    ];
    assert.deepEqual(
      sourceMessages(output.join('\n')).map((m) => [m.file, m.line, m.text.split(';')[0]]),
      [
        ['/p/b.c', 1, "multiple definition of `f'"],
        ['/q/b.c', 1, "multiple definition of `g'"],
        ['/p/a.c', 5, "undefined reference to `y'"],
        ['C:/p/a.c', 6, "undefined reference to `z'"],
      ],
    );
  });

  it('finds places in sources, of Windows too, errors first, each once', () => {
    const output = [
      'C:\\a b\\net.c:7:9: warning: unused variable',
      "source/main.c:12:5: error: expected ';'",
      "source/main.c:12:5: error: expected ';'",
      "source/main.c:12: undefined reference to `x'",
      'a.c:3: fatal error: b.h: No such file or directory',
      'main.c:(.text+0x4): in function `main',
      'In file included from a.c:3:',
    ];
    assert.deepEqual(
      sourceMessages(output.join('\r\n')).map((m) => [m.severity, m.file, m.line, m.column, m.text]),
      [
        ['error', 'source/main.c', 12, 5, "expected ';'"],
        ['error', 'source/main.c', 12, 1, "undefined reference to `x'"],
        ['error', 'a.c', 3, 1, 'b.h: No such file or directory'],
        ['warning', 'C:\\a b\\net.c', 7, 9, 'unused variable'],
      ],
    );
    assert.equal(sourceMessages('a.c:1:1: error: x\n'.repeat(10_000)).length, 1);
  });

  it('survives anything', () => {
    for (const text of [
      '',
      '\n\n',
      'x'.repeat(1_000_000),
      'error:'.repeat(10_000),
      `${'/'.repeat(50_000)}: error:`,
    ]) {
      assert.ok(readFailure(text).firstError.length <= 300);
      assert.deepEqual(sourceMessages(text), []);
    }
  });
});
