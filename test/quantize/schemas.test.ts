import assert from 'node:assert/strict';
import fc from 'fast-check';
import { UserError } from '../../extension/common/error.ts';
import { chooseParams, dequantize, limits, quantizeReal, SCHEMAS } from '../../extension/quantize/schemas.ts';

describe('chooseParams', () => {
  it('gives an image in 0..1 the parameters Glow prints: S:0.003921569 O:-128', () => {
    const p = chooseParams(0, 1, 'asymmetric', 'int8');
    assert.equal(p.scale.toFixed(9), '0.003921569');
    assert.equal(p.offset, -128);
  });

  it('symmetric_with_uint8 uses all 8 bits of a range without negatives, and is symmetric otherwise', () => {
    assert.equal(chooseParams(0, 2, 'symmetric_with_uint8', 'int8').offset, -128);
    assert.equal(chooseParams(-0.1, 2, 'symmetric_with_uint8', 'int8').offset, 0);
  });

  it('symmetric_with_power2_scale rounds the scale up to a power of two', () => {
    assert.equal(chooseParams(-1, 1, 'symmetric_with_power2_scale', 'int8').scale, 1 / 64);
    assert.equal(chooseParams(-127 / 128, 0, 'symmetric_with_power2_scale', 'int8').scale, 1 / 128);
  });

  for (const schema of SCHEMAS) {
    for (const precision of ['int8', 'int16'] as const) {
      it(`${schema} ${precision}: 0 is exact and every real of the range is within half a step`, () => {
        const real = fc.double({ min: -1e4, max: 1e4, noNaN: true });
        fc.assert(
          fc.property(real, real, fc.double({ min: 0, max: 1, noNaN: true }), (a, b, at) => {
            const [min, max] = [Math.min(a, b, 0), Math.max(a, b, 0)];
            const p = chooseParams(min, max, schema, precision);
            const range = limits(precision);
            assert.ok(p.offset >= range.qmin && p.offset <= range.qmax);
            assert.equal(dequantize(quantizeReal(0, p, range), p), 0);
            const x = min + at * (max - min);
            // the offset is rounded to an integer too, which moves the range's ends by up to half a step
            const error = Math.abs(dequantize(quantizeReal(x, p, range), p) - x);
            assert.ok(error <= p.scale * 1.0001, `${x} in [${min}, ${max}]: off by ${error / p.scale} steps`);
          }),
        );
      });
    }
  }

  it('refuses infinities with a sentence', () => {
    assert.throws(
      () => chooseParams(-Infinity, 1, 'asymmetric', 'int8'),
      (e: unknown) => e instanceof UserError && e.code === 'model',
    );
  });
});
