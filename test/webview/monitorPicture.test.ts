import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { toGray } from '../../extension/image/image.ts';
import { readImage } from '../../extension/image/readImage.ts';
import { centred, type Gray, toPixels } from '../../webview/monitor/picture.ts';

const samples = path.resolve(import.meta.dirname, '../../examples/mnist/samples');

/** Centre of mass in pixels, as a fraction of the picture. */
function centre({ width, height, data }: Gray): { x: number; y: number } {
  let [mass, x, y] = [0, 0, 0];
  data.forEach((v, i) => {
    mass += v;
    x += v * ((i % width) + 0.5);
    y += v * (Math.floor(i / width) + 0.5);
  });
  return { x: x / mass / width, y: y / mass / height };
}

/** A disc somewhere on a black sheet. */
function disc(size: number, cx: number, cy: number, radius: number): Gray {
  const data = Uint8Array.from({ length: size * size }, (_, i) =>
    Math.hypot((i % size) + 0.5 - cx, Math.floor(i / size) + 0.5 - cy) <= radius ? 255 : 0,
  );
  return { width: size, height: size, data };
}

describe('drawn pictures', () => {
  it('keep every pixel of a picture that was enlarged by a whole number', () => {
    const pixels = fc.uint8Array({ minLength: 12, maxLength: 12 });
    fc.assert(
      fc.property(pixels, fc.integer({ min: 1, max: 7 }), (data, scale) => {
        const large = Uint8Array.from({ length: 12 * scale * scale }, (_, i) => {
          const [x, y] = [i % (4 * scale), Math.floor(i / (4 * scale))];
          return data[Math.floor(y / scale) * 4 + Math.floor(x / scale)]!;
        });
        const small = toPixels({ width: 4 * scale, height: 3 * scale, data: large }, 4, 3);
        assert.deepEqual(small.data, data);
      }),
    );
  });

  it('are centred by mass and scaled to 20 of 28 pixels, wherever and however large they were drawn', () => {
    fc.assert(
      fc.property(fc.integer({ min: 30, max: 80 }), fc.nat(100), fc.nat(100), (radius, dx, dy) => {
        const small = centred(disc(280, 90 + dx, 90 + dy, radius), 28, 28);
        const { x, y } = centre(small);
        assert.ok(Math.abs(x * 28 - 14.5) < 0.2 && Math.abs(y * 28 - 14.5) < 0.2, `${x} ${y}`);
        const columns = Array.from({ length: 28 }, (_, c) =>
          small.data.some((v, i) => i % 28 === c && v > 127),
        );
        assert.ok(Math.abs(columns.filter(Boolean).length - 20) <= 1);
      }),
    );
  });

  it('stay black when nothing was drawn', () => {
    const empty = { width: 280, height: 280, data: new Uint8Array(280 * 280) };
    assert.ok(centred(empty, 28, 28).data.every((v) => v === 0));
  });

  it('placing a real MNIST digit changes little: it is placed that way already', async () => {
    for (const file of readdirSync(samples)
      .filter((f) => f.endsWith('.png'))
      .slice(0, 10)) {
      const { width, height, data } = toGray(await readImage(path.join(samples, file)));
      const placed = centred({ width, height, data }, 28, 28);
      const difference = placed.data.reduce((sum, v, i) => sum + Math.abs(v - data[i]!), 0) / data.length;
      const ink = data.reduce((sum, v) => sum + v, 0) / data.length;
      assert.ok(difference < 0.5 * ink, `${file}: ${difference} of ${ink}`);
    }
  });
});
