import assert from 'node:assert/strict';
import fc from 'fast-check';
import { ByteLog, hexRow } from '../../extension/serial/bytes.ts';

describe('serial byte log', () => {
  it('keeps the newest bytes at their offsets in the stream, whatever the chunks', () => {
    fc.assert(
      fc.property(
        fc.array(fc.uint8Array({ maxLength: 100 })),
        fc.constantFrom(16, 32, 64),
        (chunks, capacity) => {
          const log = new ByteLog(capacity);
          for (const c of chunks) log.push(c);
          const all = Uint8Array.from(chunks.flatMap((c) => [...c]));
          assert.equal(log.end, all.length);
          assert.equal(log.first % 16, 0);
          assert.ok(
            log.end - log.first <= capacity && log.end - log.first > Math.min(all.length, capacity) - 16,
          );
          assert.deepEqual(log.slice(0, Infinity), all.subarray(log.first));
        },
      ),
    );
  });

  it('writes a row as 16 columns and ASCII', () => {
    assert.deepEqual(hexRow(new TextEncoder().encode('class = 7\r\n')), {
      hex: '63 6c 61 73 73 20 3d 20  37 0d 0a               ',
      ascii: 'class = 7..',
    });
    assert.equal(hexRow(new Uint8Array(16)).hex.length, 48);
  });
});
