import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { boards, findBoard, type BoardData } from '../../extension/board/catalogue.ts';
import type { Bundle } from '../../extension/bundle/bundle.ts';
import { writeHeader } from '../../extension/bundle/header.ts';
import { UserError } from '../../extension/common/error.ts';
import { testDataSymbol } from '../../extension/project/bundleView.ts';
import { generateProject, type ProjectOptions } from '../../extension/project/generate.ts';
import { ReportParser } from '../../extension/inference/parse.ts';
import { isSimulated } from '../../extension/simulator/boards/boards.ts';
import { Machine } from '../../extension/simulator/machine/machine.ts';
import { buildProject } from '../../extension/toolchain/build.ts';
import { runFirmware } from '../support/runFirmware.ts';
import { compileStrictly } from './compileStrictly.ts';
import { customBundle, placeholder } from './customBundle.ts';
import { incOf, tinyBundle, tinyInput, tinyResult } from './tinyBundle.ts';

const simulated = boards().filter(isSimulated);

/** The lines that the firmware must print, but for the time. */
function expected(confidences: readonly number[]): string {
  const classes = confidences.map((c, i) => `class = ${i}\r\nConfidence = ${c}\r\n`).join('');
  return `${classes}Top1 class = ${confidences.indexOf(Math.max(...confidences))} \r\n`;
}

describe('firmware on the simulated boards', () => {
  let bundle: Bundle;
  let folder: string;

  before(async () => {
    bundle = await tinyBundle();
    folder = mkdtempSync(path.join(os.tmpdir(), 'glowport test ')); // with spaces, as home folders have them
  });
  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  /** Generates and builds without warnings; gcc alone, for the two ways are compared in one place. */
  async function build(
    change: Partial<ProjectOptions> & { board: BoardData; with?: 'ninja' | 'gcc' },
  ): Promise<{
    elf: Uint8Array;
    size: { flashBytes: number; ramBytes: number; stackBytes: number };
    outDir: string;
  }> {
    const outDir = mkdtempSync(path.join(folder, `${change.board.id}-`));
    const images = new Map([['image', incOf(tinyInput)]]);
    await generateProject({ bundle, testData: images, weights: 'flash', outDir, ...change });
    const built = await buildProject(outDir, { with: change.with ?? 'gcc', warningsAsErrors: true });
    return { elf: new Uint8Array(readFileSync(built.elf)), size: built.size, outDir };
  }

  for (const board of simulated) {
    it(`${board.name}: builds without warnings, boots, and prints what the network gives`, async () => {
      const { elf, size, outDir } = await build({ board });
      compileStrictly(board, outDir, 'tiny');
      const text = runFirmware(board.id, elf);
      assert.ok(Math.max(...tinyResult(tinyInput)) < 0, 'the test wants negative confidences only');
      assert.equal(text.replace(/Inference time = \d+ \(us\)\r\n$/, ''), expected(tinyResult(tinyInput)));
      const parser = new ReportParser();
      const [report] = parser.push(Buffer.from(text));
      assert.equal(report?.top1, 2);
      assert.ok(report.timeUs! > 0 && report.timeUs! < 1000);
      // the note's firmware, and ours without a network: far below
      const note = board.an13438 ?? { flashBytes: 8192, ramBytes: 1024 };
      assert.ok(size.flashBytes * 4 < note.flashBytes && size.ramBytes < note.ramBytes, JSON.stringify(size));
    });
  }

  it('is the same firmware built by CMake and by gcc alone', async () => {
    const board = findBoard('frdmke16z');
    const [a, b] = [await build({ board, with: 'ninja' }), await build({ board, with: 'gcc' })];
    assert.deepEqual(a.size, b.size);
    assert.equal(runFirmware(board.id, a.elf), runFirmware(board.id, b.elf));
  });

  it('reads weights from flash, or from a copy in RAM', async () => {
    const board = findBoard('frdmke02z40m');
    const flash = await build({ board });
    const ram = await build({ board, weights: 'ram' });
    assert.equal(ram.size.ramBytes - flash.size.ramBytes, 48);
    assert.equal(
      runFirmware(board.id, ram.elf).replace(/\d+ \(us\)/, ''),
      runFirmware(board.id, flash.elf).replace(/\d+ \(us\)/, ''),
    );
  });

  it('computes on other test data written over the built file', async () => {
    const board = findBoard('frdmk32l2b');
    const { elf } = await build({ board });
    const input = Array.from({ length: 16 }, (_, i) => i * 9 - 70);
    const symbol = testDataSymbol(bundle, bundle.placeholders[0]!);
    const text = runFirmware(board.id, elf, { symbol, bytes: Uint8Array.from(input) });
    assert.ok(text.startsWith(expected(tinyResult(input))), text);
  });

  it('faults when the stack overflows, instead of destroying data', async () => {
    const board = findBoard('frdmke16z');
    const deep = await customBundle(
      [placeholder('in', 'input', 'int8', 1, 0), placeholder('out', 'output', 'int8', 1, 1)],
      'volatile uint8_t hole[600]; for (int i = 599; i >= 0; i--) hole[i] = (uint8_t)i; m[1] = hole[m[0]];',
    );
    const options = { board, bundle: deep, testData: new Map([['in', '5']]) };
    const enough = await build({ ...options, stackBytes: 800 });
    assert.match(runFirmware(board.id, enough.elf), /Confidence = 5\r\n/);
    const { elf } = await build({ ...options, stackBytes: 400 });
    const machine = new Machine(board.id);
    machine.load(elf);
    assert.equal(machine.run(), 'fault');
    const stackEnd = board.ram[0]!.origin;
    assert.ok(machine.fault!.address! < stackEnd && machine.fault!.address! >= stackEnd - 400);
  });

  it('says by how many bytes a network is too large for the board', async () => {
    const board = findBoard('frdmke04z');
    const rejects = async (change: Partial<Bundle>, message: RegExp): Promise<void> => {
      const large = { ...bundle, ...change };
      await assert.rejects(
        build({ board, bundle: { ...large, header: writeHeader(large) } }),
        (e: unknown) => e instanceof UserError && e.code === 'board' && message.test(e.message),
      );
    };
    await rejects({ mutableBytes: 4096 }, /needs 3[0-9]{3} bytes of RAM more/);
    await rejects(
      { weights: new Uint8Array(10_000), constantBytes: 10_000 },
      /needs 3[0-9]{3} bytes of flash more/,
    );
  });

  it('names the first error of an edited file', async () => {
    const outDir = mkdtempSync(path.join(folder, 'edited-'));
    const images = new Map([['image', incOf(tinyInput)]]);
    await generateProject({
      board: findBoard('frdmke16z'),
      bundle,
      testData: images,
      weights: 'flash',
      outDir,
    });
    writeFileSync(path.join(outDir, 'source', 'main.c'), 'int main(void) { return missing; }\n');
    for (const way of ['gcc', 'ninja'] as const) {
      await assert.rejects(
        buildProject(outDir, { with: way }),
        (e: unknown) =>
          e instanceof UserError &&
          e.code === 'toolchain' &&
          /main\.c:1:\d+: error: .*missing/.test(e.message) &&
          e.detail !== undefined,
      );
    }
  });

  describe('for other networks', () => {
    const board = findBoard('frdmke16z');

    it('with several inputs and outputs, int16 and float', async () => {
      const many = await customBundle(
        [
          placeholder('a', 'input', 'int8', 4, 0),
          placeholder('b', 'input', 'int16', 2, 4),
          placeholder('scores', 'output', 'int16', 2, 8),
          placeholder('probability', 'output', 'float32', 3, 12),
          placeholder('extra', 'output', 'int8', 1, 24),
        ],
        `int16_t *b = (int16_t *)(m + 4), *s = (int16_t *)(m + 8); float *p = (float *)(m + 12);
         s[0] = (int16_t)(b[0] + (int8_t)m[0]); s[1] = (int16_t)(b[1] - (int8_t)m[3]);
         p[0] = 0.875f; p[1] = -1.5f; p[2] = 1.0f / (float)(b[0] - b[0]); m[24] = 200;`,
      );
      const images = new Map([
        ['a', incOf([-5, 0, 0, 7])],
        ['b', incOf([0x34, 0x12, 0x00, 0x80])],
      ]);
      const { elf, outDir } = await build({ board, bundle: many, testData: images });
      compileStrictly(board, outDir, many.name);
      const text = runFirmware(board.id, elf);
      const lines = text.split('\r\n');
      for (const line of [
        'probability[0]: 875',
        'probability[1]: -1500',
        'probability[2]: 2000000000',
        'extra[0]: -56',
      ]) {
        assert.ok(lines.includes(line), `${line} in ${text}`);
      }
      assert.ok(text.includes(expected([0x1234 - 5, 0x7ff9])), text);
      const [report] = new ReportParser().push(Buffer.from(text));
      assert.deepEqual(
        report?.confidences.map((c) => c.value),
        [0x1234 - 5, 0x7ff9],
      );
    });

    it('with float classes, also those that are no number', async () => {
      const float = await customBundle(
        [placeholder('in', 'input', 'float32', 1, 0), placeholder('out', 'output', 'float32', 4, 4)],
        'float x = *(float *)m, *p = (float *)(m + 4); p[0] = x; p[1] = x * 1e30f; p[2] = -p[1]; p[3] = (x - x) / (x - x);',
      );
      const two = Buffer.alloc(4);
      two.writeFloatLE(2.0004);
      const images = new Map([['in', incOf([...two])]]);
      const { elf, outDir } = await build({ board, bundle: float, testData: images });
      compileStrictly(board, outDir, float.name);
      const text = runFirmware(board.id, elf);
      assert.ok(text.startsWith(expected([2000, 2000000000, -2000000000, -2000000000])), text);
    });

    it('without constants or activations, with one output element', async () => {
      const one = await customBundle(
        [placeholder('in', 'input', 'int8', 1, 0), placeholder('out', 'output', 'int8', 1, 1)],
        'm[1] = (uint8_t)(c == 0 && a == 0 ? m[0] : 0);',
      );
      const text = runFirmware(
        board.id,
        (await build({ board, bundle: one, testData: new Map([['in', incOf([-128])]]) })).elf,
      );
      assert.ok(text.startsWith(expected([-128])), text);
    });

    it('that find positions: a class, and one for each of several', async () => {
      const images = new Map([['in', incOf([9])]]);
      const named = await customBundle(
        [placeholder('in', 'input', 'int8', 1, 0), placeholder('out', 'output', 'index32', 1, 4)],
        '*(int32_t *)(m + 4) = m[0];',
      );
      const one = await build({ board, bundle: named, testData: images });
      compileStrictly(board, one.outDir, named.name);
      assert.match(runFirmware(board.id, one.elf), /^Top1 class = 9 \r\nInference time = \d+ \(us\)\r\n$/);
      const several = await customBundle(
        [placeholder('in', 'input', 'int8', 1, 0), placeholder('out', 'output', 'index32', 2, 4)],
        '((int32_t *)(m + 4))[0] = m[0]; ((int32_t *)(m + 4))[1] = 70000;',
      );
      const two = await build({ board, bundle: several, testData: images });
      compileStrictly(board, two.outDir, several.name);
      assert.match(
        runFirmware(board.id, two.elf),
        /^out\[0\]: 9\r\nout\[1\]: 70000\r\nInference time = \d+ \(us\)\r\n$/,
      );
    });

    it('with numbers of int32', async () => {
      const numbers = await customBundle(
        [
          ...[placeholder('in', 'input', 'int8', 1, 0), placeholder('out', 'output', 'int32', 2, 4)],
          placeholder('more', 'output', 'int32', 1, 12),
        ],
        '((int32_t *)(m + 4))[0] = -m[0]; ((int32_t *)(m + 4))[1] = 70000; *(int32_t *)(m + 12) = -70000;',
      );
      const built = await build({ board, bundle: numbers, testData: new Map([['in', incOf([9])]]) });
      compileStrictly(board, built.outDir, numbers.name);
      assert.match(
        runFirmware(board.id, built.elf),
        /^more\[0\]: -70000\r\nclass = 0\r\nConfidence = -9\r\nclass = 1\r\nConfidence = 70000\r\nTop1 class = 1 \r\n/,
      );
    });

    it('whose inference fails', async () => {
      const failing = await customBundle(
        [placeholder('in', 'input', 'int8', 1, 0), placeholder('out', 'output', 'int8', 1, 1)],
        'return 3;',
      );
      const text = runFirmware(
        board.id,
        (await build({ board, bundle: failing, testData: new Map([['in', '0']]) })).elf,
      );
      assert.equal(text, 'Inference failed: 3\r\n');
    });
  });
});
