import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { deflateSync } from 'node:zlib';
import fc from 'fast-check';
import { UserError } from '../../extension/common/error.ts';
import { decodeImage } from '../../extension/image/decode.ts';
import { bmp, chunk, png } from './builders.ts';

const fixture = (name: string): Uint8Array =>
  new Uint8Array(readFileSync(new URL(`fixtures/${name}`, import.meta.url)));

/** Asserts that bytes are refused as the user's mistake, in one sentence that names the file. */
function refused(bytes: Uint8Array, pattern: RegExp = /./): void {
  assert.throws(
    () => decodeImage(bytes, 'digit.png'),
    (e: unknown) => {
      assert.ok(e instanceof UserError, String(e));
      assert.equal(e.code, 'input');
      assert.match(e.message, /^digit\.png [^\n]*\.$/);
      assert.match(e.message, pattern);
      return true;
    },
  );
}

describe('image/decode', () => {
  it('PNG: gray of 1, 8 and 16 bits, with and without alpha', () => {
    assert.deepEqual(
      decodeImage(png({ width: 3, height: 2, depth: 8, colorType: 0, rows: [[0, 7, 255], [1, 2, 3]] }), 'a'),
      { width: 3, height: 2, channels: 1, data: Uint8Array.of(0, 7, 255, 1, 2, 3) },
    ); // prettier-ignore
    const bits = decodeImage(png({ width: 3, height: 1, depth: 1, colorType: 0, rows: [[0b10100000]] }), 'a');
    assert.deepEqual([...bits.data], [255, 0, 255]);
    const deep = png({ width: 2, height: 1, depth: 16, colorType: 0, rows: [[0xff, 0xff, 0x80, 0x80]] });
    assert.deepEqual([...decodeImage(deep, 'a').data], [255, 128]);
    const alpha = png({ width: 2, height: 1, depth: 8, colorType: 4, rows: [[9, 0, 200, 255]] });
    assert.deepEqual([...decodeImage(alpha, 'a').data], [9, 200], 'alpha is dropped, not blended');
  });

  it('PNG: colour, colour with alpha, palette', () => {
    const rgb = png({ width: 1, height: 1, depth: 8, colorType: 2, rows: [[1, 2, 3]] });
    assert.deepEqual(decodeImage(rgb, 'a'), {
      width: 1,
      height: 1,
      channels: 3,
      data: Uint8Array.of(1, 2, 3),
    });
    const rgba = png({ width: 1, height: 1, depth: 8, colorType: 6, rows: [[1, 2, 3, 0]] });
    assert.deepEqual([...decodeImage(rgba, 'a').data], [1, 2, 3]);
    const indexed = png({
      width: 2,
      height: 1,
      depth: 4,
      colorType: 3,
      palette: [9, 8, 7, 1, 2, 3],
      transparency: [0],
      rows: [[0x10]],
    });
    assert.deepEqual([...decodeImage(indexed, 'a').data], [1, 2, 3, 9, 8, 7]);
  });

  it('PNG: a transparent colour is a colour like others, in every kind of pixel', () => {
    const gray = { width: 3, height: 1, colorType: 0 };
    const eight = { ...gray, depth: 8, transparency: [0, 200] };
    const interlaced = { ...eight, interlace: 1, rows: [[200], [200], [7]] }; // passes 1, 4 and 6
    for (const file of [png({ ...eight, rows: [[200, 7, 200]] }), png(interlaced)])
      assert.deepEqual([...decodeImage(file, 'a').data], [200, 7, 200]);
    const bits = png({ ...gray, depth: 1, transparency: [0, 1], rows: [[0b10100000]] });
    assert.deepEqual([...decodeImage(bits, 'a').data], [255, 0, 255]);
    const deep = png({
      ...gray,
      depth: 16,
      transparency: [0x80, 0x80],
      rows: [[0x80, 0x80, 0, 0, 0xff, 0xff]],
    });
    assert.deepEqual([...decodeImage(deep, 'a').data], [128, 0, 255]);
    const colour = { width: 2, height: 1, colorType: 2 };
    const key = [0, 9, 0, 8, 0, 7];
    const rgb = png({ ...colour, depth: 8, transparency: key, rows: [[9, 8, 7, 1, 2, 3]] });
    assert.deepEqual([...decodeImage(rgb, 'a').data], [9, 8, 7, 1, 2, 3]);
    const wideKey = [0xff, 0xff, 0x80, 0x80, 0x11, 0x11];
    const wide = png({ ...colour, depth: 16, transparency: wideKey, rows: [[...wideKey, 0, 0, 0, 0, 0, 0]] });
    assert.deepEqual([...decodeImage(wide, 'a').data], [255, 128, 17, 0, 0, 0]);
  });

  it('BMP: 24 and 32 bits, bottom-up and top-down', () => {
    const rows = [
      [3, 2, 1, 6, 5, 4],
      [9, 8, 7, 12, 11, 10],
    ];
    const up = decodeImage(bmp({ width: 2, height: 2, bits: 24, rows }), 'a');
    assert.deepEqual([...up.data], [7, 8, 9, 10, 11, 12, 1, 2, 3, 4, 5, 6]);
    const down = decodeImage(bmp({ width: 2, height: -2, bits: 24, rows }), 'a');
    assert.deepEqual([...down.data], [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    const wide = bmp({ width: 1, height: 1, bits: 32, rows: [[3, 2, 1, 99]] });
    assert.deepEqual([...decodeImage(wide, 'a').data], [1, 2, 3]);
    const masked = { width: 1, height: 1, bits: 32, compression: 3, rows: [[3, 2, 1, 99]] };
    assert.deepEqual(
      [...decodeImage(bmp({ ...masked, masks: [0xff0000, 0xff00, 0xff] }), 'a').data],
      [1, 2, 3],
    );
    refused(bmp({ ...masked, masks: [0xff, 0xff00, 0xff0000] }), /colour masks/);
  });

  it('BMP: 1, 4 and 8 bits with a palette; gray when the palette is', () => {
    const two = [
      [0, 0, 0],
      [255, 255, 255],
    ];
    const one = decodeImage(
      bmp({ width: 9, height: 1, bits: 1, palette: two, rows: [[0b10100000, 0b10000000]] }),
      'a',
    );
    assert.equal(one.channels, 1);
    assert.deepEqual([...one.data], [255, 0, 255, 0, 0, 0, 0, 0, 255]);
    const four = bmp({ width: 3, height: 1, bits: 4, palette: [...two, [1, 2, 3]], rows: [[0x21, 0x00]] });
    assert.deepEqual([...decodeImage(four, 'a').data], [1, 2, 3, 255, 255, 255, 0, 0, 0]);
    const ramp = Array.from({ length: 256 }, (_, i) => [i, i, i]);
    const eight = decodeImage(bmp({ width: 3, height: 1, bits: 8, palette: ramp, rows: [[7, 8, 9]] }), 'a');
    assert.deepEqual(eight, { width: 3, height: 1, channels: 1, data: Uint8Array.of(7, 8, 9) });
    const old = decodeImage(
      bmp({ core: true, width: 1, height: 1, bits: 8, palette: ramp, rows: [[5]] }),
      'a',
    );
    assert.deepEqual([...old.data], [5]);
    refused(bmp({ width: 1, height: 1, bits: 8, palette: two, rows: [[2]] }), /colour 2 of 2/);
    refused(bmp({ width: 1, height: 1, bits: 8, compression: 1, palette: two, rows: [[1]] }), /compressed/);
    refused(bmp({ width: 1, height: 1, bits: 16, rows: [[1, 1]] }), /16 bits/);
  });

  it('refuses huge sizes by their headers, before decoding', () => {
    const huge = { width: 5000, height: 4000, depth: 8, colorType: 0, rows: [[0]] };
    refused(png(huge), /too large \(5000 x 4000\)/);
    refused(bmp({ width: 0x7fffffff, height: 1, bits: 24, rows: [[0]] }), /too large/);
    const big = fixture('baseline.jpg').slice();
    const frame = big.findIndex((b, i) => b === 0xff && big[i + 1] === 0xc0);
    big.set([0xff, 0xff, 0xff, 0xff], frame + 5);
    refused(big, /too large \(65535 x 65535\)/);
    refused(png({ ...huge, width: 0, height: 1 }), /empty/);
  });

  it('refuses an interlaced PNG that would inflate without end', () => {
    const bomb = png({ width: 8, height: 8, depth: 8, colorType: 0, interlace: 1, rows: [] });
    const idat = deflateSync(Buffer.alloc(300 * 1024 * 1024), { level: 1 });
    const end = bomb.length - 12;
    const header = bomb.subarray(0, 33);
    refused(Buffer.concat([header, chunk('IDAT', idat), bomb.subarray(end)]));
  });

  it('refuses a JPEG whose scans draw a large picture again and again, and a second, larger frame', () => {
    const whole = Buffer.from(fixture('progressive.jpg'));
    const frame = whole.indexOf(Buffer.of(0xff, 0xc2));
    const scan = whole.subarray(whole.lastIndexOf(Buffer.of(0xff, 0xda)), whole.length - 2);
    const large = Buffer.from(whole);
    large.writeUInt16BE(4096, frame + 5);
    large.writeUInt16BE(4096, frame + 7);
    const again = Array.from({ length: 300 }, () => scan);
    refused(Buffer.concat([large.subarray(0, -2), ...again, large.subarray(-2)]), /over and over/);
    const second = large.subarray(frame, frame + 2 + large.readUInt16BE(frame + 2));
    const first = whole.subarray(0, whole.indexOf(Buffer.of(0xff, 0xda)));
    refused(Buffer.concat([first, second, whole.subarray(first.length)]), /a second frame/);
  });

  it('refuses what is no image, cut short or damaged, always in one sentence', () => {
    refused(new Uint8Array(), /not a PNG, JPEG or BMP/);
    refused(Buffer.from('GIF89a....'), /not a PNG, JPEG or BMP/);
    const samples = [
      png({
        width: 4,
        height: 3,
        depth: 8,
        colorType: 2,
        rows: Array.from({ length: 3 }, () => [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]),
      }),
      fixture('baseline.jpg'),
      bmp({ width: 4, height: 2, bits: 24, rows: [Array<number>(12).fill(1), Array<number>(12).fill(2)] }),
    ];
    for (const whole of samples) {
      for (let n = 0; n < whole.length - 12; n++) refused(whole.subarray(0, n));
    }
    fc.assert(
      fc.property(
        fc.constantFrom(...samples),
        fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 6 }),
        (whole, edits) => {
          const bytes = whole.slice();
          for (const [at, value] of edits) bytes[at % bytes.length] = value;
          try {
            const image = decodeImage(bytes, 'digit.png');
            assert.equal(image.data.length, image.width * image.height * image.channels);
          } catch (e) {
            if (!(e instanceof UserError)) throw e;
          }
        },
      ),
      { numRuns: 2000 },
    );
  });
});
