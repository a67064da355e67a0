import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import * as ort from 'onnxruntime-node';
import { readHeader } from '../../extension/bundle/header.ts';
import { encodePng } from '../../extension/image/png.ts';
import { glowport } from '../cli/support.ts';
import { npy } from '../data/npyBuilder.ts';
import { onnxModel } from '../model/onnxBuilder.ts';
import { wav } from '../sound/wavBuilder.ts';
import { Random } from '../support/random.ts';
import { testFolder } from '../support/testFolder.ts';

const random = new Random(31);
const reals = (count: number): number[] =>
  Array.from({ length: count }, () => Math.fround(random.real(-0.5, 0.5)));

interface Told {
  readonly match: boolean;
  readonly expected: { readonly float: readonly number[] };
  readonly rawInputs?: readonly {
    readonly name: string;
    readonly of: string;
    readonly steps: readonly { readonly factor: number; readonly shift: number }[];
  }[];
  readonly leftOut?: readonly {
    readonly why: string;
    readonly count: number;
    readonly names: readonly string[];
  }[];
}

/** From samples that are normalized, or come in a file for each input, to the simulated board. */
describe('samples of any kind, from the command line', () => {
  const folder = testFolder('normalization');
  const { put } = folder;
  const ported = async (...args: string[]): Promise<{ told: Told; err: string }> => {
    const { code, out, err } = await glowport(folder.path, 'port', ...args, '--json');
    assert.equal(code, 0, err);
    const told = JSON.parse(out) as Told;
    assert.equal(told.match, true);
    return { told, err };
  };
  const onnxruntime = async (
    model: string,
    inputs: Record<string, [number[], number[]]>,
  ): Promise<number[]> => {
    const session = await ort.InferenceSession.create(await readFile(model));
    const feeds = Object.entries(inputs).map(([name, [shape, numbers]]) => [
      name,
      new ort.Tensor('float32', Float32Array.from(numbers), shape),
    ]);
    const { y } = await session.run(Object.fromEntries(feeds) as Record<string, ort.Tensor>);
    return Array.from(y!.data as Float32Array);
  };
  const near = (found: readonly number[], expected: readonly number[]): void =>
    expected.forEach((v, i) => assert.ok(Math.abs(found[i]! - v) < 1e-4, `${found[i]} ${v}`));
  const twoInputs = () =>
    put(
      'two.onnx',
      onnxModel({
        inputs: [
          { name: 'camera', shape: [1, 1, 4, 4] },
          { name: 'meta', shape: [1, 3] },
        ],
        nodes: [
          { op: 'Flatten', inputs: ['camera'], outputs: ['f'] },
          { op: 'Gemm', inputs: ['f', 'w'], outputs: ['a'] },
          { op: 'Gemm', inputs: ['meta', 'v'], outputs: ['b'] },
          { op: 'Add', inputs: ['a', 'b'], outputs: ['y'] },
        ],
        outputs: ['y'],
        initializers: {
          w: { dims: [16, 4], floats: reals(64) },
          v: { dims: [3, 4], floats: reals(12) },
        },
      }),
    );

  it('pictures and numbers feed their inputs; what is measured to normalize with is remembered, and told', async () => {
    const model = await twoInputs();
    const metas: number[][] = [];
    const pictures: Uint8Array[] = [];
    for (let k = 0; k < 12; k++) {
      const data = Uint8Array.from({ length: 16 }, () => random.int(0, 255));
      const meta = [random.real(10, 30), random.real(-5, 5), 7].map(Math.fround);
      await put(`set/camera/${k + 10}.png`, encodePng({ width: 4, height: 4, channels: 1, data }));
      await put(`set/meta/${k + 10}.npy`, npy([3], meta));
      metas.push(meta);
      pictures.push(data);
    }
    await put('set/notes.txt', 'nothing');
    const args = [model, '--board', 'frdmke16z', '--samples', 'set', '--image-mode', 'neg1to1'];
    const { told, err } = await ported(...args, '--normalize-from', 'samples');
    assert.match(err, /profile {3}12 samples; left out: 1 of an unknown kind \(notes\.txt\)/);
    assert.deepEqual(told.leftOut, [{ why: 'unknown', count: 1, names: ['notes.txt'] }]);
    const config = path.join(folder.path, 'glowport.json');
    const before = await readFile(config, 'utf8');
    const { normalize } = JSON.parse(before) as {
      normalize: Record<'mean' | 'std', Record<'camera' | 'meta', number[]>>;
    };
    assert.deepEqual(Object.keys(normalize), ['mean', 'std']);
    const column = metas.map((m) => m[0]!);
    const mean = column.reduce((a, b) => a + b, 0) / 12;
    const std = Math.sqrt(column.reduce((a, b) => a + (b - mean) ** 2, 0) / 12);
    near([normalize.mean.meta[0]!, normalize.std.meta[0]!], [mean, std]);
    assert.equal(normalize.std.meta[2], 1, 'a column that never changes');
    // the same network over numbers that are normalized here
    const camera = Array.from(
      pictures[0]!,
      (p) => ((2 * p) / 255 - 1 - normalize.mean.camera[0]!) / normalize.std.camera[0]!,
    );
    const meta = metas[0]!.map((v, c) => (v - normalize.mean.meta[c]!) / normalize.std.meta[c]!);
    near(
      told.expected.float,
      await onnxruntime(model, { camera: [[1, 1, 4, 4], camera], meta: [[1, 3], meta] }),
    );
    // and what the firmware holds are the raw values behind the steps that are told
    const raw: Readonly<Record<string, readonly number[]>> = {
      camera: Array.from(pictures[0]!),
      meta: metas[0]!,
    };
    for (const { name, of, steps } of told.rawInputs!) {
      assert.equal(of, name === 'camera' ? 'pixel' : 'number');
      const inc = await readFile(path.join(folder.path, `two-frdmke16z/source/test_${name === 'camera' ? 'image' : 'input'}_${name}.inc`), 'utf8'); // prettier-ignore
      const held = Array.from(inc.matchAll(/0x(..)\b/g), ([, hex]) => (parseInt(hex!, 16) << 24) >> 24);
      raw[name]!.forEach((x, i) => {
        const { factor, shift } = steps[i % steps.length]!;
        const q = Math.max(-128, Math.min(127, Math.round(factor * x + shift)));
        assert.ok(
          Math.abs(q - held[i]!) <= (Math.abs(factor * x + shift - q) > 0.499 ? 1 : 0),
          `${name} ${i}`,
        );
      });
    }
    const header = await readFile(path.join(folder.path, 'two-frdmke16z/source/two.h'), 'utf8');
    assert.match(
      header,
      /From raw values, normalization included:\n\/\/ {3}q = round\([\d.]+ \* pixel [+-] [\d.]+\)/,
    );
    assert.equal(readHeader(header, 'two.h').placeholders.length, 3);
    // again from what is remembered: the same numbers, the same result
    const again = await glowport(folder.path, 'port', '--json');
    assert.deepEqual((JSON.parse(again.out) as Told).expected, told.expected);
    assert.equal(await readFile(config, 'utf8'), before);
    // others that are given take the place of what is remembered
    await ported('--minmax', '0,30');
    assert.match(await readFile(config, 'utf8'), /"normalize": \{\s+"minmax": \[\s+0,\s+30\s+\]\s+\}/);
  });

  it('numbers that do not fit are refused in one sentence, and what changes nothing is told', async () => {
    const model = await twoInputs();
    const args = ['port', model, '--board', 'frdmke16z', '--samples', 'set'];
    const fit = await glowport(folder.path, ...args, '--no-save', '--mean', 'meta=1,2');
    assert.equal(fit.code, 2);
    assert.match(fit.err, /2 means were given for input 'meta' of shape 1x3, which takes 1 or 3\./);
    const zero = await glowport(folder.path, ...args, '--no-save', '--std', '0');
    assert.match(zero.err, /A standard deviation of 0 was given for input 'camera'\./);
    for (const wrong of ['nan', '1,', 'meta=x', '1e999'])
      assert.match((await glowport(folder.path, ...args, '--mean', wrong)).err, /numbers with commas/);
    const { err } = await ported(
      ...args.slice(1),
      '--mean',
      '0',
      '--std',
      '1',
      '--n-mfcc',
      '13',
      '--no-save',
    );
    assert.match(err, /nothing to choose for: nMfcc, normalize of camera, normalize of meta/);
  });

  it('test data of another sample rate than the samples are refused', async () => {
    const model = await put(
      'tone.onnx',
      onnxModel({
        inputs: [{ name: 'x', shape: [1, 64] }],
        nodes: [{ op: 'Gemm', inputs: ['x', 'w'], outputs: ['y'] }],
        outputs: ['y'],
        initializers: { w: { dims: [64, 2], floats: reals(128) } },
      }),
    );
    for (const [name, rate] of [
      ['fast/a', 16_000],
      ['fast/b', 16_000],
      ['slow/c', 8000],
    ] as const)
      // prettier-ignore
      await put(`${name}.wav`, wav({ channels: [reals(64)], sampleRate: rate }));
    const args = [model, '--board', 'frdmke16z', '--samples', 'fast', '--no-save'];
    await ported(...args, '--input', 'fast/b.wav');
    const input = await glowport(folder.path, 'port', ...args, '--input', 'slow/c.wav');
    assert.equal(input.code, 3);
    assert.match(
      input.err,
      /c\.wav has 8000 samples a second, and the recordings that the network is measured with 16000\./,
    );
    const explore = [
      'explore',
      ...args.slice(0, -1),
      '--test',
      'slow',
      '--precision',
      'int8',
      '--schema',
      'symmetric',
    ];
    const test = await glowport(folder.path, ...explore);
    assert.match(test.err, /c\.wav has 8000 samples a second, and .*a\.wav 16000\./);
    assert.equal(
      (await glowport(folder.path, ...explore, '--segment', '64', '--sample-rate', '16000')).code,
      0,
    );
  });
});
