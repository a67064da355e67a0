import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  clampInt,
  type Requant,
  requantConstant,
  requantizer,
} from '../../../extension/quantize/requantize.ts';
import { multiplied, quantizeMultiplier } from '../../../extension/quantize/tflite/fixedPoint.ts';
import { roundedTwice } from './bigArithmetic.ts';
import { average, exactRequants } from '../../../extension/quantize/tflite/requant.ts';

/** t * multiplier + constant as the assembly computes it, which keeps the accumulator and so adds nothing before the pre-shift. */
function formOf(acc: number, r: Requant, offset: number): number {
  return (acc >> r.pre) * r.multiplier + requantConstant(r, offset);
}

const channels = fc.array(
  fc.record({
    ratio: fc.double({ min: 1e-6, max: 2, noNaN: true }),
    min: fc.integer({ min: -(2 ** 22), max: 0 }),
    max: fc.integer({ min: 1, max: 2 ** 22 }),
  }),
  { minLength: 1, maxLength: 4 },
);

describe("quantize/tflite: TensorFlow Lite's requantization", () => {
  it('multiplies as the C++ does', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -(2 ** 29), max: 2 ** 29 }),
        fc.double({ min: 1e-9, max: 1, noNaN: true, minExcluded: true }),
        (acc, real) => {
          const m = { ...quantizeMultiplier(real), min: 0, max: 0 };
          assert.equal(BigInt(multiplied(acc, m)), roundedTwice(acc, m));
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('has no multiplier for a ratio all of whose bits would be shifted out, of either sign', () => {
    for (const sign of [1, -1]) {
      for (const power of [-33, -40, -200, -1074]) {
        const m = quantizeMultiplier(sign * 2 ** power);
        assert.deepEqual(m, { multiplier: 0, shift: 0 }, `${sign} · 2^${power}`);
        for (const acc of [-(2 ** 31), -1, 0, 1, 2 ** 31 - 1]) assert.equal(multiplied(acc, m), 0);
      }
      // the last that has one
      const m = quantizeMultiplier(sign * 1.5 * 2 ** -32);
      assert.equal(m.shift, -31);
      for (const acc of [-(2 ** 31), -(2 ** 30), 2 ** 30, 2 ** 31 - 1])
        assert.equal(BigInt(multiplied(acc, m)), roundedTwice(acc, m));
    }
  });

  it('has a form of 32 bits that tells where it may be wrong', () => {
    fc.assert(
      fc.property(
        channels,
        fc.integer({ min: -128, max: 127 }),
        fc.infiniteStream(fc.nat()),
        (list, offset, stream) => {
          const all = list.map(({ ratio, min, max }) => ({ min, max, ...quantizeMultiplier(ratio) }));
          const [lo, hi] = [-128, 127];
          exactRequants(all, { offset, lo, hi }).forEach((r, k) => {
            const channel = all[k]!;
            const requantize = requantizer(r, offset);
            const ratio = channel.multiplier * 2 ** (channel.shift - 31);
            for (let i = 0; i < 300; i++) {
              // half of them near where the result steps
              const near =
                Math.round(((stream.next().value! % 256) - 128 - offset - 0.5) / ratio) + (i % 5) - 2;
              const anywhere = channel.min + (stream.next().value! % (channel.max - channel.min + 1));
              const acc = clampInt(i % 2 === 0 ? near : anywhere, channel.min, channel.max);
              const expected = clampInt(Number(roundedTwice(acc, channel)) + offset, lo, hi);
              assert.equal(
                clampInt(requantize(acc), lo, hi),
                expected,
                `${acc} by ${JSON.stringify({ ...r, offset })}`,
              );
              if (!r.exact) continue;
              const form = formOf(acc, r, offset);
              assert.ok(Math.abs(form) < 2 ** 31);
              const below = form - Math.floor(form / 2 ** r.post) * 2 ** r.post;
              const isOpen = below < r.exact.band;
              if (!isOpen)
                assert.equal(
                  clampInt(form >> r.post, lo, hi),
                  expected,
                  `the form of ${acc}, ${JSON.stringify(r)}`,
                );
            }
          });
        },
      ),
      { numRuns: 200 },
    );
  });

  it('averages every sum of int8 as a division does', () => {
    for (const count of [1, 2, 3, 4, 5, 6, 9, 25, 49, 64, 125, 300, 1024]) {
      const mean = requantizer(average(count), 0);
      for (let sum = -128 * count; sum <= 127 * count; sum++) {
        const expected = Math.trunc((sum + (sum > 0 ? 1 : -1) * Math.floor(count / 2)) / count);
        if (mean(sum) !== expected) assert.fail(`${sum} / ${count} is ${mean(sum)}, not ${expected}`);
      }
    }
  });
});
