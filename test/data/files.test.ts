import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { UserError } from '../../extension/common/error.ts';
import { productRoot } from '../../extension/common/resources.ts';
import { readBin } from '../../extension/data/files/bin.ts';
import { readCsv } from '../../extension/data/files/csv.ts';
import { readJson } from '../../extension/data/files/json.ts';
import { readNpy } from '../../extension/data/files/npy.ts';
import { readNpz } from '../../extension/data/files/npz.ts';
import { DATA_ENDINGS, readDataFile } from '../../extension/data/files/table.ts';
import type { DataFile, Numbers } from '../../extension/data/numbers.ts';
import { buildZip } from '../sdk/zipBuilder.ts';

interface Saved {
  readonly file: string;
  readonly shape: readonly number[];
  readonly data: readonly number[] | null;
}

/** What NumPy saves, and reads in it. */
const numpy = JSON.parse(readFileSync(path.join(productRoot, 'test/data/numpy.json'), 'utf8')) as Readonly<
  Record<string, Saved>
>;
const saved = (name: string): Uint8Array => new Uint8Array(Buffer.from(numpy[name]!.file, 'base64'));
const all = (numbers: Numbers): number[] => {
  const count = numbers.shape.reduce((n, d) => n * d, 1);
  return Array.from(numbers.read(0, count));
};
const plain = ({ arrays, labels }: DataFile) => ({
  arrays: Object.fromEntries([...arrays].map(([name, a]) => [name, { shape: a.shape, data: all(a) }])),
  labels,
});
const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text));
const refused = (work: () => unknown, pattern: RegExp): void =>
  assert.throws(work, (e) => e instanceof UserError && e.code === 'input' && pattern.test(e.message));

describe('data: files of numbers', () => {
  for (const [name, { shape, data }] of Object.entries(numpy)) {
    if (!name.endsWith('.npy') || !data) continue;
    it(`${name} is what NumPy reads in it`, () => {
      const numbers = readNpy(saved(name), name);
      assert.deepEqual(numbers.shape, shape);
      assert.deepEqual(all(numbers), data);
      const middle = Math.floor(data.length / 2);
      assert.deepEqual(Array.from(numbers.read(middle, 1)), [data[middle]]);
    });
  }

  it('an .npz holds arrays by name, and labels as numbers or one-hot', async () => {
    const { shape, data } = numpy['stored.npz']!;
    for (const name of ['stored.npz', 'packed.npz']) {
      const file = await readNpz(saved(name), name, 1e6);
      assert.deepEqual(plain(file), { arrays: { x: { shape, data } }, labels: ['3', '1', '0', '2'] });
    }
  });

  it('says in a sentence what is wrong with an array, wherever it is cut', () => {
    refused(() => readNpy(saved('objects.npy'), 'o.npy'), /^o\.npy holds Python objects, not numbers\.$/);
    refused(
      () => readNpy(saved('complex.npy'), 'c.npy'),
      /^c\.npy has numbers of type c16, which are not read\.$/,
    );
    refused(() => readNpy(bytes('no array at all'), 'a.npy'), /^a\.npy is no array of NumPy\.$/);
    const whole = saved('<f4.npy');
    for (let length = 0; length < whole.length; length++) {
      refused(() => readNpy(whole.subarray(0, length), 'a.npy'), /^a\.npy (is|has) /);
    }
    // a header that promises more than there is
    const lies = Buffer.from(whole).toString('latin1').replace('(2, 3, 4)', '(9,9,9,9)');
    refused(
      () => readNpy(new Uint8Array(Buffer.from(lies, 'latin1')), 'a.npy'),
      /cut off: its numbers end early/,
    );
  });

  it('refuses a zip bomb, and files beyond the limit, before they are read', async () => {
    const bomb = buildZip([{ name: 'x.npy', data: Buffer.alloc(64 * 1024 * 1024) }]);
    await assert.rejects(readNpz(bomb, 'x.npz', 1e6), /x\.npz would unpack to more than is allowed/);
    const folder = await mkdtemp(path.join(tmpdir(), 'glowport-data-'));
    try {
      for (const ending of DATA_ENDINGS) {
        const file = path.join(folder, `large.${ending}`);
        await writeFile(file, '');
        await truncate(file, 2 ** 31); // takes no room on the disk
        await assert.rejects(readDataFile(file), /The data file .* is too large \(2147483648 bytes\)/);
      }
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('reads tables as people write them', () => {
    const rows = (data: number[], width: number) => ({ '': { shape: [data.length / width, width], data } });
    const read = (text: string) => plain(readCsv(bytes(text), 't.csv'));
    const numbers = rows([1, 2.5, -3, 0.5], 2);
    const none = undefined;
    assert.deepEqual(read('1,2.5\r\n-3,5e-1\r\n'), { arrays: numbers, labels: none });
    assert.deepEqual(read('1,2.5\r-3,5e-1\r'), { arrays: numbers, labels: none });
    assert.deepEqual(read('\ufeffa;b\n1;2,5\n-3;0,5'), { arrays: numbers, labels: none });
    assert.deepEqual(read('# made by hand\n 1   2.5 \n-3 .5\n\n'), { arrays: numbers, labels: none });
    assert.deepEqual(read('1\t2.5\n-3\t0.5'), { arrays: numbers, labels: none });
    assert.deepEqual(read('u,label,v\n1,7,2.5\n-3,9,0.5'), { arrays: numbers, labels: ['7', '9'] });
    assert.deepEqual(read('walk,1,2.5\n"say ""run""",-3,0.5'), {
      arrays: numbers,
      labels: ['walk', 'say "run"'],
    });
    assert.deepEqual(read('u,v,kind\n1,2.5,on\n-3,0.5,off'), { arrays: numbers, labels: ['on', 'off'] });
    // an index that pandas writes counts rows; of three axes y is no label
    assert.deepEqual(read(',u,v\n0,1,2.5\n1,-3,0.5'), { arrays: numbers, labels: none });
    assert.deepEqual(read('x,y,z\n1,2,3'), { arrays: rows([1, 2, 3], 3), labels: none });
    assert.deepEqual(read('x,y\n1,2'), { arrays: rows([1], 1), labels: ['2'] });
    assert.deepEqual(
      plain(readCsv(new Uint8Array(Buffer.from('\ufeff1,2', 'utf16le')), 't.csv')).arrays,
      rows([1, 2], 2),
    );
  });

  it('says where a table is wrong', () => {
    const wrong = (text: string, pattern: RegExp) => refused(() => readCsv(bytes(text), 't.csv'), pattern);
    wrong('1,2\n1,2,3', /^t\.csv has 3 fields in line 2, and 2 before\.$/);
    wrong('1,2\n1,two', /^t\.csv has "two" in line 2, column 2, where a number is wanted\.$/);
    wrong('1,2\n1,', /^t\.csv has "" in line 2, column 2/);
    wrong('', /^t\.csv holds no numbers\.$/);
    wrong('a,b\n', /^t\.csv holds no numbers\.$/);
  });

  it('reads back every table of numbers that is written, in any of the ways', () => {
    const number = fc.float({ noNaN: true, noDefaultInfinity: true });
    const table = fc
      .integer({ min: 2, max: 5 })
      .chain((width) =>
        fc.array(fc.array(number, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 6 }),
      );
    fc.assert(
      fc.property(
        table,
        fc.constantFrom(',', ';', '\t', ' '),
        fc.constantFrom('\n', '\r\n'),
        fc.boolean(),
        (rows, between, end, named) => {
          const lines = rows.map((row) =>
            row.map((v) => (between === ';' ? String(v).replace('.', ',') : String(v))).join(between),
          );
          const header = rows[0]!.map((_, k) => `column${k}`).join(between);
          const text = (named ? [header, ...lines] : lines).join(end);
          const { arrays } = readCsv(bytes(text), 't.csv');
          assert.deepEqual(
            all(arrays.get('')!),
            // what is written has no -0
            rows.flat().map((v) => v + 0),
          );
        },
      ),
    );
    // each of these in one pass
    for (const part of [' ', '"', ',', ' ,', '" ', ';', '\t', '"a""']) {
      refused(() => readCsv(bytes(part.repeat(200_000)), 't.csv'), /^t\.csv /);
    }
  });

  it('reads nested lists, objects of them and lists of objects', () => {
    const read = (value: unknown) => plain(readJson(bytes(JSON.stringify(value)), 'j.json'));
    const two = { shape: [2, 2], data: [1, 2, 3, 4] };
    assert.deepEqual(read([[1, 2], [3, 4]]), { arrays: { '': two }, labels: undefined }); // prettier-ignore
    assert.deepEqual(read({ a: [[1, 2], [3, 4]], labels: ['x', 'y'] }), { arrays: { a: two }, labels: ['x', 'y'] }); // prettier-ignore
    assert.deepEqual(read([{ a: [1, 2], y: 5 }, { a: [3, 4], y: 6 }]), { arrays: { a: two }, labels: ['5', '6'] }); // prettier-ignore
    const wrong = (text: string, pattern: RegExp) => refused(() => readJson(bytes(text), 'j.json'), pattern);
    wrong('[[1,2],[3]]', /lists of different lengths/);
    wrong('[[1,2],3]', /lists of different lengths/);
    wrong('[1,"2"]', /something else where a number is wanted/);
    wrong('[{"a":[1]},{"b":[1]}]', /sample 1/);
    wrong('7', /holds no list of numbers/);
    wrong('{"y":[1]}', /holds no list of numbers/);
    wrong('[1', /no whole JSON file/);
    wrong('['.repeat(100_000) + ']'.repeat(100_000), /lists in more than 10 others/);
  });

  it('reads nothing but float32', () => {
    const file = readBin(new Uint8Array(Float32Array.of(1, -2.5, 3).buffer), 'b.bin');
    assert.deepEqual(plain(file), { arrays: { '': { shape: [3], data: [1, -2.5, 3] } }, labels: undefined });
    refused(
      () => readBin(new Uint8Array(7), 'b.bin'),
      /^b\.bin has 7 bytes, which are no float32 numbers\.$/,
    );
  });
});
