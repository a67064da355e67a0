import assert from 'node:assert/strict';
import fc from 'fast-check';
import { decimalOf, decimalText } from '../../extension/bundle/decimal.ts';
import { rational, type Rational } from '../support/rational.ts';

const LIMITS = { int8: [-128, 127], int16: [-32768, 32767], int32: [-(2 ** 31), 2 ** 31 - 1] } as const;

/** Scales of any size: a mantissa and a power of ten. */
const scale = fc
  .record({
    mantissa: fc.double({ min: 1, max: 10, noNaN: true }),
    exponent: fc.integer({ min: -30, max: 25 }),
  })
  .map(({ mantissa, exponent }) => mantissa * 10 ** exponent);

const numbers = fc.constantFrom('int8', 'int16', 'int32' as const).chain((type) => {
  const q = fc.integer({ min: LIMITS[type][0], max: LIMITS[type][1] });
  return fc.record({
    type: fc.constant(type),
    scale,
    offset: q,
    values: fc.array(q, { minLength: 2, maxLength: 9 }),
  });
});

/** |a - b| as a rational number. */
function apart(a: Rational, b: Rational): Rational {
  const top = a.top * b.bottom - b.top * a.bottom;
  return { top: top < 0n ? -top : top, bottom: a.bottom * b.bottom };
}

/** A decimal number exactly. */
function exactly(text: string): Rational {
  const [whole, digits = ''] = text.split('.') as [string, string?];
  return { top: BigInt(whole + digits), bottom: 10n ** BigInt(digits.length) };
}

describe('bundle: decimal numbers computed in integers', () => {
  it('are the exact ones, rounded at their last digit', () => {
    fc.assert(
      fc.property(numbers, ({ type, scale: s, offset, values }) => {
        const decimal = decimalOf({ type, scale: s, offset })!;
        assert.ok(decimal.factor < 2 ** 31 && decimal.shift >= 0 && decimal.shift <= 62);
        for (const q of values) {
          const text = decimalText(q, decimal);
          assert.match(text, /^-?(?:0|[1-9]\d*)(?:\.\d+)?$/);
          const step = rational(s);
          const exact = { top: step.top * BigInt(q - offset), bottom: step.bottom };
          const off = apart(exactly(text), exact);
          // half of the last digit, and the factor's error of 2^-31
          const last =
            decimal.decimals < 0
              ? { top: 10n ** BigInt(-decimal.decimals), bottom: 1n }
              : { top: 1n, bottom: 10n ** BigInt(decimal.decimals) };
          const size = exact.top < 0n ? -exact.top : exact.top;
          // off <= last / 2 + |exact| / 2^31
          const left = off.top * last.bottom * exact.bottom * 2n ** 32n;
          const most = off.bottom * (last.top * exact.bottom * 2n ** 31n + 2n * size * last.bottom);
          assert.ok(left <= most, `${text} for ${q} of ${JSON.stringify(decimal)}`);
        }
      }),
      { numRuns: 3000 },
    );
  });

  it('tell neighbours of int8 and int16 apart, in their order', () => {
    fc.assert(
      fc.property(numbers, ({ type, scale: s, offset }) => {
        fc.pre(type !== 'int32' && s < 1000);
        const decimal = decimalOf({ type, scale: s, offset })!;
        const [least, most] = LIMITS[type];
        const list = [least, least + 1, offset - 1, offset, offset + 1, most - 1, most]
          .filter((q) => q >= least && q <= most)
          .sort((a, b) => a - b);
        const texts = [...new Set(list)].map((q) => Number(decimalText(q, decimal)));
        for (const [i, value] of texts.slice(1).entries())
          assert.ok(value > texts[i]!, `${texts.join()} of ${s}`);
        assert.equal(Number(decimalText(offset, decimal)), 0);
      }),
      { numRuns: 1000 },
    );
  });

  it('of floats are their thousandths; positions have none', () => {
    const decimal = decimalOf({ type: 'float32', scale: 1, offset: 0 })!;
    for (const [q, text] of [
      [0, '0.000'],
      [-5, '-0.005'],
      [23450, '23.450'],
      [2e9, '2000000.000'],
      [-2e9, '-2000000.000'],
    ] as const)
      assert.equal(decimalText(q, decimal), text);
    assert.equal(decimalOf({ type: 'index32', scale: 1, offset: 0 }), undefined);
  });
});
