import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import * as ort from 'onnxruntime-node';
import { featureExtractor } from '../../extension/sound/features.ts';
import { frontEndOf } from '../../extension/sound/frontEnd.ts';
import { DEFAULT_CHOICES, type PortChoices } from '../../extension/workflow/choices/choices.ts';
import { port, type PortResult } from '../../extension/workflow/port/port.ts';
import { tasksInThread } from '../../extension/workflow/tasks/thread.ts';
import { glowport } from '../cli/support.ts';
import { onnxModel } from '../model/onnxBuilder.ts';
import { wav } from '../sound/wavBuilder.ts';
import { Random } from '../support/random.ts';
import { testFolder } from '../support/testFolder.ts';

const random = new Random(12);
const reals = (count: number): number[] =>
  Array.from({ length: count }, () => Math.fround(random.real(-0.5, 0.5)));

/** A tone that rises or falls, and a little noise. */
const chirp = (from: number, to: number, length: number): Float32Array =>
  Float32Array.from({ length }, (_, n) => {
    const turns = (from * n + ((to - from) * n * n) / (2 * length)) / 8000;
    return 0.6 * Math.sin(2 * Math.PI * turns) + 0.02 * random.real(-1, 1);
  });

/** From .wav files to a simulated board, which prints what the PC computes. */
describe('samples that are sound', () => {
  const folder = testFolder('sound');
  const { put } = folder;
  const ported = async (model: string, choices: Partial<PortChoices>): Promise<PortResult> => {
    const out = path.join(folder.path, path.parse(model).name);
    const result = await port(
      { ...DEFAULT_CHOICES, model, board: 'frdmke16z', out, ...choices },
      { tasks: tasksInThread() },
      { fitAll: false },
    );
    assert.equal(result.comparison?.match, true);
    return result;
  };
  const onnxruntime = async (model: string, shape: number[], numbers: Float32Array): Promise<number[]> => {
    const session = await ort.InferenceSession.create(await readFile(model));
    const { y } = await session.run({ x: new ort.Tensor('float32', numbers, shape) });
    return Array.from(y!.data as Float32Array);
  };
  /** Frames x coefficients, one channel: a convolution, its mean, two words. */
  const keywords = () =>
    put(
      'keywords.onnx',
      onnxModel({
        inputs: [{ name: 'x', shape: [1, 1, 9, 10] }],
        nodes: [
          { op: 'Conv', inputs: ['x', 'w'], outputs: ['c'], attributes: { strides: { ints: [2, 1] } } },
          { op: 'Relu', inputs: ['c'], outputs: ['r'] },
          { op: 'Flatten', inputs: ['r'], outputs: ['f'] },
          { op: 'Gemm', inputs: ['f', 'g'], outputs: ['y'] },
        ],
        outputs: ['y'],
        initializers: {
          w: { dims: [4, 1, 3, 3], floats: reals(36) },
          g: { dims: [128, 2], floats: reals(256) },
        },
      }),
    );
  const mfcc = {
    ...DEFAULT_CHOICES.sound,
    ...{ sampleRate: 8000, segment: 1024, features: 'mfcc' as const },
    ...{ nFft: 256, hopLength: 128, nMels: 20, nMfcc: 10 },
  };

  it('a waveform goes into the network as it is, and a segment of a recording into the firmware', async () => {
    const model = await put(
      'raw.onnx',
      onnxModel({
        inputs: [{ name: 'x', shape: [1, 1, 256] }],
        nodes: [
          { op: 'Conv', inputs: ['x', 'w'], outputs: ['c'], attributes: { strides: { ints: [8] } } },
          { op: 'Relu', inputs: ['c'], outputs: ['r'] },
          { op: 'GlobalAveragePool', inputs: ['r'], outputs: ['p'] },
          { op: 'Flatten', inputs: ['p'], outputs: ['y'] },
        ],
        outputs: ['y'],
        initializers: { w: { dims: [3, 1, 16], floats: reals(48) } },
      }),
    );
    const sound = chirp(100, 3000, 1280);
    const file = await put('sweep.wav', wav({ channels: [sound], sampleRate: 8000, encoding: 'f32' }));
    const result = await ported(model, {
      samples: [file],
      input: `${file}#3`,
      sound: { ...DEFAULT_CHOICES.sound, segment: 256 },
    });
    assert.equal(result.sampleCount, 5);
    const segment = sound.slice(768, 1024);
    const expected = await onnxruntime(model, [1, 1, 256], segment);
    result.pc.expected.float.forEach((v, i) => assert.ok(Math.abs(v - expected[i]!) < 1e-5));
    // what the firmware holds is that segment
    const inc = await readFile(path.join(result.project, 'source/test_input.inc'), 'utf8');
    assert.match(inc, /^\/\* sweep\.wav#3: 1x1x256, int8/);
    const held = Array.from(inc.matchAll(/0x(..)/g), ([, hex]) => (parseInt(hex!, 16) << 24) >> 24);
    const { scale, offset } = result.bundle.placeholders.find((p) => p.direction === 'input')!;
    assert.equal(held.length, 256);
    held.forEach((q, i) => assert.ok(Math.abs(scale * (q - offset) - segment[i]!) <= scale));
  });

  it('features of recordings of every kind feed a network for keywords', async () => {
    const model = await keywords();
    const words: Readonly<Record<string, [number, number]>> = { up: [300, 2500], down: [2500, 300] };
    for (const [word, [from, to]] of Object.entries(words)) {
      const voices = [0, 1, 2].map((k) => chirp(from + 40 * k, to + 40 * k, 1024 - 100 * k));
      await put(`words/${word}/a_nohash_0.wav`, wav({ channels: [voices[0]!], sampleRate: 8000 }));
      await put(
        `words/${word}/b_nohash_0.wav`,
        wav({ channels: [voices[1]!], sampleRate: 8000, encoding: 'f64' }),
      );
      await put(
        `words/${word}/c_nohash_0.wav`,
        wav({ channels: [voices[2]!], sampleRate: 8000, isExtensible: true }),
      );
    }
    await put('labels.txt', 'down\nup\n');
    const samples = path.join(folder.path, 'words');
    const { pc, check, sampleCount } = await ported(model, { samples: [samples], sound: mfcc });
    assert.equal(sampleCount, 6);
    assert.deepEqual(check!.accuracy.samples, 6);
    // the first sample by name is the test data
    const first = await readFile(path.join(samples, 'down/a_nohash_0.wav'));
    const waveform = Float32Array.from({ length: 1024 }, (_, i) => first.readInt16LE(44 + 2 * i) / 0x8000);
    const { data } = featureExtractor(frontEndOf(mfcc, 'mfcc', 8000), 1024, 'a.wav').extract(waveform);
    const expected = await onnxruntime(model, [1, 1, 9, 10], Float32Array.from(data));
    pc.expected.float.forEach((v, i) =>
      assert.ok(Math.abs(v - expected[i]!) < 1e-3 * Math.abs(expected[i]!) + 1e-3),
    );
  });

  it('the command line says the same with options, and remembers them', async () => {
    const model = await keywords();
    const voice = wav({ channels: [chirp(200, 900, 3000), chirp(900, 200, 3000)], sampleRate: 16000 });
    await put('wavs/voice.wav', voice);
    const features = ['--features', 'mfcc', '--sample-rate', '8000', '--mono', '--segment', '1024'];
    const details = ['--n-fft', '256', '--hop-length', '128', '--n-mels', '20', '--n-mfcc', '10'];
    const options = ['--samples', 'wavs', ...features, '--segment-hop', '400', ...details];
    const run = async (...args: string[]) => {
      const { code, out, err } = await glowport(folder.path, ...args);
      assert.equal(code, 0, err);
      return { out, err };
    };
    const profiled = await run('profile', model, ...options, '--json');
    assert.equal((JSON.parse(profiled.out) as { samples: number }).samples, 2);
    await run('compile', model, '--board', 'frdmke16z', ...options);
    const given = ['--input', 'wavs/voice.wav#1', '--board', 'frdmke16z'];
    const first = await run('port', model, ...options, ...given, '--json');
    const { match, confidences } = JSON.parse(first.out) as { match: boolean; confidences: number[] };
    assert.equal(match, true);
    assert.equal(confidences.length, 2);
    const remembered = JSON.parse(
      await readFile(path.join(folder.path, 'glowport.json'), 'utf8'),
    ) as PortChoices;
    assert.deepEqual(remembered.sound, {
      ...{ sampleRate: 8000, mono: true, segment: 1024, segmentHop: 400, features: 'mfcc' },
      ...{ nFft: 256, hopLength: 128, nMels: 20, nMfcc: 10 },
    });
    assert.equal(remembered.input, 'wavs/voice.wav#1');
    const again = await run('port', '--json');
    assert.equal(again.out, first.out);
    const wrong = await glowport(folder.path, 'port', '--n-fft', '1');
    assert.match(wrong.err, /--n-fft.*It must be a whole number from 2 to 65536\./);
    const unfit = await glowport(folder.path, 'port', '--n-mfcc', '12');
    assert.deepEqual(
      [unfit.code, /voice\.wav becomes 9 frames x 12 bins; the model takes 1x1x9x10\./.test(unfit.err)],
      [3, true],
      unfit.err,
    );
  });
});
