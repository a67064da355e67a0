import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type BufferRequest, lowerBound, planMemory } from '../../extension/compiler/memory/plan.ts';

const requests = fc
  .array(fc.record({ bytes: fc.integer({ min: 1, max: 500 }), first: fc.nat(12), length: fc.nat(5) }), {
    maxLength: 14,
  })
  .map((list) =>
    list.map((r, i): BufferRequest => ({
      name: `b${i}`,
      bytes: r.bytes,
      first: r.first,
      last: r.first + r.length,
    })),
  );

describe('planMemory', () => {
  it('never lets two buffers overlap while both are alive, keeps them aligned, stays above the bound', () => {
    fc.assert(
      fc.property(requests, fc.constantFrom(4, 8, 64), (list, alignment) => {
        const plan = planMemory(list, alignment);
        assert.ok(plan.bytes >= lowerBound(list, alignment));
        for (const a of list) {
          const from = plan.offsets.get(a.name)!;
          assert.equal(from % alignment, 0);
          assert.ok(from + a.bytes <= plan.bytes);
          for (const b of list) {
            if (a === b || a.last < b.first || b.last < a.first) continue;
            const other = plan.offsets.get(b.name)!;
            assert.ok(from + a.bytes <= other || other + b.bytes <= from, `${a.name} and ${b.name} overlap`);
          }
        }
      }),
    );
  });

  it('reuses memory: a chain of layers needs two neighbours, not all', () => {
    const chain = [400, 300, 200, 100].map((bytes, i) => ({ name: `b${i}`, bytes, first: i, last: i + 1 }));
    assert.equal(planMemory(chain, 4).bytes, 700);
  });

  it('has a bound that counts what is alive at once, aligned', () => {
    const buffers = [
      { name: 'a', bytes: 5, first: 0, last: 1 },
      { name: 'b', bytes: 8, first: 1, last: 2 },
      { name: 'c', bytes: 1, first: 2, last: 2 },
    ];
    assert.equal(lowerBound(buffers, 4), 16);
    assert.equal(lowerBound(buffers, 1), 13);
    assert.equal(lowerBound([], 4), 0);
  });

  it('plans nothing in no bytes', () => {
    assert.equal(planMemory([], 4).bytes, 0);
  });
});
