import assert from 'node:assert/strict';
import path from 'node:path';
import { english } from '../../extension/common/errors/sentence.ts';
import { UserError } from '../../extension/common/error.ts';
import { advice } from '../../extension/cli/remedies.ts';
import { findSamples } from '../../extension/data/findSamples.ts';
import { sampleAt } from '../../extension/data/given.ts';
import { SampleReader } from '../../extension/data/reader.ts';
import type { SoundOptions } from '../../extension/sound/options.ts';
import { DEFAULT_CHOICES } from '../../extension/workflow/choices/choices.ts';
import { signal } from '../sound/signal.ts';
import { wav } from '../sound/wavBuilder.ts';
import { npy } from './npyBuilder.ts';
import { testFolder } from '../support/testFolder.ts';

const counting = (count: number, from = 0): number[] =>
  Array.from({ length: count }, (_, i) => (from + i) / 0x8000);

describe('data: sound', () => {
  const folder = testFolder('sound', 'each');
  const { put } = folder;
  /** Every sample of files and folders: its name, label and numbers. */
  const read = async (shape: readonly number[], sound: Partial<SoundOptions>, ...names: string[]) => {
    const options = { ...DEFAULT_CHOICES, sound: { ...DEFAULT_CHOICES.sound, ...sound } };
    const reader = new SampleReader([{ name: 'x', shape }], options);
    const found = [];
    for (const file of await findSamples(names.map((n) => path.join(folder.path, n)))) {
      for (const sample of await reader.samplesIn(file)) {
        const { path: at, row, label } = sample;
        const numbers = Array.from((await reader.read(sample)).get('x')!);
        found.push({ name: path.relative(folder.path, at), row, label, numbers });
      }
    }
    return found;
  };
  /** What is said where a file does not fit, with what to do. */
  const refused = async (shape: readonly number[], sound: Partial<SoundOptions>, ...names: string[]) => {
    const error: unknown = await read(shape, sound, ...names).then(
      () => assert.fail('it was read'),
      (e: unknown) => e,
    );
    assert.ok(error instanceof UserError && error.code === 'input', String(error));
    return `${english(error.sentence)} ${advice(error.remedies)}`;
  };

  it('is a sample as long as the input, whatever dimensions of 1 that has', async () => {
    await put('a.wav', wav({ channels: [counting(8)] }));
    for (const shape of [[1, 8], [1, 8, 1], [1, 1, 8], [1, 1, 8, 1], [8]]) {
      const found = await read(shape, {}, 'a.wav');
      assert.deepEqual(found, [{ name: 'a.wav', row: undefined, label: undefined, numbers: counting(8) }]);
    }
    assert.equal(
      await refused([1, 4], {}, 'a.wav'),
      'a.wav has 8 samples (at 16000 Hz); the model takes 1x4. Cut recordings into pieces, or fill shorter ones with zeros: --segment 4.',
    );
    assert.match(
      await refused([1, 49, 40, 1], {}, 'a.wav'),
      /^a\.wav has 8 samples .* takes 1x49x40x1\. Let features be computed: --features/,
    );
    await put('empty.wav', wav({ channels: [[]] }));
    assert.match(await refused([1, 4], { segment: 4 }, 'empty.wav'), /^empty\.wav holds no samples\./);
  });

  it('has the folder of its class as label, as Speech Commands does', async () => {
    const file = wav({ channels: [counting(4)] });
    for (const name of ['yes/0a7c2a8d_nohash_0.wav', 'no/0a7c2a8d_nohash_1.wav', 'no/.hidden.wav']) {
      await put(`set/${name}`, file);
    }
    await put('set/_background_noise_/pink.wav', wav({ channels: [counting(99)] }));
    await put('set/metadata.csv', 'file,speaker\n');
    const labels = async (name: string) => (await read([1, 4], {}, name)).map((s) => [s.name, s.label]);
    const [no, yes] = ['set/no/0a7c2a8d_nohash_1.wav', 'set/yes/0a7c2a8d_nohash_0.wav'];
    assert.deepEqual(await labels('set'), [
      [no, 'no'],
      [yes, 'yes'],
    ]);
    // a number that only counts is no label
    assert.deepEqual(await labels('set/yes'), [[yes, undefined]]);
    await put('set/no/labels.csv', '0a7c2a8d_nohash_1.wav,nope\n');
    assert.deepEqual((await labels('set'))[0], [no, 'nope']);
    assert.equal((await read([1, 4], { segment: 4 }, 'set/_background_noise_')).length, 24);
  });

  it('is cut into segments when they are asked for, and then a short one gets zeros at its end', async () => {
    await put('long_up.wav', wav({ channels: [counting(10)] }));
    await put('short_up.wav', wav({ channels: [counting(3)] }));
    const rows = async (sound: Partial<SoundOptions>, name: string) =>
      (await read([1, 4], sound, name)).map((s) => [s.row, s.label, ...s.numbers.map((v) => v * 0x8000)]);
    assert.deepEqual(await rows({ segment: 4 }, 'long_up.wav'), [
      [0, 'up', 0, 1, 2, 3],
      [1, 'up', 4, 5, 6, 7],
    ]);
    assert.deepEqual(
      (await rows({ segment: 4, segmentHop: 3 }, 'long_up.wav')).map(([row, , first]) => [row, first]),
      [
        [0, 0],
        [1, 3],
        [2, 6],
      ],
    );
    assert.deepEqual(await rows({ segment: 4 }, 'short_up.wav'), [[undefined, 'up', 0, 1, 2, 0]]);
    const given = await sampleAt(path.join(folder.path, 'long_up.wav#1'));
    const sound = { ...DEFAULT_CHOICES.sound, segment: 4 };
    const reader = new SampleReader([{ name: 'x', shape: [1, 4] }], { ...DEFAULT_CHOICES, sound });
    assert.deepEqual(Array.from((await reader.read(given)).get('x')!), counting(4, 4));
    await assert.rejects(reader.read({ ...given, row: 2 }), /long_up\.wav has 2 samples, and no row 2/);
    await put('many.wav', wav({ channels: [new Float32Array(100_004)] }));
    await assert.rejects(read([1, 4], { segment: 4, segmentHop: 1 }, 'many.wav'), /more than 100000 samples/);
  });

  it('of several channels fits an input that has them, and is mixed only when that is asked for', async () => {
    await put('two.wav', wav({ channels: [counting(4), counting(4, 8)] }));
    const numbers = async (shape: number[], sound: Partial<SoundOptions> = {}) =>
      (await read(shape, sound, 'two.wav'))[0]!.numbers.map((v) => v * 0x8000);
    assert.deepEqual(await numbers([1, 4, 2]), [0, 8, 1, 9, 2, 10, 3, 11]);
    assert.deepEqual(await numbers([1, 2, 4]), [0, 1, 2, 3, 8, 9, 10, 11]);
    assert.deepEqual(await numbers([1, 4], { mono: true }), [4, 5, 6, 7]);
    assert.equal(
      await refused([1, 4], {}, 'two.wav'),
      'two.wav has 4 samples in each of 2 channels (at 16000 Hz); the model takes 1x4. Mix them with --mono.',
    );
    assert.match(
      await refused([1, 4], { features: 'mfcc' }, 'two.wav'),
      /^two\.wav has 2 channels; features are those of one\. Mix them/,
    );
  });

  it('of a Fourier transform with a large prime factor is told to take another size, and else to be cut', async () => {
    await put('long.wav', wav({ channels: [new Float32Array(200_000)] }));
    assert.equal(
      await refused([1, 4], { features: 'spectrogram', nFft: 65_521 }, 'long.wav'),
      'long.wav has 200000 samples, too many for Fourier transforms of 65521, which has a large prime factor. ' +
        'Take a size with small factors, such as --n-fft 32768 with --win-length for the window.',
    );
    assert.match(
      await refused([1, 4], { features: 'spectrogram', nFft: 2048, hopLength: 1 }, 'long.wav'),
      /too many for these features\. Cut recordings/,
    );
  });

  it('is resampled only when that is asked for, and recordings of two rates are told', async () => {
    await put('set/a.wav', wav({ channels: [signal(160)], sampleRate: 16000 }));
    await put('set/b.wav', wav({ channels: [signal(320)], sampleRate: 32000 }));
    const found = await read([1, 160], { sampleRate: 16000 }, 'set');
    assert.deepEqual(
      found.map((s) => s.numbers.length),
      [160, 160],
    );
    assert.equal(
      await refused([1, 160], {}, 'set'),
      'b.wav has 32000 samples a second, and a.wav 16000. Say which one the model was trained with: --sample-rate HZ.',
    );
  });

  describe('as features', () => {
    const mel: Partial<SoundOptions> = { features: 'logmel', nFft: 64, hopLength: 32, nMels: 5 };

    it("stand in the order that the model's shape has", async () => {
      await put('a.wav', wav({ channels: [signal(200)], encoding: 'f32' }));
      const numbers = async (shape: number[], sound: Partial<SoundOptions> = {}) =>
        (await read(shape, { ...mel, ...sound }, 'a.wav'))[0]!.numbers;
      const byTime = await numbers([1, 7, 5, 1]);
      const byBins = await numbers([1, 5, 7]);
      assert.deepEqual(
        byBins,
        byTime.map((_, i) => byTime[(i % 7) * 5 + Math.floor(i / 7)]),
      );
      assert.deepEqual(await numbers([1, 35], { layout: 'time-first' }), byTime);
      assert.deepEqual(await numbers([1, 35], { layout: 'bins-first' }), byBins);
      const square = { nMels: 7 };
      assert.equal(
        await refused([1, 7, 7], { ...mel, ...square }, 'a.wav'),
        "a.wav becomes 7 frames x 7 bins, which the model's 1x7x7 can take in either order. Say which: --feature-layout time-first or bins-first.",
      );
      assert.notDeepEqual(
        await numbers([1, 7, 7], { ...square, layout: 'time-first' }),
        await numbers([1, 7, 7], { ...square, layout: 'bins-first' }),
      );
      assert.match(
        await refused([1, 49, 5], mel, 'a.wav'),
        /^a\.wav becomes 7 frames x 5 bins; the model takes 1x49x5\. Frames follow from --segment/,
      );
      assert.match(
        await refused([1, 7, 5], { ...mel, layout: 'bins-first' }, 'a.wav'),
        /^a\.wav becomes 5 bins x 7 frames; the model takes 1x7x5\./,
      );
      assert.match(await refused([1, 35], mel, 'a.wav'), /can take in either order/);
      // one frame is the same in both orders
      assert.equal((await numbers([1, 5], { segment: 64, padding: 'none' })).length, 5);
    });

    it('are those of each segment, at the rate that was asked for', async () => {
      await put('a.wav', wav({ channels: [signal(400)], sampleRate: 32000, encoding: 'f64' }));
      await put('first.wav', wav({ channels: [signal(64)], sampleRate: 16000, encoding: 'f64' }));
      const options = { ...mel, sampleRate: 16000, segment: 64 };
      assert.equal((await read([1, 3, 5], options, 'a.wav')).length, 3);
      const [cut] = await read([1, 3, 5], { ...mel, segment: 64 }, 'a.wav');
      const [alone] = await read([1, 3, 5], mel, 'first.wav');
      // bands are told in Hz: the same samples at another rate have others
      assert.deepEqual((await read([1, 3, 5], options, 'first.wav'))[0]!.numbers, alone!.numbers);
      assert.notDeepEqual(cut!.numbers, alone!.numbers);
    });
  });

  it('feeds a model with one input, and numbers stay what they were', async () => {
    await put('a.wav', wav({ channels: [counting(4)] }));
    const two = ['a', 'b'].map((name) => ({ name, shape: [1, 2] }));
    await assert.rejects(
      new SampleReader(two, DEFAULT_CHOICES).read({ path: path.join(folder.path, 'a.wav') }),
      /^UserError: The model has 2 inputs; a recording can only feed a model with one\.$/,
    );
    await put('b.npy', npy([2, 4], [1, 2, 3, 4, 5, 6, 7, 8]));
    assert.equal((await read([1, 4], { segment: 2, mono: true, sampleRate: 8000 }, 'b.npy')).length, 2);
  });

  it('refuses a hop of segments without their length', async () => {
    await put('a.wav', wav({ channels: [counting(64)] }));
    await assert.rejects(read([1, 64], { segmentHop: 16 }, 'a.wav'), /cut every 16 samples, but no length/);
  });
});
