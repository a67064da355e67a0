import assert from 'node:assert/strict';
import fc from 'fast-check';
import { UserError } from '../../extension/common/error.ts';
import { readWav } from '../../extension/sound/wav.ts';
import { type Chunk, ENCODINGS, quantized, riff, wav, type WavEncoding } from './wavBuilder.ts';

const refused = (bytes: Uint8Array, pattern: RegExp): void =>
  assert.throws(
    () => readWav(bytes, 'a.wav'),
    (e) => e instanceof UserError && e.code === 'input' && pattern.test(e.message),
    String(pattern),
  );
const all = (bytes: Uint8Array): number[][] => {
  const { channels, length, read } = readWav(bytes, 'a.wav');
  return Array.from({ length: channels }, (_, c) => Array.from(read(c, 0, length)));
};
const tone = [0, 0.25, -0.5, 0.75, -1];
/** A file with a number in it changed: `at` from the begin of the chunk `id`, whose head has 8 bytes. */
const changed = (bytes: Uint8Array, id: string, at: number, value: number, size = 2): Uint8Array => {
  const copy = Buffer.from(bytes);
  copy.writeUIntLE(value, copy.indexOf(id, 0, 'latin1') + at, size);
  return new Uint8Array(copy);
};

describe('sound: .wav files', () => {
  it('of every format give the samples that were written, as integers / 2^(bits - 1)', () => {
    const encodings = Object.keys(ENCODINGS) as WavEncoding[];
    const junk = fc.array(
      fc.record({
        id: fc.constantFrom('LIST', 'fact', 'bext', 'JUNK'),
        data: fc.uint8Array({ maxLength: 9 }),
      }),
      { maxLength: 3 },
    );
    fc.assert(
      fc.property(
        fc.constantFrom(...encodings),
        fc.integer({ min: 1, max: 5 }),
        fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { maxLength: 40 }),
        fc.record({
          before: junk,
          behind: junk,
          isExtensible: fc.boolean(),
          sampleRate: fc.constantFrom(8000, 44100),
        }),
        (encoding, count, samples, rest) => {
          // every channel its own
          const channels = Array.from({ length: count }, (_, c) => samples.map((v) => v / (c + 1)));
          const bytes = wav({ ...rest, channels, encoding });
          const { bits, tag } = ENCODINGS[encoding];
          const expected = channels.map((channel) =>
            channel.map((v) => Math.fround(tag === 3 ? v : quantized(v, bits) / 2 ** (bits - 1)) + 0),
          );
          assert.equal(readWav(bytes, 'a.wav').sampleRate, rest.sampleRate);
          assert.deepEqual(
            all(bytes).map((channel) => channel.map((v) => v + 0)),
            expected,
          );
        },
      ),
    );
  });

  it('are read from anywhere', () => {
    const { read } = readWav(wav({ channels: [tone, tone.map((v) => -v / 2)], encoding: 's24' }), 'a.wav');
    assert.deepEqual(Array.from(read(1, 1, 3)), [-0.125, 0.25, -0.375]);
  });

  it('as streams go to the end of the file, whatever they say of their size', () => {
    const file = wav({ channels: [tone], encoding: 's16' });
    for (const size of [0xffffffff, 0x80000000, 0x7ffff000]) {
      assert.deepEqual(all(changed(file, 'data', 4, size, 4)), [tone.map((v) => quantized(v, 16) / 0x8000)]);
    }
    // nobody has come back to write the sizes
    const unfinished = changed(changed(file, 'data', 4, 0, 4), 'RIFF', 4, 0, 4);
    assert.equal(all(unfinished)[0]!.length, 5);
    assert.equal(all(changed(changed(file, 'data', 4, 0, 4), 'RIFF', 4, 36, 4))[0]!.length, 5);
    // but this one is empty, and has something behind it
    const empty = wav({ channels: [[]], behind: [{ id: 'LIST', data: new Uint8Array(10) }] });
    assert.deepEqual(all(empty), [[]]);
    // a sample that is not all there is none
    assert.equal(all(changed(file.slice(0, -1), 'data', 4, 0xffffffff, 4))[0]!.length, 4);
  });

  it('that lie, are cut off or are something else are refused in a sentence', () => {
    const file = wav({ channels: [tone], encoding: 's16' });
    refused(changed(file, 'data', 4, 11, 4), /^a\.wav is cut off: it ends before what it says\.$/);
    refused(changed(file, 'fmt ', 4, 1000, 4), /^a\.wav is cut off/);
    refused(file.slice(0, 36), /^a\.wav holds no samples\.$/);
    refused(changed(file, 'fmt ', 4, 14, 4), /description of its samples that is too short/);
    refused(changed(file, 'fmt ', 10, 0), /has 0 channels; 1 to 64 are read/);
    refused(changed(file, 'fmt ', 10, 65535), /has 65535 channels/);
    refused(changed(file, 'fmt ', 12, 0, 4), /has 0 samples a second/);
    refused(changed(file, 'fmt ', 12, 0xffffffff, 4), /has 4294967295 samples a second/);
    refused(changed(file, 'fmt ', 20, 4), /says that samples of 1 channels and 16 bits have 4 bytes/);
    refused(changed(file, 'fmt ', 22, 12), /has samples of 12 bits, which are not read as integers/);
    refused(changed(changed(file, 'fmt ', 8, 3), 'fmt ', 22, 16), /16 bits, which are not read as floats/);
    refused(riff([{ id: 'data', data: new Uint8Array(4) }]), /does not say what its samples are before/);
    const many: Chunk[] = Array.from({ length: 10_001 }, () => ({ id: 'JUNK', data: new Uint8Array() }));
    refused(riff(many), /has more than 10000 chunks/);
    refused(new Uint8Array(), /^a\.wav is no \.wav file\.$/);
    for (let end = 0; end < 44; end++) refused(file.slice(0, end), /^a\.wav (is|holds|has) /);
  });

  it('that are compressed are refused by name', () => {
    const file = wav({ channels: [tone] });
    refused(changed(file, 'fmt ', 8, 2), /^a\.wav is compressed as Microsoft ADPCM, which is not read\.$/);
    refused(changed(file, 'fmt ', 8, 7), /compressed as mu-law/);
    refused(changed(file, 'fmt ', 8, 0x55), /compressed as MP3/);
    refused(changed(file, 'fmt ', 8, 0x1234), /compressed in a way that is not read \(format 4660\)/);
    const extensible = wav({ channels: [tone], isExtensible: true });
    refused(changed(extensible, 'fmt ', 32, 6), /compressed as A-law/);
    refused(changed(extensible, 'fmt ', 36, 1), /not read \(format 65534\)/);
  });

  it('of other kinds are refused by name', () => {
    for (const [begin, what] of [
      ['RIFX', 'RIFX'],
      ['RF64', 'RF64'],
      ['riff\x2e\x91\xcf\x11', 'Wave64'],
      ['OggS', 'Ogg'],
      ['fLaC', 'FLAC'],
    ]) {
      const bytes = new Uint8Array(Buffer.from(begin!.padEnd(64, '\0'), 'latin1'));
      refused(bytes, new RegExp(`^a\\.wav is ${what}.*, which is not read\\.$`));
    }
  });
});
