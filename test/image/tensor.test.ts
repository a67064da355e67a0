import assert from 'node:assert/strict';
import fc from 'fast-check';
import { advice } from '../../extension/cli/remedies.ts';
import { UserError } from '../../extension/common/error.ts';
import { type Image, toGray } from '../../extension/image/image.ts';
import { commentSafe } from '../../extension/common/cComment.ts';
import { tensorToInc } from '../../extension/image/inc.ts';
import { quantizeTensor, quantizeValues } from '../../extension/image/quantizeTensor.ts';
import { resizeImage } from '../../extension/image/resize.ts';
import { DEFAULT_IMAGE_OPTIONS, type ImageOptions } from '../../extension/image/options.ts';
import { imageToTensor } from '../../extension/image/tensor.ts';

const gray = (width: number, height: number, data: number[]): Image => ({
  width,
  height,
  channels: 1,
  data: Uint8Array.from(data),
});
const color = (width: number, height: number, data: number[]): Image => ({
  ...gray(width, height, data),
  channels: 3,
});
const plain: ImageOptions = { ...DEFAULT_IMAGE_OPTIONS, mode: '0to255' };
const fails = (code: string, pattern: RegExp) => (e: unknown) =>
  e instanceof UserError && e.code === code && pattern.test(`${e.message} ${advice(e.remedies)}`);

describe('image/tensor', () => {
  it('maps pixels to the real range as Glow does', () => {
    const image = gray(2, 1, [0, 255]);
    const shape = [1, 1, 2, 1];
    const ends = (mode: ImageOptions['mode']) => [...imageToTensor(image, { ...plain, mode, shape })];
    assert.deepEqual(ends('0to1'), [0, 1]);
    assert.deepEqual(ends('neg1to1'), [-1, 1]);
    assert.deepEqual(ends('0to255'), [0, 255]);
    assert.deepEqual(ends('neg128to127'), [-128, 127]);
    const all = gray(
      16,
      16,
      Array.from({ length: 256 }, (_, i) => i),
    );
    const t = imageToTensor(all, { ...plain, mode: 'neg128to127', shape: [1, 16, 16, 1] });
    t.forEach((v, i) => assert.equal(v, i - 128));
  });

  it('lays channels out as NHWC or NCHW, as RGB or BGR', () => {
    const image = color(2, 1, [1, 2, 3, 4, 5, 6]);
    const t = (shape: number[], o: Partial<ImageOptions> = {}) => [
      ...imageToTensor(image, { ...plain, ...o, shape }),
    ];
    assert.deepEqual(t([1, 1, 2, 3]), [1, 2, 3, 4, 5, 6]);
    assert.deepEqual(t([1, 3, 1, 2]), [1, 4, 2, 5, 3, 6]);
    assert.deepEqual(t([1, 1, 2, 3], { channelOrder: 'BGR' }), [3, 2, 1, 6, 5, 4]);
    assert.deepEqual(t([1, 3, 1, 2], { channelOrder: 'BGR' }), [3, 6, 2, 5, 1, 4]);
    assert.deepEqual(t([1, 6], { layout: 'NCHW' }), [1, 4, 2, 5, 3, 6]);
  });

  it('an ambiguous shape follows --image-layout', () => {
    const image = color(3, 3, [...Array(27).keys()]);
    const t = (layout?: 'NHWC' | 'NCHW') =>
      imageToTensor(image, { ...plain, layout, shape: [1, 3, 3, 3] })[1];
    assert.equal(t('NHWC'), 1);
    assert.equal(t('NCHW'), 3);
    assert.equal(t(), 1);
    assert.throws(
      () => imageToTensor(image, { ...plain, layout: 'NCHW', shape: [1, 28, 28, 1] }),
      fails('model', /28x28x1.*NCHW/),
    );
  });

  it('turns colour into gray, exactly where all channels are equal, and gray into colour', () => {
    for (let v = 0; v < 256; v++) assert.equal(toGray(color(1, 1, [v, v, v])).data[0], v);
    assert.deepEqual([...toGray(color(3, 1, [255, 0, 0, 0, 255, 0, 0, 0, 255])).data], [76, 150, 29]);
    const t = imageToTensor(gray(1, 1, [7]), { ...plain, shape: [1, 1, 1, 3] });
    assert.deepEqual([...t], [7, 7, 7]);
    assert.equal(imageToTensor(color(1, 1, [0, 255, 0]), { ...plain, shape: [1, 1, 1] })[0], 150);
  });

  it('refuses another size with both sizes, unless asked to resize', () => {
    const image = gray(3, 2, [0, 0, 0, 0, 0, 0]);
    const shape = [1, 28, 28, 1];
    assert.throws(
      () => imageToTensor(image, { ...plain, shape }, 'x.png'),
      fails('input', /x\.png is 3 x 2 pixels, the model takes 28 x 28.*--resize/),
    );
    assert.equal(imageToTensor(image, { ...plain, resize: true, shape }).length, 784);
    assert.throws(() => imageToTensor(image, { ...plain, shape: [1, 10, 20, 7] }), fails('model', /10x20x7/));
    assert.throws(() => imageToTensor(image, { ...plain, shape: [1, 17] }), fails('model', /1x17/));
  });

  it('resizing keeps a flat image flat, averages when shrinking, interpolates when growing', () => {
    fc.assert(
      fc.property(
        fc.nat(255),
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 1, max: 20 }),
        (v, w, h, w2, h2) => {
          const flat = resizeImage(gray(w, h, Array<number>(w * h).fill(v)), w2, h2);
          assert.ok(flat.data.every((x) => x === v));
          assert.equal(flat.data.length, w2 * h2);
        },
      ),
    );
    assert.deepEqual([...resizeImage(gray(4, 2, [0, 10, 20, 30, 40, 50, 60, 70]), 2, 1).data], [25, 45]);
    assert.deepEqual([...resizeImage(gray(3, 1, [0, 90, 180]), 2, 1).data], [30, 150]);
    assert.deepEqual([...resizeImage(gray(2, 1, [0, 100]), 4, 1).data], [0, 25, 75, 100]);
  });

  it('quantizes with real = scale * (q - offset): a 0to1 pixel at 1/255, -128 is pixel - 128', () => {
    const pixels = gray(
      16,
      16,
      Array.from({ length: 256 }, (_, i) => i),
    );
    const t = imageToTensor(pixels, { ...plain, mode: '0to1', shape: [1, 16, 16, 1] });
    const q = quantizeTensor(t, { type: 'int8', scale: Math.fround(1 / 255), offset: -128 });
    q.forEach((b, i) => assert.equal((b << 24) >> 24, i - 128));
    const u = quantizeTensor(t, { type: 'uint8', scale: 1 / 255, offset: 0 });
    u.forEach((b, i) => assert.equal(b, i));
  });

  it('rounds halves up, saturates, and stores little-endian', () => {
    const reals = Float32Array.of(0.5, 1.5, -0.5, -1.5, 1e9, -1e9);
    const values = quantizeValues(reals, { type: 'int8', scale: 1, offset: 0 });
    assert.deepEqual([...values], [1, 2, 0, -1, 127, -128]);
    const wide = quantizeTensor(Float32Array.of(-1, 0x1234), { type: 'int16', scale: 1, offset: 0 });
    assert.deepEqual([...wide], [0xff, 0xff, 0x34, 0x12]);
    const float = quantizeTensor(Float32Array.of(1), { type: 'float32', scale: 1, offset: 0 });
    assert.deepEqual([...float], [0, 0, 0x80, 0x3f]);
  });
});

describe('image/inc', () => {
  const format = { type: 'int8', scale: 1, offset: -128 } as const;

  it('is a C initialiser whose rows are the rows of the picture', () => {
    const text = tensorToInc(Uint8Array.of(0, 1, 2, 255), { fileName: 'a.png', shape: [1, 2, 2, 1], format });
    assert.equal(text, '/* a.png: 1x2x2x1, int8, real = 1 * (value - -128) */\n0x00, 0x01,\n0x02, 0xff\n');
    assert.equal(tensorToInc(Uint8Array.of(1)), '0x01\n');
  });

  it('holds the bytes, whatever they are, and any file name is harmless in its comment', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1 }), fc.string({ unit: 'binary' }), (bytes, fileName) => {
        const text = tensorToInc(bytes, { fileName, shape: [1, bytes.length], format });
        const end = text.indexOf('*/');
        assert.equal(text.lastIndexOf('*/'), end);
        const body = text.slice(end + 2).split(',');
        assert.deepEqual(body.map(Number), [...bytes]);
        assert.doesNotMatch(commentSafe(fileName), /\*\/|\/\*|\?\?|[^ -~]|\\/);
      }),
    );
  });
});
