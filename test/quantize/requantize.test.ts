import assert from 'node:assert/strict';
import fc from 'fast-check';
import { UserError } from '../../extension/common/error.ts';
import { lowerMul } from '../../extension/quantize/elementwise.ts';
import {
  chooseRequant,
  clampInt,
  preHalf,
  requantConstant,
  requantFits,
  requantize,
  STORAGE_BIAS,
} from '../../extension/quantize/requantize.ts';

/** The definition in exact arithmetic: floor((floor((acc + half) / 2^pre) * m + c) / 2^post). */
function exact(acc: number, r: { pre: number; multiplier: number; post: number }, offset: number): bigint {
  const t = (BigInt(acc) + BigInt(preHalf(r))) >> BigInt(r.pre);
  return (t * BigInt(r.multiplier) + BigInt(requantConstant(r, offset))) >> BigInt(r.post);
}

describe('requantize', () => {
  const ratio = fc.double({ min: 1e-7, max: 30, noNaN: true });
  const offset = fc.integer({ min: -128, max: 127 });
  const bound = fc.integer({ min: 1, max: 20_000_000 });

  it('never leaves 32 bits: equals exact arithmetic over the whole accumulator range', () => {
    fc.assert(
      fc.property(ratio, offset, bound, fc.double({ min: -1, max: 1, noNaN: true }), (m, zero, max, at) => {
        const range = { min: -max, max };
        fc.pre(max * m < 2 ** 28); // outputs of a layer; beyond, nothing fits 32 bits
        const r = chooseRequant(m, zero, range, 8);
        const c = requantConstant(r, zero);
        for (const acc of [range.min, range.max, 0, Math.round(max * at)]) {
          assert.equal(BigInt(requantize(acc, r, c)), exact(acc, r, zero));
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('is within half a step and the multiplier error of the real product', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-5, max: 0.5, noNaN: true }), offset, fc.integer(), (m, zero, seed) => {
        const max = Math.floor(200 / m);
        const acc = seed % max;
        const r = chooseRequant(m, zero, { min: -max, max }, 15);
        const q = requantize(acc, r, requantConstant(r, zero)) - zero;
        // 2^-15 of the product from the multiplier's rounding; a pre-shift rounds once more, far below a step
        assert.ok(Math.abs(q - acc * m) <= 0.5 + Math.abs(acc * m) * 2 ** -14 + 0.02, `${q} for ${acc * m}`);
      }),
      { numRuns: 2000 },
    );
  });

  it('rounds ties toward +infinity, like floor(x + 1/2)', () => {
    const r = { pre: 0, multiplier: 1, post: 1 };
    const c = requantConstant(r, 0);
    assert.deepEqual(
      [-3, -2, -1, 0, 1, 2, 3].map((acc) => requantize(acc, r, c)),
      [-1, -1, 0, 0, 1, 1, 2],
    );
  });

  it('leaves room for the 128 that compiled code adds to 8-bit numbers', () => {
    const r = { pre: 0, multiplier: 1, post: 22 };
    const range = { min: 0, max: 2 ** 31 - 2 ** 29 };
    assert.equal(requantConstant(r, 0) + range.max < 2 ** 31, true);
    assert.equal(requantFits(r, 0, range), false);
  });

  it('takes a constant only when it is an int32 by itself, as compiled code writes it', () => {
    const int = (min: number, max: number): fc.Arbitrary<number> => fc.integer({ min, max });
    const requant = fc.record({ pre: int(0, 24), multiplier: int(1, 40_000), post: int(1, 31) });
    fc.assert(
      fc.property(
        requant,
        int(-32768, 32767),
        int(-(2 ** 31), 2 ** 31 - 1),
        int(0, 2 ** 20),
        (r, zero, min, width) => {
          fc.pre(requantFits(r, zero, { min, max: min + width }));
          for (const constant of [requantConstant(r, zero), requantConstant(r, zero + STORAGE_BIAS)]) {
            assert.equal(constant, constant | 0);
          }
        },
      ),
      { numRuns: 3000 },
    );
  });

  it('clamps to both bounds', () => {
    assert.deepEqual(
      [clampInt(-200, -128, 127), clampInt(5, -128, 127), clampInt(200, -128, 127)],
      [-128, 5, 127],
    );
  });
});

describe('quantize/elementwise: a product', () => {
  it('whose range is a tiny part of what it can be is refused with a sentence', () => {
    const value = (name: string, scale: number) =>
      ({ name, shape: [3], type: 'int16', scale, offset: 0, lo: -32768, hi: 32767 }) as const;
    const [a, b] = [value('a', 2 ** -6), value('b', 2 ** -6)];
    assert.equal(lowerMul(a, b, value('y', 2 ** -6)).kind, 'mul');
    assert.throws(
      () => lowerMul(a, b, value('y', 2 ** -14)),
      (e) =>
        e instanceof UserError &&
        e.code === 'model' &&
        /^The product 'y' cannot be quantized/.test(e.message),
    );
  });
});
