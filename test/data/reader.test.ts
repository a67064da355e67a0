import assert from 'node:assert/strict';
import path from 'node:path';
import { UserError } from '../../extension/common/error.ts';
import type { ModelInput } from '../../extension/data/fit.ts';
import { findSamples } from '../../extension/data/findSamples.ts';
import { sampleAt } from '../../extension/data/given.ts';
import { SampleReader } from '../../extension/data/reader.ts';
import { encodePng } from '../../extension/image/png.ts';
import { DEFAULT_CHOICES } from '../../extension/workflow/choices/choices.ts';
import { buildZip } from '../sdk/zipBuilder.ts';
import { npy } from './npyBuilder.ts';
import { testFolder } from '../support/testFolder.ts';

const axes: readonly ModelInput[] = [{ name: 'window', shape: [1, 4, 3] }];
const two: readonly ModelInput[] = [
  { name: 'a', shape: [1, 2] },
  { name: 'b', shape: [1, 1] },
];
const counting = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

describe('data/reader', () => {
  const folder = testFolder('reader', 'each');
  const { put } = folder;
  /** Every sample of a file: its label, and its numbers by input. */
  const read = async (inputs: readonly ModelInput[], ...names: string[]) => {
    const reader = new SampleReader(inputs, DEFAULT_CHOICES);
    const found = [];
    for (const file of await findSamples(names.map((n) => path.join(folder.path, n)))) {
      for (const sample of await reader.samplesIn(file)) {
        const numbers = await reader.read(sample);
        found.push([sample.label, Object.fromEntries([...numbers].map(([n, v]) => [n, Array.from(v)]))]);
      }
    }
    return found;
  };
  const refused = async (inputs: readonly ModelInput[], name: string): Promise<string> => {
    const error: unknown = await read(inputs, name).then(
      () => assert.fail('it was read'),
      (e: unknown) => e,
    );
    assert.ok(error instanceof UserError, String(error));
    return error.message;
  };

  it('takes a file with the shape of the input as one sample, and one with a row more as many', async () => {
    const shapes: [number[], number][] = [
      [[4, 3], 1],
      [[1, 4, 3], 1],
      [[1, 4, 1, 3], 1],
      [[2, 4, 3], 2],
      [[2, 1, 4, 3, 1], 2],
      [[2, 12], 2],
      [[24], 2],
      [[12], 1],
    ];
    for (const [shape, samples] of shapes) {
      const numbers = counting(shape.reduce((n, d) => n * d, 1));
      await put('data.npy', npy(shape, numbers));
      const found = await read(axes, 'data.npy');
      const expected = counting(samples).map((k) => ({ window: numbers.slice(12 * k, 12 * k + 12) }));
      assert.deepEqual(
        found.map(([, n]) => n),
        expected,
        shape.join('x'),
      );
    }
    await put('data.npy', npy([5, 3], counting(15)));
    assert.equal(await refused(axes, 'data.npy'), 'data.npy holds 5x3 numbers; the model takes 1x4x3.');
  });

  it('takes a table with a row a sample, or a window a file', async () => {
    await put('rows.csv', `${counting(12).join(',')},run\n${counting(12).join(',')},walk\n`);
    const numbers = { window: counting(12) };
    assert.deepEqual(await read(axes, 'rows.csv'), [
      ['run', numbers],
      ['walk', numbers],
    ]);
    const window = 'x,y,z\n0,1,2\n3,4,5\n6,7,8\n9,10,11\n';
    for (const name of ['run/1.csv', 'walk/2.csv', 'walk/.hidden.csv', '__MACOSX/._1.csv']) {
      await put(`windows/${name}`, window);
    }
    assert.deepEqual(await read(axes, 'windows'), [
      ['run', numbers],
      ['walk', numbers],
    ]);
  });

  it('finds labels in the file beside, which is no sample', async () => {
    await put('set/x_test.npy', npy([2, 12], counting(24)));
    await put('set/y_test.npy', npy([2], [1, 0]));
    assert.deepEqual(
      (await read(axes, 'set')).map(([label]) => label),
      ['1', '0'],
    );
    await put('set/y_test.npy', npy([3], [1, 0, 2]));
    assert.equal(await refused(axes, 'set'), 'x_test.npy has 3 labels for 2 samples.');
  });

  it('feeds several inputs by their names, or in their places', async () => {
    const a = npy([2, 2], [1, 2, 3, 4]);
    const b = npy([2, 1], [5, 6]);
    const expected = [
      [undefined, { a: [1, 2], b: [5] }],
      [undefined, { a: [3, 4], b: [6] }],
    ];
    const zip = (...entries: [string, Uint8Array][]) => buildZip(entries.map(([name, data]) => ({ name, data: Buffer.from(data) }))); // prettier-ignore
    await put('named.npz', zip(['b.npy', b], ['a.npy', a]));
    await put('places.npz', zip(['arr_0.npy', a], ['arr_1.npy', b]));
    await put('named.json', JSON.stringify([{ a: [1, 2], b: 5 }, { a: [3, 4], b: 6 }])); // prettier-ignore
    for (const name of ['named.npz', 'places.npz', 'named.json'])
      assert.deepEqual(await read(two, name), expected);
    // an input may have a name that labels have elsewhere
    const xy = [{ name: 'x', shape: [1, 2] }, { name: 'y', shape: [1, 1] }]; // prettier-ignore
    await put('xy.npz', zip(['x.npy', a], ['y.npy', b]));
    await put('xy.json', JSON.stringify([{ x: [1, 2], y: 5, label: 'p' }, { x: [3, 4], y: 6, label: 'q' }])); // prettier-ignore
    assert.deepEqual(await read(xy, 'xy.npz'), [[undefined, { x: [1, 2], y: [5] }], [undefined, { x: [3, 4], y: [6] }]]); // prettier-ignore
    assert.deepEqual(await read(xy, 'xy.json'), [['p', { x: [1, 2], y: [5] }], ['q', { x: [3, 4], y: [6] }]]); // prettier-ignore
    await put('odd.npz', zip(['a.npy', a], ['c.npy', b]));
    assert.equal(
      await refused(two, 'odd.npz'),
      'odd.npz holds the arrays a, c; the model has the inputs a, b.',
    );
    await put('less.npz', zip(['a.npy', a], ['b.npy', npy([3, 1], [5, 6, 7])]));
    assert.match(await refused(two, 'less.npz'), /^less\.npz has 3 samples for input 'b', and 2 for 'a'\.$/);
    await put('one.npy', a);
    assert.match(await refused(two, 'one.npy'), /^one\.npy holds one array; the model has 2 inputs: a, b\.$/);
    await put('one.png', encodePng({ width: 1, height: 2, channels: 1, data: new Uint8Array(2) }));
    assert.match(
      await refused(two, 'one.png'),
      /^The model has 2 inputs; a picture can only feed a model with one\.$/,
    );
  });

  it('refuses numbers that are none', async () => {
    await put('a.csv', `${counting(12).join(',')}\n${counting(11).join(',')},nan\n`);
    assert.equal(await refused(axes, 'a.csv'), 'a.csv#1 has the number NaN at position 11.');
  });

  it('takes pictures where a folder has some, and else numbers', async () => {
    const picture = encodePng({ width: 3, height: 4, channels: 1, data: new Uint8Array(12).fill(255) });
    await put('mixed/cat_3.png', picture);
    await put('mixed/results.csv', '1,2,3');
    await put('mixed/deep/er/dog.png', picture);
    assert.deepEqual(
      (await findSamples([path.join(folder.path, 'mixed')])).map((s) => [path.basename(s.path), s.label]),
      [
        ['cat_3.png', '3'],
        ['dog.png', 'er'],
      ],
    );
    const inputs = [{ name: 'x', shape: [1, 4, 3, 1] }];
    assert.deepEqual(await read(inputs, 'mixed/cat_3.png'), [['3', { x: Array<number>(12).fill(1) }]]);
  });

  it('finds one row of a file', async () => {
    const file = await put('d.npy', npy([2, 12], counting(24)));
    const reader = new SampleReader(axes, DEFAULT_CHOICES);
    const numbers = async (given: string) =>
      Array.from((await reader.read(await sampleAt(given))).get('window')!);
    assert.deepEqual(await numbers(file), counting(12));
    assert.deepEqual(await numbers(`${file}#1`), counting(24).slice(12));
    await assert.rejects(numbers(`${file}#2`), /d\.npy has 2 samples, and no row 2/);
    const odd = await put('e.npy#1', '');
    assert.deepEqual(await sampleAt(odd), { path: odd, label: undefined });
  });
});
