import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { UserError } from '../../extension/common/error.ts';
import { decodeImage } from '../../extension/image/decode.ts';

const FOLDER = new URL('fixtures/', import.meta.url);
const names = readdirSync(FOLDER)
  .filter((file) => file.endsWith('.jpg'))
  .map((file) => file.slice(0, -'.jpg'.length));
const SOS = Buffer.of(0xff, 0xda);

const fixture = (name: string): Buffer => readFileSync(new URL(`${name}.jpg`, FOLDER));
const decoded = (bytes: Uint8Array): Uint8Array => decodeImage(bytes, 'a.jpg').data;

function refused(bytes: Uint8Array, why: string): void {
  assert.throws(
    () => decodeImage(bytes, 'a.jpg'),
    (e: unknown) => {
      assert.ok(e instanceof UserError, String(e));
      assert.equal(e.message, `a.jpg is a damaged or unsupported JPEG image: ${why}.`);
      return true;
    },
  );
}

/** A file with bytes of its frame header changed; `at` counts from the marker. */
function withFrame(name: string, at: number, ...bytes: number[]): Buffer {
  const file = fixture(name);
  const frame = [0xc0, 0xc1, 0xc2].map((code) => file.indexOf(Buffer.of(0xff, code))).find((i) => i >= 0)!;
  file.set(bytes, frame + at);
  return file;
}

describe('image/jpeg', () => {
  // fixtures/make.mjs says how libjpeg's pixels were made
  for (const name of names) {
    it(`${name}: the very pixels of libjpeg`, () => {
      const image = decodeImage(fixture(name), name);
      const pnm = readFileSync(new URL(`${name}.pnm`, FOLDER));
      const header = `P${image.channels === 1 ? 5 : 6}\n${image.width} ${image.height}\n255\n`;
      assert.equal(pnm.subarray(0, header.length).toString('latin1'), header);
      assert.deepEqual(Buffer.from(image.data), pnm.subarray(header.length));
    });

    it(`${name}: needs its end marker not, but all of its data`, () => {
      const whole = fixture(name);
      const withoutEnd = whole.subarray(0, -2);
      assert.deepEqual(decoded(withoutEnd), decoded(whole));
      assert.deepEqual(
        decoded(Buffer.concat([withoutEnd, Buffer.from([0xff, 0xfe, 0, 99, 1])])),
        decoded(whole),
      );
      const firstScan = whole.indexOf(SOS);
      // each length near the end, where the least is missing, and some before
      for (
        let length = withoutEnd.length - 1;
        length >= firstScan;
        length -= length > withoutEnd.length - 30 ? 1 : 41
      )
        refused(whole.subarray(0, length), 'its data ends early');
    });
  }

  it('takes a progressive picture without its last scan only when an end marker says that no more was meant', () => {
    const whole = fixture('progressive');
    const without = whole.subarray(0, whole.lastIndexOf(SOS));
    assert.equal(decoded(Buffer.concat([without, whole.subarray(-2)])).length, decoded(whole).length);
    refused(without, 'its data ends early');
    const onlyAc = Buffer.concat([
      whole.subarray(0, whole.indexOf(SOS)),
      whole.subarray(whole.lastIndexOf(SOS)),
    ]);
    refused(onlyAc, 'its data ends early');
  });

  it('passes over bytes between segments and fill bytes before markers, as libjpeg does', () => {
    const whole = fixture('420-restarts');
    const scan = whole.indexOf(SOS);
    const restart = whole.indexOf(Buffer.of(0xff, 0xd0), scan);
    const parts = [whole.subarray(0, scan), whole.subarray(scan, restart), whole.subarray(restart)] as const;
    const filled = Buffer.concat([
      parts[0],
      Buffer.of(1, 2, 0xff),
      parts[1],
      Buffer.of(0xff, 0xff),
      parts[2],
    ]);
    assert.deepEqual(decoded(filled), decoded(whole));
  });

  it('refuses a lost restart interval', () => {
    const whole = fixture('420-restarts');
    const [first, second] = [0xd0, 0xd1].map((code) =>
      whole.indexOf(Buffer.of(0xff, code), whole.indexOf(SOS)),
    );
    refused(Buffer.concat([whole.subarray(0, first), whole.subarray(second)]), 'its data is corrupt');
  });

  it('knows red, green and blue by JFIF, by Adobe, by their names', () => {
    const rgb = fixture('rgb');
    assert.equal(rgb.subarray(6, 11).toString('latin1'), 'Adobe');
    const withoutAdobe = Buffer.concat([rgb.subarray(0, 2), rgb.subarray(4 + rgb.readUInt16BE(4))]);
    assert.deepEqual(decoded(withoutAdobe), decoded(rgb), 'components called R, G, B');
    const jfif = Buffer.from([
      0xff,
      0xe0,
      0,
      16,
      ...Buffer.from('JFIF\0\x01\x01\0\0\x01\0\x01\0\0', 'latin1'),
    ]);
    const asYcc = Buffer.concat([rgb.subarray(0, 2), jfif, rgb.subarray(2)]);
    assert.notDeepEqual(decoded(asYcc), decoded(rgb));
  });

  it('repeats samples at ratios that libjpeg does not know', () => {
    // one block a component, whatever the factors; factors stand in bytes 11, 14 and 17
    const factors = (luma: number, cb: number, cr: number): Uint8Array =>
      decoded(withFrame('420-block', 11, luma, 0, 2, cb, 1, 3, cr));
    const [full, threeByTwo] = [factors(0x11, 0x11, 0x11), factors(0x33, 0x22, 0x22)];
    const nearest = factors(0x33, 0x11, 0x11);
    assert.deepEqual(threeByTwo.subarray(0, 3), full.subarray(0, 3));
    assert.notDeepEqual(threeByTwo, full);
    assert.notDeepEqual(threeByTwo, nearest);
  });

  it('says what it does not read', () => {
    refused(withFrame('baseline', 4, 12), '12 bits a sample are not supported');
    refused(
      withFrame('baseline', 1, 0xc9),
      'its kind of compression (arithmetic, lossless or hierarchical) is not supported',
    );
    const cmyk = fixture('gray');
    const frame = cmyk.indexOf(Buffer.of(0xff, 0xc0));
    const four = [0xff, 0xc0, 0, 20, 8, 0, 13, 0, 19, 4, ...[1, 2, 3, 4].flatMap((id) => [id, 0x11, 0])];
    const header = Buffer.concat([cmyk.subarray(0, frame), Buffer.from(four)]);
    const scan = Buffer.from([...SOS, 0, 14, 4, 1, 0, 2, 0, 3, 0, 4, 0, 0, 63, 0, 0]);
    const tables = cmyk.subarray(frame + 13, cmyk.indexOf(SOS));
    refused(Buffer.concat([header, tables, scan, cmyk.subarray(-2)]), 'it has 4 colour components (CMYK)');
    refused(withFrame('baseline', 11, 0x51), 'its data is corrupt');
    refused(withFrame('baseline', 12, 3), 'its data is corrupt');
  });
});
