import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { PortSummary } from '../../../extension/workflow/port/summary.ts';
import { calibration, glowport, sample } from '../../cli/support.ts';
import { Random } from '../../support/random.ts';
import { tfliteModel, type TfliteSpec, type TfliteTensorSpec } from './writer.ts';

/** Digits: a convolution with a ReLU, a pooling, a reshape by a computed shape, a layer of float16 weights; trained on nothing. */
function digits(): TfliteSpec {
  const random = new Random(7);
  const numbers = (count: number) => Array.from({ length: count }, () => random.real(-0.5, 0.5));
  const list = (data: number[]): TfliteTensorSpec => ({ shape: [data.length], type: 'INT32', data });
  return {
    tensors: [
      { name: 'serving_default_image:0', shape: [1, 28, 28, 1], signature: [-1, 28, 28, 1] },
      { name: 'conv;relu', shape: [1, 14, 14, 3] },
      { shape: [3, 3, 3, 1], data: numbers(27) },
      { shape: [3], data: numbers(3) },
      { shape: [1, 7, 7, 3] },
      { shape: [4], type: 'INT32' },
      ...[list([0]), list([1]), list([1])],
      { shape: [], type: 'INT32' },
      { shape: [], type: 'INT32', data: [147] },
      { shape: [2], type: 'INT32' },
      { shape: [1, 147] },
      { shape: [10, 147], type: 'FLOAT16', data: Array.from({ length: 1470 }, () => (random.int(0, 1) << 15) | random.int(0x2800, 0x3400)) }, // prettier-ignore
      { shape: [10, 147] },
      { name: 'StatefulPartitionedCall:0', shape: [1, 10] },
    ],
    operators: [
      { op: 'CONV_2D', inputs: [0, 2, 3], outputs: [1], options: { strideW: 2, strideH: 2, activation: 1 } },
      { op: 'MAX_POOL_2D', inputs: [1], outputs: [4], options: { padding: 1, strideW: 2, strideH: 2, filterW: 2, filterH: 2 } }, // prettier-ignore
      { op: 'SHAPE', inputs: [4], outputs: [5] },
      { op: 'STRIDED_SLICE', inputs: [5, 6, 7, 8], outputs: [9], options: { shrinkAxisMask: 1 } },
      { op: 'PACK', inputs: [9, 10], outputs: [11], options: { count: 2 } },
      { op: 'RESHAPE', inputs: [4, 11], outputs: [12] },
      { op: 'DEQUANTIZE', inputs: [13], outputs: [14] },
      { op: 'FULLY_CONNECTED', inputs: [12, 14, -1], outputs: [15] },
    ],
    inputs: [0],
    outputs: [15],
  };
}

/** Digits in integers of 16 bits between real numbers: they are quantized first, and dequantized last. */
function digitsInInt16(): TfliteSpec {
  const random = new Random(8);
  const value = (name: string, shape: number[], scale: number): TfliteTensorSpec => ({
    ...{ name, shape, type: 'INT16', scales: [scale], zeroPoints: [0] },
  });
  const weights = (shape: number[], scale: number): TfliteTensorSpec => {
    const data = Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => random.int(-127, 127));
    return { name: 'weights', shape, type: 'INT8', data, scales: [scale], zeroPoints: [0] };
  };
  const bias = (scale: number): TfliteTensorSpec => ({
    ...{ name: 'bias', shape: [3], type: 'INT64', data: [5000, -90000, 1], scales: [scale] },
  });
  return {
    tensors: [
      { name: 'image', shape: [1, 28, 28, 1] },
      value('pixels', [1, 28, 28, 1], 1 / 32767),
      weights([3, 3, 3, 1], 0.004),
      bias(0.004 / 32767),
      value('map', [1, 14, 14, 3], 0.00005),
      value('pooled', [1, 7, 7, 3], 0.00005),
      weights([10, 147], 0.003),
      value('scores', [1, 10], 0.0002),
      value('shares', [1, 10], 1 / 32768),
      { name: 'classes', shape: [1, 10] },
    ],
    operators: [
      { op: 'QUANTIZE', inputs: [0], outputs: [1] },
      { op: 'CONV_2D', inputs: [1, 2, 3], outputs: [4], options: { strideW: 2, strideH: 2, activation: 1 } },
      { op: 'MAX_POOL_2D', inputs: [4], outputs: [5], options: { padding: 1, strideW: 2, strideH: 2, filterW: 2, filterH: 2 } }, // prettier-ignore
      { op: 'FULLY_CONNECTED', inputs: [5, 6, -1], outputs: [7] },
      { op: 'SOFTMAX', inputs: [7], outputs: [8], options: { beta: 1 } },
      { op: 'DEQUANTIZE', inputs: [8], outputs: [9] },
    ],
    inputs: [0],
    outputs: [9],
  };
}

describe('a TensorFlow Lite network with activations of int16 on the command line', () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'glowport-int16-'));
    await writeFile(path.join(folder, 'digits.tflite'), tfliteModel(digitsInInt16()));
  });
  after(() => rm(folder, { recursive: true }));

  it('is ported without sample images; its ends are int16, and the board computes what the PC does', async () => {
    const { code, out, err } = await glowport(
      ...[
        folder,
        'port',
        'digits.tflite',
        '--board',
        'frdmke16z',
        '--input',
        sample,
        '--out',
        'out',
        '--json',
      ],
    );
    assert.equal(code, 0, err);
    const { match, confidences } = JSON.parse(out) as PortSummary;
    assert.equal(match, true);
    const sum = confidences!.reduce((a, b) => a + b);
    assert.ok(Math.abs(sum - 32768) < 100, `shares add up to ${sum}`);
    const image = await readFile(path.join(folder, 'out/source/test_image.inc'), 'utf8');
    assert.match(image, /1x28x28x1, int16, real = /);
    const main = await readFile(path.join(folder, 'out/source/main.c'), 'utf8');
    assert.match(main, /const int16_t \*confidence = /);
  });
});

describe('a TensorFlow Lite network in float on the command line', () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'glowport-tflite-'));
    await writeFile(path.join(folder, 'digits.tflite'), tfliteModel(digits()));
  });
  after(() => rm(folder, { recursive: true }));

  it('is inspected: layers have their operators and places', async () => {
    const { code, out, err } = await glowport(folder, 'inspect', 'digits.tflite');
    assert.equal(code, 0, err);
    assert.match(
      out,
      /^Inputs +serving_default_image:0 \(1x28x28x1\)\nOutputs +StatefulPartitionedCall:0 \(1x10\)$/m,
    );
    assert.match(out, /^CONV_2D_0 +Conv2D 3×3 stride 2 \+ ReLU +1x14x14x3 /m);
    assert.match(out, /^FULLY_CONNECTED_7 +Dense 10 +1x10 /m);
  });

  it('is ported to a simulated board, which computes what the PC does', async () => {
    const images = ['--samples', calibration, '--input', sample];
    const { code, out, err } = await glowport(
      ...[folder, 'port', 'digits.tflite', '--board', 'frdmke16z', ...images, '--json'],
    );
    assert.equal(code, 0, err);
    const { match, confidences } = JSON.parse(out) as PortSummary;
    assert.deepEqual([match, confidences!.length], [true, 10]);
    const config = JSON.parse(await readFile(path.join(folder, 'glowport.json'), 'utf8')) as {
      model: string;
    };
    assert.equal(config.model, 'digits.tflite');
  });
});
