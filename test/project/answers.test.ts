import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { findBoard } from '../../extension/board/catalogue.ts';
import { ANSWER_BYTES } from '../../extension/board/overhead.ts';
import type { Answer, Bundle, Placeholder } from '../../extension/bundle/bundle.ts';
import { decimalOf, decimalText } from '../../extension/bundle/decimal.ts';
import { isAnomalous, reconstructionError, reconstructionOf } from '../../extension/bundle/reconstruction.ts';
import { ReportParser } from '../../extension/inference/parse.ts';
import type { InferenceReport } from '../../extension/inference/report.ts';
import { generateProject } from '../../extension/project/generate.ts';
import { buildProject } from '../../extension/toolchain/build.ts';
import { Random } from '../support/random.ts';
import { runFirmware } from '../support/runFirmware.ts';
import { testFolder } from '../support/testFolder.ts';
import { compileStrictly } from './compileStrictly.ts';
import { customBundle, placeholder } from './customBundle.ts';

type Numeric = 'int8' | 'int16' | 'int32' | 'float32';

/** Boards with our PRINTF, and one that prints as the SDK's without a minus sign does. */
const BOARDS = ['frdmke16z', 'frdmke04z', 'lpcxpresso860max'];

/** Numbers as they lie in memory. */
function bytesOf(values: readonly number[], type: Numeric): number[] {
  const size = { int8: 1, int16: 2, int32: 4, float32: 4 }[type];
  const bytes = Buffer.alloc(values.length * size);
  for (const [i, value] of values.entries()) {
    if (type === 'float32') bytes.writeFloatLE(value, 4 * i);
    else bytes.writeIntLE(value, size * i, size);
  }
  return [...bytes];
}

const inc = (bytes: readonly number[]): string => bytes.join(', ');

describe('firmware answers', () => {
  const folder = testFolder('answers');
  let count = 0;

  /** What a network prints on a board, in lines and as a report; its sources are compiled strictly, too. */
  async function printed(
    boardId: string,
    bundle: Bundle,
    answer: Answer | undefined,
    testData: ReadonlyMap<string, string>,
  ): Promise<{ lines: string[]; report: InferenceReport; flashBytes: number }> {
    const board = findBoard(boardId);
    const outDir = path.join(folder.path, `${boardId}-${count++}`);
    await generateProject({ board, bundle, testData, weights: 'flash', outDir, answer });
    compileStrictly(board, outDir, bundle.name);
    const built = await buildProject(outDir, { with: 'gcc', warningsAsErrors: true });
    const text = runFirmware(board.id, new Uint8Array(readFileSync(built.elf)));
    const [report] = new ReportParser().push(Buffer.from(text));
    assert.ok(report, text);
    return { lines: text.split('\r\n'), report, flashBytes: built.size.flashBytes };
  }

  /** A network that hands so many bytes on. */
  const copying = (input: Placeholder, output: Placeholder): Promise<Bundle> =>
    customBundle(
      [input, output],
      `for (int i = 0; i < ${output.byteSize}; i++) m[${output.byteOffset} + i] = m[i];`,
    );

  describe('with real numbers, as the PC computes them', () => {
    const cases: [Numeric, number, number, number[]][] = [
      ['int8', 0.0123, 3, [-128, -5, 0, 2, 3, 4, 127]],
      ['int8', 1, 0, [-128, -1, 0, 1, 127]],
      ['int8', 40_000, -128, [-128, -127, 0, 127]],
      ['int8', 5e9, 100, [-128, 99, 100, 101]],
      ['int8', 2.5e-13, -1, [-128, -1, 0, 127]],
      ['int16', 0.00031, -700, [-32768, -701, -700, -699, 0, 32767]],
      ['int32', 1e-6, 0, [-(2 ** 31) + 1, -1, 0, 1, 2 ** 31 - 1]],
      ['float32', 1, 0, [-1.5, -0.0004, 0, 23.4567, 1e30]],
    ];
    for (const [i, [type, scale, offset, values]] of cases.entries()) {
      const board = BOARDS[i % BOARDS.length]!;
      it(`${type} in steps of ${scale} on ${board}`, async () => {
        const size = values.length;
        const bytes = bytesOf(values, type);
        const input = placeholder('in', 'input', 'int8', bytes.length, 0);
        const output = {
          ...placeholder('temperature', 'output', type, size, (bytes.length + 3) & ~3),
          ...{ scale, offset },
        };
        const bundle = await copying(input, output);
        const { lines, report } = await printed(
          board,
          bundle,
          { task: 'regress' },
          new Map([['in', inc(bytes)]]),
        );
        const integers = type === 'float32' ? [-1500, 0, 0, 23457, 2_000_000_000] : values;
        const decimal = decimalOf(output)!;
        const texts = integers.map((q) => decimalText(q, decimal));
        assert.deepEqual(
          lines.slice(0, size),
          integers.map((q, k) => `temperature[${k}]: ${q} = ${texts[k]}`),
        );
        assert.match(lines[size]!, /^Inference time = /);
        const [found] = report.others!;
        assert.deepEqual([[...found!.values.values()], [...found!.reals!.values()]], [integers, texts]);
        assert.deepEqual([report.confidences, report.top1], [[], undefined]);
      });
    }
  });

  describe('with the reconstruction error, bit for bit the PC’s', () => {
    const r = new Random(5);
    const ends: [Numeric, number, number][] = [
      ['int8', 0.02, -128],
      ['int8', 0.013, 5],
      ['int16', 0.0001, -900],
      ['float32', 1, 0],
    ];
    for (const [a, from] of ends.entries()) {
      for (const [b, to] of ends.entries()) {
        const board = BOARDS[(a + b) % BOARDS.length]!;
        it(`${from[0]} to ${to[0]} on ${board}`, async () => {
          const size = 37;
          const number = (type: Numeric): number =>
            type === 'float32'
              ? Math.fround(r.real(-2, 2))
              : type === 'int8'
                ? r.int(-128, 127)
                : r.int(-32768, 32767);
          const input = { ...placeholder('x', 'input', from[0], size, 0), scale: from[1], offset: from[2] };
          const output = {
            ...placeholder('y', 'output', to[0], size, (input.byteSize + 3) & ~3),
            ...{ scale: to[1], offset: to[2] },
          };
          const given = Array.from({ length: size }, () => number(from[0]));
          const made = Array.from({ length: size }, () => number(to[0]));
          const bytes = bytesOf(made, to[0]);
          // the network overwrites its input before it ends, as one that may reuse it does
          const bundle = await customBundle(
            [input, output],
            `static const uint8_t made[] = {${bytes.join()}};
             for (unsigned i = 0; i < ${bytes.length}; i++) m[${output.byteOffset} + i] = made[i];
             for (unsigned i = 0; i < ${input.byteSize}; i++) m[i] = 77;`,
          );
          const data = new Map([['x', inc(bytesOf(given, from[0]))]]);
          const threshold = { value: 3.5, basis: 'chosen', samples: 0 } as const;
          for (const answer of [{ task: 'anomaly', threshold }, { task: 'anomaly' }] as const) {
            const of = reconstructionOf(input, output, answer);
            const error = reconstructionError(of, { ...input, values: given }, { ...output, values: made });
            const isOdd = isAnomalous(error, of);
            const { lines, report } = await printed(board, bundle, answer, data);
            const verdict =
              isOdd === undefined ? '' : ` (threshold ${of.threshold}): ${isOdd ? 'anomalous' : 'normal'}`;
            assert.equal(lines.at(-3), `Reconstruction error = ${error}${verdict}`);
            assert.deepEqual(report.reconstruction, { error, threshold: of.threshold, isAnomalous: isOdd });
            assert.equal(report.others![0]!.values.size, size);
          }
        });
      }
    }
  });

  it('with large outputs, many numbers on each line, whole and below the length of a line that is read', async () => {
    for (const board of BOARDS) {
      for (const [type, name, size] of [
        ['int8', 'map', 600],
        ['int16', 'b'.repeat(100), 50],
        ['float32', `long_${'n'.repeat(95)}`, 17],
      ] as const) {
        const r = new Random(size);
        const values = Array.from({ length: size }, () => (type === 'float32' ? -2e6 : r.int(-128, 127)));
        const bytes = bytesOf(values, type);
        const output = {
          ...placeholder('map', 'output', type, size, 4),
          ...{ name, cName: name },
        };
        const bundle = await customBundle(
          [placeholder('in', 'input', 'int8', 1, 0), output],
          `static const uint8_t made[] = {${bytes.join()}};
           for (unsigned i = 0; i < sizeof made; i++) m[4 + i] = made[i];`,
        );
        const { lines, report } = await printed(board, bundle, { task: 'raw' }, new Map([['in', '1']]));
        const [found] = report.others!;
        assert.equal(found!.name, name);
        assert.deepEqual([...found!.values.keys()], [...values.keys()]);
        assert.deepEqual(
          [...found!.values.values()],
          type === 'float32' ? values.map((v) => v * 1000) : values,
        );
        assert.ok(lines.every((line) => line.length <= 240));
        if (type === 'int8') assert.equal(lines[1], `map[16]: ${values.slice(16, 32).join(' ')}`);
      }
    }
  });

  it('in as much flash as is reckoned with', async () => {
    for (const board of BOARDS) {
      // floats are for boards with an FPU, whose code has no library for them
      for (const type of ['int8', 'int16'] as const) {
        const input = placeholder('x', 'input', type, 24, 0);
        const output = { ...placeholder('y', 'output', type, 24, 96), scale: 0.01 };
        const bundle = await copying(input, output);
        const data = new Map([['x', inc(bytesOf(new Array<number>(24).fill(1), type))]]);
        const flash = async (answer: Answer, of = bundle): Promise<number> =>
          (await printed(board, of, answer, data)).flashBytes;
        const classes = await flash({ task: 'classify' });
        const threshold = { value: 1, basis: 'chosen', samples: 0 } as const;
        const few = await copying(input, { ...output, shape: [1, 12], byteSize: output.byteSize / 2 });
        const measured = {
          regress: await flash({ task: 'regress' }, few),
          anomaly: await flash({ task: 'anomaly', threshold }),
          raw: await flash({ task: 'raw' }),
        };
        for (const task of ['regress', 'anomaly', 'raw'] as const) {
          const more = measured[task] - classes;
          assert.ok(more <= ANSWER_BYTES[task], `${board} ${type} ${task}: ${more}`);
        }
      }
    }
  });
});
