import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  isAnomalous,
  meanSquaredError,
  reconstructionError,
  reconstructionOf,
} from '../../extension/bundle/reconstruction.ts';

const LIMITS = { int8: [-128, 127], int16: [-32768, 32767] } as const;

const end = fc.constantFrom('int8' as const, 'int16' as const).chain((type) => {
  const q = fc.integer({ min: LIMITS[type][0], max: LIMITS[type][1] });
  const scale = fc.double({ min: 1e-6, max: 1e3, noNaN: true });
  return fc.record({ type: fc.constant(type), scale, offset: q, q: fc.constant(q) });
});

/** An input and an output with numbers of their own, the extreme ones among them. */
const both = fc.tuple(end, end, fc.integer({ min: 1, max: 40 })).chain(([a, b, count]) =>
  fc.record({
    input: fc.constant({ ...a, shape: [1, count] }),
    output: fc.constant({ ...b, shape: [1, count] }),
    from: fc.array(fc.oneof(a.q, fc.constantFrom(...LIMITS[a.type])), { minLength: count, maxLength: count }),
    to: fc.array(fc.oneof(b.q, fc.constantFrom(...LIMITS[b.type])), { minLength: count, maxLength: count }),
  }),
);

const anomaly = { task: 'anomaly' } as const;

describe('bundle: the reconstruction error', () => {
  it('is the formula in whole numbers of any size, none of which leaves its register', () => {
    fc.assert(
      fc.property(both, ({ input, output, from, to }) => {
        const of = reconstructionOf(input, output, anomaly);
        const fits = (n: bigint, bits: number): bigint => {
          assert.ok(n >= -(2n ** BigInt(bits - 1)) && n < 2n ** BigInt(bits - 1), `${n} in ${bits} bits`);
          return n;
        };
        let sum = 0n;
        for (const [i, q] of to.entries()) {
          const a = fits(BigInt(of.factors!.output) * BigInt(q - output.offset), 32);
          const b = fits(BigInt(of.factors!.input) * BigInt(from[i]! - input.offset), 32);
          const difference = fits(a - b + 16384n, 32) >> 15n;
          sum += fits(difference * difference, 32);
        }
        const count = BigInt(to.length);
        const error = (sum + count / 2n) / count;
        assert.equal(
          BigInt(reconstructionError(of, { ...input, values: from }, { ...output, values: to })),
          fits(error, 32),
        );
      }),
      { numRuns: 3000 },
    );
  });

  it('stands for the mean squared error in real units', () => {
    fc.assert(
      fc.property(both, ({ input, output, from, to }) => {
        const of = reconstructionOf(input, output, anomaly);
        const real = (q: number, { scale, offset }: { scale: number; offset: number }) =>
          scale * (q - offset);
        const exact = meanSquaredError(
          from.map((q) => real(q, input)),
          to.map((q) => real(q, output)),
        );
        const found =
          reconstructionError(of, { ...input, values: from }, { ...output, values: to }) * of.unit ** 2;
        // a difference is right within one and a half units, so its root mean square is, too; the mean is rounded
        const off = Math.abs(Math.sqrt(found) - Math.sqrt(exact));
        assert.ok(off <= 2.5 * of.unit, `${found} for ${exact}, units of ${of.unit}`);
      }),
      { numRuns: 3000 },
    );
  });

  it('has a threshold in its own units, above which an input is anomalous', () => {
    const input = { type: 'int8', scale: 0.5, offset: -128, shape: [4] } as const;
    const plain = reconstructionOf(input, input, anomaly);
    const at = (value: number) =>
      reconstructionOf(input, input, { ...anomaly, threshold: { value, basis: 'chosen', samples: 0 } });
    const values = { from: [0, 0, 0, 0], to: [10, 0, 0, 0] };
    const error = reconstructionError(
      plain,
      { ...input, values: values.from },
      { ...input, values: values.to },
    );
    // what was measured is exactly the threshold
    assert.equal(at(error * plain.unit ** 2).threshold, error);
    assert.equal(isAnomalous(error, at(error * plain.unit ** 2)), false);
    assert.equal(isAnomalous(error + 1, at(error * plain.unit ** 2)), true);
    assert.equal(isAnomalous(error, plain), undefined);
    // between two whole numbers the one above it is beyond, the one below it is not
    const between = at((error - 0.25) * plain.unit ** 2);
    assert.equal(isAnomalous(error, between), true);
    assert.equal(isAnomalous(error - 1, between), false);
    assert.equal(at(1e30).threshold, 2 ** 31 - 1);
  });

  it('of floats is finer than the threshold, and saturates', () => {
    const float = { type: 'float32', scale: 1, offset: 0, shape: [2] } as const;
    const threshold = { value: 0.01, basis: 'chosen', samples: 0 } as const;
    const of = reconstructionOf(float, float, { ...anomaly, threshold });
    const error = (a: number[], b: number[]) =>
      reconstructionError(of, { ...float, values: a }, { ...float, values: b });
    assert.ok(Math.abs(error([0, 0], [0.1, 0.1]) * of.unit ** 2 - 0.01) < 1e-4);
    assert.equal(isAnomalous(error([0, 0], [0.11, 0.1]), of), true);
    assert.equal(isAnomalous(error([0, 0], [0.09, 0.1]), of), false);
    for (const odd of [NaN, Infinity, -Infinity, 1e38]) assert.equal(error([0, 0], [odd, odd]), 32767 ** 2);
  });
});
