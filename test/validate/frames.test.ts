import assert from 'node:assert/strict';
import fc from 'fast-check';
import { CHECKSUM_START, checksumWith } from '../../extension/validate/protocol/checksum.ts';
import {
  encodeFrame,
  type Frame,
  FrameParser,
  longestOnLine,
} from '../../extension/validate/protocol/frames.ts';
import { readIdentity } from '../../extension/validate/protocol/identity.ts';
import { MOST_BYTES } from '../../extension/validate/protocol/values.ts';
import { durationText, secondsFor } from '../../extension/validate/protocol/duration.ts';

/** Bytes with many of those that mean something. */
const byte = fc.oneof(fc.integer({ min: 0, max: 255 }), fc.constantFrom(0x7e, 0x7d, 0x5e, 0x5d, 128));
const bytes = (maxLength: number): fc.Arbitrary<Uint8Array> =>
  fc.array(byte, { maxLength }).map((list) => Uint8Array.from(list));
const frame = fc.record({ type: byte, sequence: byte, bytes: bytes(MOST_BYTES) });

function parsed(line: Iterable<number>, parser = new FrameParser()): Frame[] {
  return [...line].flatMap((b) => parser.push(b) ?? []);
}

/** CRC-16/CCITT-FALSE as its definition has it: a division bit by bit. */
function crcByDivision(data: Uint8Array): number {
  let crc = 0xffff;
  for (const b of data) {
    for (let bit = 7; bit >= 0; bit--) {
      const top = (crc >> 15) ^ ((b >> bit) & 1);
      crc = ((crc << 1) & 0xffff) ^ (top ? 0x1021 : 0);
    }
  }
  return crc;
}

describe('validate: frames', () => {
  it('the checksum is CRC-16/CCITT-FALSE', () => {
    const check = (data: Uint8Array): number => data.reduce(checksumWith, CHECKSUM_START);
    // the check value of the catalogue of CRCs
    assert.equal(check(Buffer.from('123456789')), 0x29b1);
    fc.assert(fc.property(bytes(300), (data) => check(data) === crcByDivision(data)));
  });

  it('what is encoded is parsed, with anything between that ends no frame', () => {
    const noise = fc.array(byte, { maxLength: 20 });
    fc.assert(
      fc.property(fc.array(fc.tuple(noise, frame), { maxLength: 8 }), (list) => {
        const line = list.flatMap(([before, f]) => [...before, ...encodeFrame(f)]);
        const found = parsed(line);
        // noise may make up a frame only where it is one
        assert.deepEqual(
          found.filter((f) => list.some(([, sent]) => sameFrame(f, sent))),
          list.map(([, sent]) => ({ ...sent })),
        );
      }),
    );
  });

  it('a frame with one byte lost, doubled or changed is none', () => {
    fc.assert(
      fc.property(
        frame,
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        fc.constantFrom(0, 1, 2),
        (sent, n, flip, how) => {
          const line = [...encodeFrame(sent)];
          const at = n % line.length;
          const b = line[at]!;
          line.splice(at, 1, ...(how === 0 ? [] : how === 1 ? [b, b] : [b ^ flip]));
          const found = parsed(line);
          // a beginning that comes twice is a beginning, and a last byte that does is noise behind the frame
          const isWhole = how === 1 && (at === 0 || line.length - 2 === at);
          assert.deepEqual(found, isWhole ? [{ ...sent }] : []);
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('takes random bytes for ever, in bounded memory, and finds the next frame', () => {
    fc.assert(
      fc.property(bytes(2000), frame, (noise, sent) => {
        const parser = new FrameParser();
        for (const f of parsed(noise, parser)) assert.ok(f.bytes.length <= MOST_BYTES);
        assert.deepEqual(parsed(encodeFrame(sent), parser), [{ ...sent }]);
        assert.ok(encodeFrame(sent).length <= longestOnLine(sent.bytes.length));
      }),
    );
  });

  it('an introduction is read, or none', () => {
    fc.assert(
      fc.property(bytes(MOST_BYTES), (said) => {
        const identity = readIdentity(said);
        assert.equal(identity === undefined, said.length < 13);
        if (identity) assert.equal(identity.name.length, said.length - 13);
      }),
    );
  });
});

describe('validate: how long it takes', () => {
  it('is what the bytes take on the line, and what the board computes', () => {
    const size = { samples: 1000, inputBytes: 784, outputBytes: 10, baudRate: 115_200, inferenceMs: 1.4 };
    const seconds = secondsFor(size);
    // 784 + 10 bytes, 8 frames either way of 6 bytes, and 16 of numbers
    const onLine = ((784 + 10 + 16 + 96) * 10) / 115.2;
    assert.ok(Math.abs(seconds - (onLine * (1 + 2 / 256) + 8 * 4 + 1.4)) < 0.5, String(seconds));
    assert.ok(secondsFor({ ...size, baudRate: 9600 }) > 8 * seconds * 0.8);
    assert.ok(secondsFor({ ...size, inferenceMs: 1000 }) > 1000);
  });

  it('is told in words', () => {
    assert.deepEqual([0.2, 20, 89, 95, 3570, 7980].map(durationText), [
      ...['1 s', '20 s', '89 s', '2 min', '1 h 0 min', '2 h 13 min'],
    ]);
  });
});

function sameFrame(a: Frame, b: Frame): boolean {
  return a.type === b.type && a.sequence === b.sequence && Buffer.compare(a.bytes, b.bytes) === 0;
}
