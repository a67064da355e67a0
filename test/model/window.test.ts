import assert from 'node:assert/strict';
import {
  allTaps,
  eachTap,
  isPadded,
  tapCount,
  tapsInside,
  type Window,
  windowStart,
} from '../../extension/model/window.ts';
import { Random } from '../support/random.ts';

function randomWindow(r: Random): Window {
  const two = (least: number, most: number): [number, number] => [r.int(least, most), r.int(least, most)];
  return {
    kernel: two(1, 6),
    strides: two(1, 4),
    dilations: two(1, 4),
    pads: { top: r.int(0, 7), left: r.int(0, 7), bottom: r.int(0, 7), right: r.int(0, 7) },
  };
}

describe('windows over a map', () => {
  it('finds the taps on the map that a look at every tap finds, in the order of the weights', () => {
    const r = new Random(4);
    for (let i = 0; i < 500; i++) {
      const w = randomWindow(r);
      const [height, width] = [r.int(1, 9), r.int(1, 9)];
      const [oy, ox] = [r.int(0, 6), r.int(0, 6)];
      const expected: [number, number][] = [];
      for (let ky = 0; ky < w.kernel[0]; ky++) {
        for (let kx = 0; kx < w.kernel[1]; kx++) {
          const y = oy * w.strides[0] + ky * w.dilations[0] - w.pads.top;
          const x = ox * w.strides[1] + kx * w.dilations[1] - w.pads.left;
          if (y < 0 || y >= height || x < 0 || x >= width) continue;
          expected.push([y * width + x, ky * w.kernel[1] + kx]);
        }
      }
      const found: [number, number][] = [];
      const rows = tapsInside(w, 0, oy, height);
      const columns = tapsInside(w, 1, ox, width);
      eachTap(w, rows, columns, width, (pixel, tap) => found.push([pixel, tap]));
      assert.deepEqual(found, expected);
      assert.equal(tapCount(rows, columns), expected.length);
      assert.deepEqual(allTaps(w, 1, ox + 1, width)[ox], columns);
    }
  });

  it('knows where a window begins', () => {
    const w = { kernel: [3, 2], strides: [2, 1], dilations: [2, 5] } as const;
    const padded = { ...w, pads: { top: 1, left: 0, bottom: 0, right: 0 } };
    assert.equal(windowStart(padded, 0, 2), 3);
    assert.equal(windowStart(padded, 1, 2), 2);
    assert.ok(isPadded(padded));
    assert.ok(!isPadded({ pads: { ...padded.pads, top: 0 } }));
  });
});
