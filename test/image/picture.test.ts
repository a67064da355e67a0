import assert from 'node:assert/strict';
import fc from 'fast-check';
import { DEFAULT_IMAGE_OPTIONS, IMAGE_MODES } from '../../extension/image/options.ts';
import { pictureOf } from '../../extension/image/picture.ts';
import { imageToTensor } from '../../extension/image/tensor.ts';
import '../support/seed.ts';

describe('pictureOf', () => {
  it('is the way back from imageToTensor', () => {
    const modes = Object.keys(IMAGE_MODES) as (keyof typeof IMAGE_MODES)[];
    fc.assert(
      fc.property(
        fc.record({
          ...{ width: fc.integer({ min: 4, max: 9 }), height: fc.integer({ min: 4, max: 9 }) },
          channels: fc.constantFrom(1 as const, 3 as const),
          mode: fc.constantFrom(...modes),
          layout: fc.constantFrom('NHWC' as const, 'NCHW' as const),
          channelOrder: fc.constantFrom('RGB' as const, 'BGR' as const),
        }),
        fc.infiniteStream(fc.integer({ min: 0, max: 255 })),
        ({ width, height, channels, mode, layout, channelOrder }, stream) => {
          const bytes = [...Array(width * height * channels).keys()].map(() => Number(stream.next().value));
          const image = { width, height, channels, data: Uint8Array.from(bytes) };
          const shape = layout === 'NHWC' ? [1, height, width, channels] : [1, channels, height, width];
          const options = { ...DEFAULT_IMAGE_OPTIONS, mode, layout, channelOrder, shape };
          const tensor = imageToTensor(image, options);
          assert.deepEqual(pictureOf(tensor, { ...options, range: IMAGE_MODES[mode] }), image);
        },
      ),
    );
  });

  it('is none where the shape is no picture’s, and black where all is the same', () => {
    const how = { layout: undefined, channelOrder: 'RGB', range: [0, 0] } as const;
    assert.equal(pictureOf(new Float32Array(10), { ...how, shape: [1, 10] }), undefined);
    assert.deepEqual(
      [...pictureOf(new Float32Array(4).fill(7), { ...how, shape: [1, 2, 2, 1], range: [7, 7] })!.data],
      [0, 0, 0, 0],
    );
  });
});
