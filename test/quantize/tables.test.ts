import assert from 'node:assert/strict';
import { activationFunction, type ActivationFunction } from '../../extension/model/functions.ts';
import type { QuantParams } from '../../extension/quantize/schemas.ts';
import { interpolationTable, lookupTable } from '../../extension/quantize/tables.ts';

/** The table of a function over inputs from -1 to 1 (q 0 is 0), with outputs from -4 to 4. */
function table(fn: ActivationFunction, x: QuantParams = { scale: 1 / 128, offset: 0 }): Int8Array {
  return lookupTable(activationFunction(fn), x, { scale: 1 / 32, offset: 0 });
}

const at = (entries: Int8Array, q: number): number => entries[q + 128]!;

describe('tables of functions that are not finite everywhere', () => {
  it('saturate where the function is infinite, and go on with the nearest defined value where it is not defined', () => {
    const log = table({ type: 'log' });
    assert.deepEqual(
      [-128, -1, 0].map((q) => at(log, q)),
      [-128, -128, -128],
    );
    assert.equal(at(log, 64), Math.round(32 * Math.log(0.5)));
    const root = table({ type: 'sqrt' });
    assert.deepEqual(
      [-128, -1, 0, 32].map((q) => at(root, q)),
      [0, 0, 0, 16],
    );
    const rsqrt = table({ type: 'rsqrt' });
    assert.deepEqual(
      [-128, 0, 1, 32].map((q) => at(rsqrt, q)),
      [127, 127, 127, 64],
    );
    const reciprocal = table({ type: 'reciprocal' });
    assert.deepEqual(
      [-64, -1, 0, 1, 64].map((q) => at(reciprocal, q)),
      [-64, -128, 127, 127, 64],
    );
    const power = table({ type: 'power', exponent: 1.5 });
    assert.deepEqual(
      [-128, -1, 0, 32].map((q) => at(power, q)),
      [0, 0, 0, 4],
    );
    const exp = table({ type: 'exp' }, { scale: 100, offset: 0 });
    assert.deepEqual(
      [-128, 0, 127].map((q) => at(exp, q)),
      [0, 32, 127],
    );
  });

  it('are 0 where the function is nowhere defined', () => {
    assert.ok(table({ type: 'log' }, { scale: 1, offset: 127 }).every((v) => v === -128));
    assert.ok(lookupTable(() => NaN, { scale: 1, offset: 0 }, { scale: 1, offset: 3 }).every((v) => v === 3));
  });

  it('in 16 bits too', () => {
    const scale = 1 / 32768;
    const log = interpolationTable(Math.log, { scale, offset: 0 }, { scale: 1 / 4096, offset: 0 });
    assert.ok(log.subarray(0, 257).every((v) => v === -32768));
    assert.equal(log[384], Math.round(4096 * Math.log(0.5)));
  });
});
