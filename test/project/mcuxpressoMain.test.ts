import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { boards, findBoard } from '../../extension/board/catalogue.ts';
import type { Bundle, Placeholder } from '../../extension/bundle/bundle.ts';
import { writeHeader } from '../../extension/bundle/header.ts';
import { definesMain } from '../../extension/common/cSource.ts';
import { boardInit, type ExampleSources } from '../../extension/project/helloWorld.ts';
import { networkFiles } from '../../extension/project/networkFiles.ts';
import { productRoot } from '../../extension/common/resources.ts';
import { helloWorld } from './mcuxpresso/projects.ts';
import { incOf, tinyBundle, tinyInput } from './tinyBundle.ts';

const golden = path.join(productRoot, 'test', 'project', 'golden', 'main');

describe('project: main.c from the board’s own hello_world', () => {
  let bundle: Bundle;
  before(async () => (bundle = await tinyBundle()));

  const mainOf = (id: string, example?: ExampleSources): string => {
    const board = findBoard(id);
    const images = new Map([['image', incOf(tinyInput)]]);
    const init = boardInit(board, example);
    const files = networkFiles({
      board,
      bundle,
      testData: images,
      weights: 'flash',
      modelName: 'tiny.onnx',
      init,
    });
    return files.get('source/main.c') as string;
  };

  // UPDATE_GOLDEN=1 writes them anew; read the difference before committing it.
  for (const { id, name } of boards()) {
    it(`is for ${name} what it was`, () => {
      const file = path.join(golden, `${id}.main.c.golden`);
      const text = mainOf(id);
      if (process.env.UPDATE_GOLDEN) {
        mkdirSync(golden, { recursive: true });
        writeFileSync(file, text);
      }
      assert.equal(text, readFileSync(file, 'utf8'));
    });

    it(`is for ${name} the same from an example with the calls of the catalogue`, () => {
      const { calls, headers } = findBoard(id).init;
      assert.equal(mainOf(id, { main: helloWorld(calls, [...headers]) }), mainOf(id));
    });
  }
  it('has no golden file of a board that is gone', () =>
    assert.equal(readdirSync(golden).length, boards().length));

  const scores = (name: string, type: 'int8' | 'float32', byteOffset: number): Placeholder => ({
    ...bundle.placeholders[1]!,
    ...{ name, cName: name, type, byteOffset, byteSize: type === 'int8' ? 3 : 12 },
  });
  const position = (byteOffset: number, count = 1): Placeholder => ({
    ...{ ...bundle.placeholders[1]!, name: 'found', cName: 'found', type: 'index32', byteOffset },
    ...{ shape: [1, count], byteSize: 4 * count },
  });
  for (const { label, outputs } of [
    { label: 'a class alone', outputs: () => [position(16)] },
    { label: 'a class and scores', outputs: () => [position(16), scores('scores', 'int8', 20)] },
    { label: 'a class and real scores', outputs: () => [position(16), scores('scores', 'float32', 20)] },
    { label: 'scores and a class', outputs: () => [scores('scores', 'int8', 20), position(16)] },
    { label: 'real scores', outputs: () => [scores('scores', 'float32', 16)] },
    { label: 'several positions', outputs: () => [position(16, 3)] },
  ] as const) {
    it(`is all used where the network gives ${label}`, () => {
      const placeholders = [bundle.placeholders[0]!, ...outputs()];
      const network = { ...bundle, placeholders, mutableBytes: 32 };
      for (const id of ['frdmke04z', 'frdmke16z']) {
        const files = networkFiles({
          board: findBoard(id),
          bundle: { ...network, header: writeHeader(network) },
          ...{ testData: new Map([['image', incOf(tinyInput)]]), weights: 'flash', modelName: 'tiny.onnx' },
          init: boardInit(findBoard(id)),
        });
        assert.doesNotThrow(() => compileMain(id, files), id);
      }
    });
  }

  const callsOf = (id: string, example: ExampleSources): readonly string[] =>
    boardInit(findBoard(id), example).calls;

  it('calls BOARD_InitBootPins and BOARD_InitBootClocks where an old example calls what they call', () => {
    const main = helloWorld(['BOARD_InitPins()', 'BOARD_BootClockRUN()', 'BOARD_InitDebugConsole()']);
    assert.deepEqual(callsOf('frdmkv11z', { main }), findBoard('frdmkv11z').init.calls);
    const [declared, defined] = ['void BOARD_InitBootPins(void);\n', 'void BOARD_InitPins(void)\n{\n}\n'];
    assert.equal(
      callsOf('frdmkv11z', { main, declarations: declared + defined, definitions: defined })[0],
      'BOARD_InitPins()',
      'a declaration is no definition',
    );
    const declarations = 'void BOARD_InitPins(void); void BOARD_BootClockRUN(void);';
    assert.deepEqual(callsOf('frdmkv11z', { main, declarations }), [
      'BOARD_InitPins()',
      'BOARD_BootClockRUN()',
      'BOARD_InitDebugConsole()',
    ]);
  });

  it('configures the MPU first on every i.MX RT', () => {
    for (const board of boards().filter((b) => b.core === 'cortex-m7')) {
      for (const calls of [
        ['BOARD_InitPins()', 'BOARD_BootClockRUN()', 'BOARD_ConfigMPU()', 'BOARD_InitDebugConsole()'],
        ['BOARD_InitBootPins()', 'BOARD_InitBootClocks()', 'BOARD_InitDebugConsole()'],
      ]) {
        const read = callsOf(board.id, { main: helloWorld(calls) });
        assert.equal(read[0], 'BOARD_ConfigMPU()');
        assert.equal(read.filter((c) => c.startsWith('BOARD_ConfigMPU')).length, 1);
      }
    }
  });

  it('selects the UART clock and runs at 30 MHz on the LPC845', () => {
    const main = helloWorld([
      'CLOCK_Select(BOARD_DEBUG_USART_CLK_ATTACH)',
      'BOARD_InitBootPins()',
      'BOARD_BootClockFRO30M()',
      'BOARD_InitDebugConsole()',
      'LED_RED_INIT(LOGIC_LED_ON)',
    ]);
    assert.deepEqual(callsOf('lpc845breakout', { main }), findBoard('lpc845breakout').init.calls);
    const bare = helloWorld(['BOARD_InitBootPins()', 'BOARD_InitBootClocks()', 'BOARD_InitDebugConsole()']);
    assert.deepEqual(callsOf('lpc845breakout', { main: bare }), findBoard('lpc845breakout').init.calls);
  });

  it('keeps calls and headers that the catalogue does not know, in their place', () => {
    const main = helloWorld(
      [
        'BOARD_InitBootPins()',
        'BOARD_InitBootClocks()',
        'BOARD_InitBootPeripherals()',
        'BOARD_InitDebugConsole()',
      ],
      ['peripherals.h', 'board.h', 'lenet_mnist.h', '../evil.h'],
    );
    const init = boardInit(findBoard('frdmke16z'), { main });
    assert.equal(init.calls[2], 'BOARD_InitBootPeripherals()');
    assert.deepEqual(init.headers.slice(0, 2), ['peripherals.h', 'board.h']);
    assert.ok(!init.headers.some((h) => /lenet|evil/.test(h)));
    assert.ok(findBoard('frdmke16z').init.headers.every((h) => init.headers.includes(h)));
  });

  it('reads hardware_init.c of SDK 24.12, and falls back to the catalogue', () => {
    const board = findBoard('evkmimxrt1064');
    const main = helloWorld(['BOARD_InitHardware()']);
    const hardwareInit =
      '#include "pin_mux.h"\n#include "app.h"\nvoid BOARD_InitHardware(void)\n{\n    BOARD_ConfigMPU();\n    BOARD_InitBootPins();\n' +
      '#ifdef OTHER\n    BOARD_InitOther();\n#endif\n    BOARD_InitBootClocks();\n    BOARD_InitDebugConsole();\n    SystemCoreClockUpdate();\n}\n';
    const init = boardInit(board, { main, hardwareInit });
    assert.equal(init.from, 'example');
    assert.deepEqual(init.calls, board.init.calls.toSpliced(2, 0, 'BOARD_InitOther()'));
    const guards = new Map([['BOARD_InitOther()', { opening: ['ifdef OTHER'], depth: 1 }]]);
    assert.deepEqual(init.guards, guards);
    assert.ok(!init.headers.includes('app.h'));
    for (const example of [{}, { main }, { main: 'int x;' }, { main: 'int main(void) { for (;;) {} }' }]) {
      assert.deepEqual(boardInit(board, example), {
        ...pick(board.init),
        guards: new Map(),
        from: 'catalogue',
        leftOut: [],
      });
    }
  });

  it('puts nothing but calls of the board into main(), whatever an example holds', () => {
    const piece = fc.constantFrom(
      'int main(void) {',
      '}',
      ';',
      'BOARD_X()',
      'BOARD_Y("a")',
      'CLOCK_Z(a, 1)',
      '/*',
      '*/',
      '//',
      '"',
      "'",
      '\n',
      '#if 1\n',
      '\n#if A > (B)\n',
      '\n#else\n',
      '\n#elif "x" /* */ \\\n y\n',
      '#endif\n',
      '#include "board.h"\n',
      '#include "a\\"b.h"\n',
      'system("x")',
      '\\\n',
      'BOARD_Q(f(), g(1) | 2)',
      '(void)BOARD_V()',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        const init = boardInit(findBoard('frdmke16z'), { main: `int main(void) {${pieces.join('')}` });
        for (const call of init.calls) assert.match(call, /^\w+\([\w\s,|()*&.+-]*\)$/);
        for (const header of init.headers) assert.match(header, /^\w+\.h$/);
        for (const { opening, depth } of init.guards.values()) {
          for (const line of opening) assert.match(line, /^(if|elif|else)[\w ()>]*$/);
          assert.equal(opening.filter((line) => line.startsWith('if')).length, depth);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('knows a main() from a mention of one', () => {
    assert.ok(definesMain('int main(void)\n{ }') && definesMain('int main(int argc, char **argv) {'));
    assert.ok(
      !definesMain('int main(void);') &&
        !definesMain('/* int main(void) { */') &&
        !definesMain('// int main() {\n'),
    );
    assert.ok(!definesMain('char *s = "int main() {";') && !definesMain('int domain(void) {'));
  });
});

/** Compiles main.c with all warnings of gcc as errors, beside headers that declare no more of the SDK than it uses. */
function compileMain(id: string, files: ReadonlyMap<string, string | Uint8Array>): void {
  const { headers, calls } = findBoard(id).init;
  const folder = mkdtempSync(path.join(os.tmpdir(), 'glowport-main-'));
  try {
    for (const name of headers) writeFileSync(path.join(folder, name), '');
    const functions = calls.map((call) => `void ${call.replace('()', '(void)')};\n`).join('');
    writeFileSync(path.join(folder, 'board.h'), functions);
    const console = 'int PRINTF(const char *format, ...);\nint PUTCHAR(int character);\n';
    writeFileSync(path.join(folder, 'fsl_debug_console.h'), console);
    for (const [name, content] of files) writeFileSync(path.join(folder, path.basename(name)), content);
    const flags = ['-mcpu=cortex-m0plus', '-mthumb', '-std=gnu99', '-Os', '-Wall', '-Wextra', '-Werror'];
    execFileSync('arm-none-eabi-gcc', [...flags, '-c', 'main.c', '-o', 'main.o'], {
      cwd: folder,
      stdio: 'pipe',
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function pick({ headers, calls }: { headers: readonly string[]; calls: readonly string[] }): object {
  return { headers, calls };
}
