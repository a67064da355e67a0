import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Placeholder } from '../../extension/bundle/bundle.ts';
import { rawSteps, rawText } from '../../extension/bundle/rawSteps.ts';
import { UserError } from '../../extension/common/error.ts';
import type { ModelInput } from '../../extension/data/fit.ts';
import { idleDataChoices } from '../../extension/data/idle.ts';
import { MomentMeter } from '../../extension/data/normalize/moments.ts';
import { normalized, normalizersOf } from '../../extension/data/normalize/normalizer.ts';
import { rawUnitsOf } from '../../extension/data/normalize/rawUnits.ts';
import { DEFAULT_NORMALIZE_OPTIONS, type NormalizeOptions } from '../../extension/data/normalize/options.ts';
import { SampleReader } from '../../extension/data/reader.ts';
import { encodePng } from '../../extension/image/png.ts';
import { quantizeValues } from '../../extension/image/quantizeTensor.ts';
import { DEFAULT_CHOICES, type PortChoices } from '../../extension/workflow/choices/choices.ts';
import { npy } from './npyBuilder.ts';
import { testFolder } from '../support/testFolder.ts';

const choices = (normalize: Partial<NormalizeOptions>, image: Partial<PortChoices['image']> = {}) => ({
  ...DEFAULT_CHOICES,
  image: { ...DEFAULT_CHOICES.image, ...image },
  normalize: { ...DEFAULT_NORMALIZE_OPTIONS, ...normalize },
});
const near = (found: ArrayLike<number>, expected: readonly number[]): void => {
  assert.equal(found.length, expected.length);
  expected.forEach((v, i) => assert.ok(Math.abs(found[i]! - v) < 1e-5 * Math.max(1, Math.abs(v)), `${i}`));
};

describe('data/normalize', () => {
  const folder = testFolder('normalize', 'each');
  const { put } = folder;
  const one = async (shape: readonly number[], options: PortChoices, file: string) => {
    const reader = new SampleReader([{ name: 'x', shape }], options);
    return (await reader.read({ path: file })).get('x')!;
  };

  it('comes behind the image mode, with the channels as the model has them', async () => {
    const [r, g, b] = [51, 102, 204];
    const png = encodePng({ width: 1, height: 1, channels: 3, data: Uint8Array.of(r, g, b) });
    const file = await put('a.png', png);
    const mean = [0.1, 0.2, 0.3];
    const std = [0.5, 0.25, 2];
    const expected = [r, g, b].map((v, c) => (v / 255 - mean[c]!) / std[c]!);
    const lists = { mean: { '': mean }, std: { '': std } };
    near(await one([1, 1, 1, 3], choices(lists), file), expected);
    near(await one([1, 3, 1, 1], choices(lists, { layout: 'NCHW' }), file), expected);
    const bgr = [b, g, r].map((v, c) => (v / 255 - mean[c]!) / std[c]!);
    near(await one([1, 1, 1, 3], choices(lists, { channelOrder: 'BGR' }), file), bgr);
    const neg = [r, g, b].map((v, c) => ((2 * v) / 255 - 1 - mean[c]!) / std[c]!);
    near(await one([1, 1, 1, 3], choices(lists, { mode: 'neg1to1' }), file), neg);
  });

  it('of numbers is that of the last dimension, or of the first where only that has as many', async () => {
    const file = await put('a.npy', npy([2, 3], [0, 1, 2, 3, 4, 5]));
    const columns = choices({ mean: { x: [0, 1, 2] }, std: { '': [2] } });
    near(await one([1, 2, 3], columns, file), [0, 0, 0, 1.5, 1.5, 1.5]);
    near(await one([1, 2, 3], choices({ mean: { x: [1, 10] } }), file), [-1, 0, 1, -7, -6, -5]);
    near(await one([1, 2, 3], choices({ minmax: { '': [1, 5] } }), file), [-0.25, 0, 0.25, 0.5, 0.75, 1]);
  });

  it('refuses numbers that fit no dimension, that contradict others, and deviations of 0, in one sentence', () => {
    const inputs = [
      { name: 'a', shape: [1, 4, 3] },
      { name: 'b', shape: [1, 2] },
    ];
    const refused = (normalize: Partial<NormalizeOptions>): string => {
      try {
        normalizersOf(inputs, choices(normalize));
      } catch (e) {
        assert.ok(e instanceof UserError && e.code === 'usage', String(e));
        return e.message;
      }
      return 'accepted';
    };
    assert.equal(
      refused({ mean: { a: [1, 2] } }),
      "2 means were given for input 'a' of shape 1x4x3, which takes 1 or 3 or 4.",
    );
    assert.match(
      refused({ mean: { a: [1, 2, 3] }, std: { a: [1, 2] } }),
      /^2 standard deviations were given for input 'a'/,
    );
    assert.match(refused({ std: { b: [0, 1] } }), /^A standard deviation of 0 was given for input 'b'\.$/);
    assert.match(refused({ std: { b: [-1, 1] } }), /^A standard deviation of -1/);
    assert.match(refused({ mean: { c: [1] } }), /input 'c'; the model has the inputs a, b\.$/);
    assert.match(refused({ minmax: { '': [3, 3] } }), /^The numbers 3,3 are no minimum and maximum\.$/);
    assert.match(refused({ minmax: { '': [3] } }), /^The numbers 3 are no minimum and maximum\.$/);
    assert.match(refused({ minmax: { a: [0, 1] }, mean: { a: [1] } }), /^Input 'a' has numbers for mean/);
    assert.match(refused({ minmax: { '': [0, 1] }, std: { '': [1] } }), /^Input 'a' has numbers for mean/);
    assert.match(refused({ from: 'samples', mean: { a: [1] } }), /given, and shall be measured/);
    assert.equal(refused({ mean: { a: [1] }, minmax: { b: [0, 1] } }), 'accepted');
    assert.throws(() => new SampleReader(inputs, choices({ from: 'samples' })), /shall be measured/);
  });

  it('of an input with numbers of its own has none of the other way, which are for all others', () => {
    const inputs = [
      { name: 'a', shape: [1, 4, 3] },
      { name: 'b', shape: [1, 2] },
    ];
    const of = (normalize: Partial<NormalizeOptions>) => {
      const found = normalizersOf(inputs, choices(normalize));
      return ['a', 'b'].map((name) => [found.get(name)!.mean[0], found.get(name)!.std[0]]);
    };
    assert.deepEqual(of({ mean: { '': [5] }, std: { '': [2] }, minmax: { b: [10, 14] } }), [
      [5, 2],
      [10, 4],
    ]);
    assert.deepEqual(of({ minmax: { '': [10, 14] }, mean: { a: [5] } }), [
      [5, 1],
      [10, 4],
    ]);
    // of the same way all numbers count
    assert.deepEqual(of({ mean: { '': [5] }, std: { b: [2] } }), [
      [5, 1],
      [5, 2],
    ]);
  });

  it('refuses what becomes infinite', async () => {
    const file = await put('a.npy', npy([2], [1, 2]));
    await assert.rejects(
      one([1, 2], choices({ std: { '': [1e-45] } }), file),
      /a\.npy has the number Infinity at position 0/,
    );
  });

  it('is measured as two passes over all numbers do', () => {
    const rows = fc.array(fc.array(fc.double({ min: -1e3, max: 1e3, noNaN: true }), { minLength: 6, maxLength: 6 }), { minLength: 1, maxLength: 20 }); // prettier-ignore
    fc.assert(
      fc.property(rows, (all) => {
        const inputs: ModelInput[] = [{ name: 'x', shape: [1, 2, 3] }];
        const meter = new MomentMeter(inputs, DEFAULT_CHOICES);
        for (const row of all) meter.add(new Map([['x', Float32Array.from(row)]]));
        const { mean, std } = meter.result();
        for (const c of [0, 1, 2]) {
          const column = all.flatMap((row) => [Math.fround(row[c]!), Math.fround(row[c + 3]!)]);
          const m = column.reduce((a, b) => a + b, 0) / column.length;
          const s = Math.sqrt(column.reduce((a, b) => a + (b - m) ** 2, 0) / column.length);
          assert.ok(Math.abs(mean['']![c]! - m) < 1e-3);
          assert.ok(Math.abs(std['']![c]! - s) < 1e-3 || (s < 1e-3 && std['']![c] === 1));
        }
      }),
    );
  });

  it('is one step from raw values, which gives what the firmware would be given', () => {
    const number = fc.double({ min: -5, max: 5, noNaN: true });
    const positive = fc.double({ min: 0.1, max: 5, noNaN: true });
    fc.assert(
      fc.property(
        fc.array(number, { minLength: 3, maxLength: 3 }),
        fc.array(positive, { minLength: 3, maxLength: 3 }),
        fc.array(fc.integer({ min: 0, max: 255 }), { minLength: 3, maxLength: 3 }),
        positive,
        fc.integer({ min: -128, max: 127 }),
        (mean, std, pixels, scale, offset) => {
          const input = { name: 'x', shape: [1, 1, 1, 3] };
          const options = choices({ mean: { '': mean }, std: { '': std } }, { mode: 'neg1to1' });
          const placeholder: Placeholder = {
            ...{ ...input, cName: 'x', direction: 'input', type: 'int8', scale, offset },
            ...{ byteOffset: 0, byteSize: 3 },
          };
          const { x } = rawUnitsOf([input], options, { path: 'a.png' });
          const reals = Float32Array.from(pixels, (p) => (2 * p) / 255 - 1);
          const q = quantizeValues(normalized(reals, normalizersOf([input], options).get('x')!), {
            type: 'int8',
            scale,
            offset,
          });
          rawSteps(placeholder, x!).forEach(({ factor, shift }, c) => {
            const exact = factor * pixels[c]! + shift;
            const limited = Math.max(-128, Math.min(127, Math.round(exact)));
            // float32 of the reals may tip what lies between two integers
            assert.ok(limited === q[c] || Math.abs(Math.abs(exact - Math.trunc(exact)) - 0.5) < 1e-3);
          });
        },
      ),
    );
  });

  it('is told as scale and offset alone where the offset is a whole number', () => {
    const placeholder: Placeholder = {
      ...{ name: 'x', shape: [1, 2], cName: 'x', direction: 'input', type: 'int8', scale: 0.5, offset: -3 },
      ...{ byteOffset: 0, byteSize: 2 },
    };
    const told = (normalize: Partial<NormalizeOptions>): string[] =>
      rawText(placeholder, rawUnitsOf([placeholder], choices(normalize), undefined)['x']!);
    assert.deepEqual(told({ mean: { '': [10] }, std: { '': [4] } }), [
      'q = round(0.5 * x - 8), the same as S:2 O:-8 of x',
    ]);
    assert.deepEqual(told({ mean: { '': [1] }, std: { '': [4, 8] } }), [
      'channel 0: q = round(0.5 * x - 3.5)',
      'channel 1: q = round(0.25 * x - 3.25)',
    ]);
    const float = { ...placeholder, type: 'float32', scale: 1, offset: 0 } as const;
    assert.deepEqual(
      rawText(float, rawUnitsOf([float], choices({ minmax: { '': [-1, 3] } }), undefined)['x']!),
      ['0.25 * x + 0.25'],
    );
  });

  it('that changes nothing is told, as other choices of data are', () => {
    const inputs = [{ name: 'x', shape: [1, 2] }];
    const sample = (path: string) => [{ path, label: undefined }];
    const idle = (options: PortChoices, path: string) => idleDataChoices(options, sample(path), inputs);
    assert.deepEqual(idle(choices({ mean: { '': [0] } }), 'a.npy'), ['normalize of x']);
    assert.deepEqual(idle(choices({ mean: { '': [0.5] } }, { mode: 'neg1to1' }), 'a.npy'), ['mode']);
    assert.deepEqual(idle(choices({}, { mode: 'neg1to1' }), 'a.png'), []);
    const sound = (change: Partial<PortChoices['sound']>) => ({
      ...DEFAULT_CHOICES,
      sound: { ...DEFAULT_CHOICES.sound, ...change },
    });
    assert.deepEqual(idle(sound({ nMfcc: 13, nFft: 512, convention: 'torchaudio' }), 'a.wav'), [
      'convention',
      'nFft',
      'nMfcc',
    ]);
    assert.deepEqual(idle(sound({ features: 'logmel', nMfcc: 13, nFft: 512, topDb: 80 }), 'a.wav'), [
      'nMfcc',
    ]);
    assert.deepEqual(idle(sound({ features: 'spectrogram', nMels: 13, topDb: 60, epsilon: 1e-3 }), 'a.wav'), [
      'nMels',
      'epsilon',
      'topDb',
    ]);
    assert.deepEqual(idle(sound({ features: 'mfcc', log: 'ln', dbReference: 'max', nMfcc: 2 }), 'a.wav'), [
      'dbReference',
    ]);
    assert.deepEqual(idle(sound({ sampleRate: 8000 }), 'a.npy'), ['sampleRate']);
  });
});
