import assert from 'node:assert/strict';
import path from 'node:path';
import type { ModelInput } from '../../extension/data/fit.ts';
import { findSamples } from '../../extension/data/findSamples.ts';
import { sampleAt } from '../../extension/data/given.ts';
import { Leavings, leftOutText } from '../../extension/data/leftOut.ts';
import { SampleReader } from '../../extension/data/reader.ts';
import { encodePng } from '../../extension/image/png.ts';
import { DEFAULT_CHOICES } from '../../extension/workflow/choices/choices.ts';
import { wav } from '../sound/wavBuilder.ts';
import { npy } from './npyBuilder.ts';
import { testFolder } from '../support/testFolder.ts';

const picture = (value: number): Uint8Array =>
  encodePng({ width: 2, height: 1, channels: 1, data: new Uint8Array(2).fill(value) });
const inputs: readonly ModelInput[] = [
  { name: 'camera', shape: [1, 1, 2, 1] },
  { name: 'net/meta:0', shape: [1, 3] },
];

describe('samples with a file for each input', () => {
  const folder = testFolder('parts', 'each');
  const { put } = folder;
  const read = async (
    given: readonly ModelInput[],
    name: string,
    leavings = new Leavings(),
  ): Promise<unknown[]> => {
    const place = path.join(folder.path, name);
    const found = await findSamples([place], { inputs: given.map((i) => i.name), leavings });
    const reader = new SampleReader(given, DEFAULT_CHOICES);
    const all = [];
    for (const file of found) {
      for (const sample of await reader.samplesIn(file)) {
        const values = [...(await reader.read(sample)).values()].map((v) => Array.from(v));
        all.push([sample.label, ...values]);
      }
    }
    return all;
  };

  it('lie side by side with the name of the input before the ending', async () => {
    for (const [k, label] of ['cat', 'dog'].entries()) {
      await put(`set/000${k}_${label}.camera.png`, picture(255 * k));
      await put(`set/000${k}_${label}.net_meta_0.npy`, npy([3], [k, 2, 3]));
    }
    await put('set/notes.csv', '1,2,3');
    await put('set/.hidden.png', '');
    const leavings = new Leavings();
    assert.deepEqual(await read(inputs, 'set', leavings), [
      ['cat', [0, 0], [0, 2, 3]],
      ['dog', [1, 1], [1, 2, 3]],
    ]);
    assert.equal(
      leftOutText(leavings.result()),
      'left out: 1 hidden (.hidden.png), 1 of no input (notes.csv)',
    );
  });

  it('or in folders of the inputs, with class folders and labels.csv', async () => {
    await put('set/camera/cat/1.png', picture(255));
    await put('set/net_meta_0/cat/1.csv', '1,2,3');
    await put('set/camera/2.png', picture(0));
    await put('set/net_meta_0/2.json', '[4,5,6]');
    await put('set/labels.csv', '2.png,dog\n');
    assert.deepEqual(await read(inputs, 'set'), [
      ['dog', [0, 0], [4, 5, 6]],
      ['cat', [1, 1], [1, 2, 3]],
    ]);
  });

  it('of two pictures and of sound, too', async () => {
    const three = [
      { name: 'left', shape: [1, 2] },
      { name: 'right', shape: [1, 1, 2, 1] },
      { name: 'voice', shape: [1, 4] },
    ];
    await put('set/a.left.png', picture(0));
    await put('set/a.right.png', picture(255));
    await put('set/a.voice.wav', wav({ channels: [[0, 0.5, 0, -0.5]] }));
    assert.deepEqual(await read(three, 'set'), [[undefined, [0, 0], [1, 1], [0, 0.5, 0, -0.5]]]);
  });

  it('are found by any of them that is named', async () => {
    const camera = await put('set/camera/cat/1.png', picture(255));
    const meta = await put('set/net_meta_0/cat/1.csv', '1,2,3');
    const beside = await put('flat/1.camera.png', picture(0));
    await put('flat/1.net_meta_0.csv', '4,5,6');
    const reader = new SampleReader(inputs, DEFAULT_CHOICES);
    const numbers = async (file: string) =>
      [...(await reader.read(await sampleAt(file))).values()].map((v) => Array.from(v));
    assert.deepEqual(await numbers(camera), [[1, 1], [1, 2, 3]]); // prettier-ignore
    assert.deepEqual(await numbers(meta), [[1, 1], [1, 2, 3]]); // prettier-ignore
    assert.deepEqual(await numbers(beside), [[0, 0], [4, 5, 6]]); // prettier-ignore
  });

  it('say which one lacks, and take one sample from each', async () => {
    await put('set/1.camera.png', picture(0));
    await put('set/2.camera.png', picture(0));
    await put('set/1.net_meta_0.npy', npy([2, 3], [1, 2, 3, 4, 5, 6]));
    await assert.rejects(
      read(inputs, 'set'),
      /2\.camera\.png has no file for the model's input 'net\/meta:0'/,
    );
    await put('set/2.net_meta_0.npy', npy([3], [1, 2, 3]));
    await assert.rejects(
      read(inputs, 'set'),
      /1\.net_meta_0\.npy has 2 samples for input 'net\/meta:0'; a file beside/,
    );
    await put('set/1.net_meta_0.npy', npy([4], [1, 2, 3, 4]));
    await assert.rejects(read(inputs, 'set'), /1\.net_meta_0\.npy holds 4 numbers; the model takes 1x3/);
  });

  it('are none where no input is named: then files hold all inputs', async () => {
    await put('set/camera/all.json', JSON.stringify({ camera: [0, 1], 'net/meta:0': [1, 2, 3] }));
    assert.deepEqual(await read(inputs, 'set'), [['camera', [0, 1], [1, 2, 3]]]);
  });
});

describe('what is left out', () => {
  const folder = testFolder('left-out', 'each');
  it('is counted, and some of it named', async () => {
    for (const name of ['.a', '.b', '.c', '.d', '__MACOSX/._1.png', 'Thumbs.db', 'readme.txt', 'a.csv'])
      await folder.put(name, '');
    await folder.put('p/.glowport/generated.json', '{}');
    await folder.put('1.png', picture(0));
    await folder.put('labels.csv', '1.png,2');
    await folder.put('1/2/3/4/5/6/7/8/9/deep.png', '');
    const leavings = new Leavings();
    assert.equal((await findSamples([folder.path], { leavings })).length, 1);
    assert.equal(
      leftOutText(leavings.result()),
      'left out: 4 hidden (.a, .b, .c, …), 2 of systems and tools (Thumbs.db, __MACOSX), 1 written by GlowPort (p), ' +
        '1 of an unknown kind (readme.txt), 1 in too many folders (9), 1 of another kind than the first (a.csv)',
    );
    assert.equal(leftOutText([]), '');
  });
});
