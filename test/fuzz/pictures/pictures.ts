import assert from 'node:assert/strict';
import { decodeImage } from '../../../extension/image/decode.ts';
import { DEFAULT_IMAGE_OPTIONS } from '../../../extension/image/options.ts';
import { quantizeTensor, TENSOR_TYPES } from '../../../extension/image/quantizeTensor.ts';
import { imageToTensor } from '../../../extension/image/tensor.ts';
import type { Fuzzer } from '../driver/fuzzer.ts';
import { valueOrRefusal } from '../driver/promise.ts';
import { targetCase } from '../driver/targets.ts';
import { withTrueChecksums } from './checksums.ts';
import { validPictures } from './corpus.ts';

/** Input shapes of models that take a picture. */
const SHAPES = [
  [1, 28, 28, 1],
  [1, 3, 8, 8],
  [1, 35],
];

/** Pictures on their way to a tensor. */
export const pictures: Fuzzer = {
  name: 'pictures',
  short: 150,
  open: () => {
    const targets = [
      {
        name: 'a picture',
        corpus: validPictures(),
        tokens: ['IHDR', 'IDAT', 'PLTE', 'tRNS', 'IEND', '\xff\xd8', '\xff\xda', '\xff\xc2'],
        check,
      },
    ];
    return Promise.resolve((random) => {
      const made = targetCase(random, targets);
      // a decoder of PNG looks at nothing behind a wrong checksum
      const input = random.bool(0.8)
        ? withTrueChecksums(made.input as Uint8Array)
        : (made.input as Uint8Array);
      return { ...made, input, check: () => check(input) };
    });
  },
};

async function check(bytes: Uint8Array): Promise<void> {
  const image = await valueOrRefusal(() => decodeImage(bytes, 'a.png'));
  if (!image) return;
  const { width, height, channels, data } = image;
  assert.ok(width >= 1 && width <= 4096 && height >= 1 && height <= 4096, `${width} x ${height}`);
  assert.equal(data.length, width * height * channels);
  for (const shape of SHAPES) {
    await valueOrRefusal(() => {
      const reals = imageToTensor(image, { ...DEFAULT_IMAGE_OPTIONS, resize: true, shape });
      assert.equal(
        reals.length,
        shape.reduce((a, b) => a * b, 1),
      );
      assert.ok(
        reals.every((v) => v >= -1 && v <= 255),
        'within the mode',
      );
      for (const type of TENSOR_TYPES) quantizeTensor(reals, { type, scale: 1 / 255, offset: -128 });
    });
  }
}
