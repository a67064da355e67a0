import assert from 'node:assert/strict';
import fc from 'fast-check';
import { PeripheralSpace } from '../../extension/simulator/machine/peripheralSpace.ts';
import { drivenBits, drivenValue } from '../../extension/simulator/machine/registers.ts';

const base = 0x40000000;
const range = [{ origin: base, size: 0x2000 }];

describe('simulator: peripheral registers', () => {
  it('are plain little-endian memory that starts at 0, in all widths', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record({
            offset: fc.integer({ min: 0, max: 0x1fff }),
            size: fc.constantFrom(1 as const, 2 as const, 4 as const),
            value: fc.integer({ min: 0, max: 0xffffffff }),
          }),
        ),
        (writes) => {
          const space = new PeripheralSpace(range, [], []);
          const wanted = Buffer.alloc(0x2000);
          for (const { offset, size, value } of writes) {
            const at = offset & ~(size - 1);
            const part = size === 4 ? value : value % 2 ** (8 * size);
            assert.equal(space.write(base + at, size, part), true);
            wanted.writeUIntLE(part, at, size);
          }
          for (const { offset } of writes) {
            assert.equal(space.read(base + offset, 1), wanted[offset]);
            assert.equal(space.read(base + (offset & ~1), 2), wanted.readUInt16LE(offset & ~1));
            assert.equal(space.read(base + (offset & ~3), 4)! >>> 0, wanted.readUInt32LE(offset & ~3));
          }
        },
      ),
    );
  });

  it('are nowhere else', () => {
    const space = new PeripheralSpace(range, [], []);
    for (const address of [base - 4, base + 0x2000, 0xc0000000]) {
      assert.equal(space.read(address, 4), undefined);
      assert.equal(space.write(address, 4, 1), false);
    }
  });

  it('have reset values, bits that follow other bits, and mirrors', () => {
    const space = new PeripheralSpace(
      range,
      [
        { name: 'A', address: base, width: 8, reset: 0x40 },
        {
          name: 'B',
          address: base + 1,
          width: 8,
          always: 0x01,
          sets: [
            { bits: 0x02, while: { mask: 0x80 } },
            { bits: 0x04, while: { register: base, mask: 0xf0, equals: 0x30 } },
          ],
          mirrors: [{ bits: 0x18, of: base, mask: 0xc0 }],
        },
        {
          name: 'C',
          address: base + 0x1000,
          width: 32,
          mirrors: [{ bits: 0xffffffff, of: base + 0x1004, mask: 0xffffffff }],
        },
      ],
      [],
    );
    assert.equal(space.read(base, 1), 0x40);
    assert.equal(space.read(base + 1, 1), 0x09);
    space.write(base + 1, 1, 0xe6);
    assert.equal(space.read(base + 1, 1), 0xeb, 'written bits stay, driven bits do not take the write');
    space.write(base, 1, 0x30);
    assert.equal(space.read(base + 1, 1), 0xe7);
    assert.equal(space.read(base, 2), 0xe730, 'also through a wider read');
    space.write(base + 0x1004, 4, 0xdeadbeef);
    assert.equal(space.read(base + 0x1000, 4)! >>> 0, 0xdeadbeef);
    space.reset();
    assert.equal(space.read(base, 1), 0x40);
    assert.equal(space.read(base + 0x1000, 4), 0);
  });

  it('drive no bit outside those they name', () => {
    fc.assert(
      fc.property(fc.nat(0xffff), fc.nat(0xffff), fc.nat(0xffffffff), (bits, always, seen) => {
        const model = {
          name: 'R',
          address: base,
          width: 32 as const,
          always,
          sets: [{ bits, while: { mask: 1 } }],
        };
        assert.equal((drivenValue(model, () => seen) & ~drivenBits(model)) >>> 0, 0);
      }),
    );
  });
});
