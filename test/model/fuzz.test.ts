import fc from 'fast-check';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { UserError } from '../../extension/common/error.ts';
import { evaluate } from '../../extension/model/evaluate.ts';
import { elements } from '../../extension/model/graph.ts';
import { importedOnnx } from '../support/importedOnnx.ts';
import { NetworkBuilder } from './networkBuilder.ts';
import { checkGraph, runs } from './oracle.ts';

/** Imports bytes nobody vouches for: a graph that keeps its promises, or one UserError. Returns whether it was a graph. */
function survives(bytes: Uint8Array): boolean {
  try {
    const graph = importedOnnx(bytes, { name: 'fuzzed' });
    checkGraph(graph);
    const small = [...graph.values.values()].reduce((n, v) => n + elements(v.shape), 0) < 100_000;
    if (small) {
      const zeros = new Map(graph.inputs.map((i) => [i.name, new Float32Array(elements(i.shape))]));
      evaluate(graph, zeros);
    }
    return true;
  } catch (e) {
    if (!(e instanceof UserError)) throw e;
    assert.match(e.message, /^[^\n]*\.$/s, 'one sentence');
    assert.ok(e.code === 'input' || e.code === 'model', e.code);
    return false;
  }
}

const example = new Uint8Array(readFileSync(new URL('../../examples/mnist/mnist.onnx', import.meta.url)));

/** Every family of operators in 3 KB. */
function small(): Uint8Array {
  const b = new NetworkBuilder();
  const map = b.node('Relu', [b.batchNorm(b.conv('x', 2, 3), 3)]);
  const gate = b.node('Sigmoid', [b.node('GlobalAveragePool', [map])]);
  let x = b.node('Add', [b.node('Mul', [map, gate]), map]);
  x = b.node('Concat', [x, b.node('Pad', [b.maxPool(x), b.ints([0, 0, 0, 0, 0, 0, 3, 3])])], {
    axis: { i: 1 },
  });
  x = b.node('LeakyRelu', [b.transpose(x, 0, 1, 3, 2)], { alpha: { f: 0.1 } });
  x = b.node('Reshape', [b.node('Dropout', [x]), b.ints([0, -1])]);
  return b.bytes([{ name: 'x', shape: ['N', 2, 6, 6] }], [b.node('Softmax', [b.matMulAdd(x, 216, 2)])]);
}

describe('model: hostile files', () => {
  it('the seeds themselves are models', () => {
    assert.ok(survives(small()));
    assert.ok(survives(example));
  });

  it('a model cut at any length is refused with one sentence', () => {
    const bytes = small();
    for (let n = 0; n < bytes.length; n++) assert.ok(!survives(bytes.subarray(0, n)), `cut at ${n}`);
  });

  it('the example cut at 500 lengths is refused with one sentence', () => {
    for (let k = 0; k < 500; k++) {
      const n = Math.floor((k * example.length) / 500);
      assert.ok(!survives(example.subarray(0, n)), `cut at ${n}`);
    }
  });

  for (const [name, seed] of [
    ['a small model', small()],
    ['the example', example],
  ] as const) {
    it(`${name} with changed bytes is a model or refused with one sentence`, () => {
      fc.assert(
        fc.property(
          fc.array(fc.tuple(fc.nat(seed.length - 1), fc.integer({ min: 0, max: 255 })), {
            minLength: 1,
            maxLength: 6,
          }),
          (changes) => {
            const bytes = seed.slice();
            for (const [at, value] of changes) bytes[at] = value;
            survives(bytes);
          },
        ),
        runs(1000),
      );
    });

    it(`${name} with a part removed, doubled or filled is a model or refused with one sentence`, () => {
      fc.assert(
        fc.property(
          fc.nat(seed.length),
          fc.nat(64),
          fc.constantFrom('remove', 'double', 'zero', 'ones'),
          (at, length, how) => {
            const end = Math.min(seed.length, at + length);
            const part = seed.subarray(at, end);
            const middle = {
              remove: [],
              double: [...part, ...part],
              zero: part.map(() => 0),
              ones: part.map(() => 255),
            };
            survives(Uint8Array.from([...seed.subarray(0, at), ...middle[how], ...seed.subarray(end)]));
          },
        ),
        runs(400),
      );
    });
  }

  it('random bytes are refused with one sentence', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        assert.ok(!survives(bytes));
      }),
      runs(2000),
    );
  });
});
