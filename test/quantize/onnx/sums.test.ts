import assert from 'node:assert/strict';
import { UserError } from '../../../extension/common/error.ts';
import { sumInts } from '../../../extension/quantize/elementwise.ts';
import { givenSum } from '../../../extension/quantize/onnx/sum.ts';
import type { QuantizedValue } from '../../../extension/quantize/quantizedGraph.ts';
import { clampInt } from '../../../extension/quantize/requantize.ts';
import { Random } from '../../support/random.ts';

function value(name: string, exponent: number, offset: number): QuantizedValue {
  const scale = Math.fround(2 ** exponent);
  return { name, shape: [1], type: 'int8', scale, offset, lo: -128, hi: 127 };
}

const word = new DataView(new ArrayBuffer(4));

/** A float32 above 0 in units of 2^-149, exactly. */
function whole(scale: number): bigint {
  word.setFloat32(0, scale);
  const bits = word.getUint32(0);
  const [exponent, fraction] = [bits >>> 23, BigInt(bits & 0x7fffff)];
  return exponent === 0 ? fraction : (fraction + (1n << 23n)) << BigInt(exponent - 1);
}

/** The sum in output steps, halves to the even one, and how far it is from a half, both of the exact quotient. */
function exactly(a: bigint, b: bigint, y: bigint): { nearest: number; fromHalf: number } {
  const twice = 2n * (a + b) + y;
  const [floor, rest] = [twice / (2n * y), twice % (2n * y)];
  const [up, below] = rest < 0n ? [floor - 1n, rest + 2n * y] : [floor, rest];
  const nearest = Number(up) - (below === 0n ? Number(up & 1n) : 0);
  const above = Number((below * 2n ** 40n) / (2n * y)) / 2 ** 40;
  return { nearest, fromHalf: Math.min(above, 1 - above) };
}

/** Fails where a sum is another than the exact one and not as near to a half as `within` output steps. @returns false where it is refused */
function holds(
  a: QuantizedValue,
  b: QuantizedValue,
  y: QuantizedValue,
  sign: 1 | -1,
  within: number,
): boolean {
  let node;
  try {
    node = { name: 'sum', inputs: [], output: y.name, ...givenSum(a, b, y, sign) };
  } catch (e) {
    assert.ok(e instanceof UserError && e.code === 'model');
    assert.equal(e.message, `The sum 'y' has scales too far apart for 32 bits.`);
    return false;
  }
  const [ka, kb, ky] = [whole(a.scale), BigInt(sign) * whole(b.scale), whole(y.scale)];
  for (let p = -128; p <= 127; p++) {
    for (let q = -128; q <= 127; q++) {
      const { nearest, fromHalf } = exactly(BigInt(p - a.offset) * ka, BigInt(q - b.offset) * kb, ky);
      const expected = clampInt(nearest + y.offset, y.lo, y.hi);
      const found = clampInt(sumInts(node, p, q, y.offset), y.lo, y.hi);
      if (found === expected) continue;
      const what = `${p} of ${a.scale}, ${q} of ${b.scale} in ${y.scale}: ${found}, not ${expected}`;
      assert.ok(Math.abs(found - expected) === 1 && fromHalf < within, what);
    }
  }
  return true;
}

describe('sums of quantized ONNX networks are the exact ones, but for what is as good as a half', () => {
  const random = new Random(20);
  const offset = () => random.int(-128, 127);
  const cases = (from: number, to: number) =>
    Array.from({ length: 6 }, (_, i) => {
      const exponents = [random.real(from, to), random.real(-1, 1)];
      const [ea, eb] = i % 2 === 0 ? exponents : exponents.reverse();
      return [value('a', ea!, offset()), value('b', eb!, offset()), value('y', 0, offset()), i % 3 === 0 ? -1 : 1] as const; // prettier-ignore
    });

  it('of scales near each other', () => {
    for (const c of cases(-2, 2)) assert.ok(holds(...c, 2 ** -12));
  });

  it('of scales one of which is far above the result', () => {
    for (const c of [...cases(4, 14), ...cases(14, 30), ...cases(30, 120)]) assert.ok(holds(...c, 2 ** -5));
  });

  it('of scales one of which is far below the result', () => {
    for (const c of [...cases(-14, -4), ...cases(-30, -14), ...cases(-120, -30)]) assert.ok(holds(...c, 2 ** -12)); // prettier-ignore
  });

  it('of scales both of which are far above the result, or is refused', () => {
    let refused = 0;
    for (const exponent of [4, 6, 8, 10, 12, 14, 16, 20, 24, 40]) {
      const [ea, eb] = [exponent + random.real(0, 1), exponent + random.real(0, 1)];
      const is = holds(
        value('a', ea, offset()),
        value('b', eb, offset()),
        value('y', 0, offset()),
        1,
        2 ** -5,
      );
      if (exponent <= 6) assert.ok(is, `2^${exponent} is refused`);
      if (!is) refused++;
    }
    assert.ok(refused > 0);
  });
});
