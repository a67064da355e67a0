import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { UserError } from '../../../extension/common/error.ts';
import { productRoot } from '../../../extension/common/resources.ts';
import { tfliteEnds } from '../../../extension/model/formats/tflite/ends.ts';
import { Random } from '../../support/random.ts';

const model = (): Uint8Array =>
  new Uint8Array(readFileSync(path.join(productRoot, 'test/model/tflite/conv_pool_dense_i8.tflite')));
const golden = path.join(productRoot, '../shared/tflm-golden');

/** What TensorFlow Lite Micro says of a model (tflm-golden/README.md). */
interface Golden {
  readonly model: string;
  readonly golden: string;
}
interface GoldenEnd {
  readonly name: string;
  readonly shape: readonly number[];
}

describe('model/tflite: the ends of a file', () => {
  it('names, shapes, and that its values are integers', () => {
    assert.deepEqual(tfliteEnds(model()), {
      inputs: [{ name: 'x', shape: [1, 10, 10, 1] }],
      outputs: [{ name: 'act6', shape: [1, 5] }],
      isQuantized: true,
    });
  });

  it('are those that TensorFlow Lite Micro has, of every golden model', function () {
    if (!existsSync(golden)) this.skip();
    const json = (file: string): unknown => JSON.parse(readFileSync(path.join(golden, file), 'utf8'));
    const all = json('index.json') as readonly (Golden & { readonly type: string })[];
    assert.ok(all.length > 200);
    const plain = (ends: readonly GoldenEnd[]) => ends.map(({ name, shape }) => ({ name, shape }));
    for (const row of all) {
      const expected = json(row.golden) as { inputs: GoldenEnd[]; outputs: GoldenEnd[] };
      const { inputs, outputs, isQuantized } = tfliteEnds(
        new Uint8Array(readFileSync(path.join(golden, row.model))),
      );
      assert.deepEqual(inputs, plain(expected.inputs), row.model);
      assert.deepEqual(outputs, plain(expected.outputs), row.model);
      if (row.type === 'float32') assert.equal(isQuantized, false, row.model);
      if (row.type === 'int8') assert.equal(isQuantized, true, row.model);
    }
  });

  it('of a file that is cut or changed anywhere: ends, or one sentence', () => {
    const whole = model();
    const random = new Random(1);
    const tried = (bytes: Uint8Array): void => {
      try {
        tfliteEnds(bytes);
      } catch (e) {
        assert.ok(e instanceof UserError && ['input', 'model'].includes(e.code), String((e as Error).stack));
      }
    };
    for (let length = 0; length < whole.length; length++) tried(whole.slice(0, length));
    for (let i = 0; i < 20_000; i++) {
      const bytes = whole.slice();
      for (let n = 0; n < 3; n++) bytes[random.int(0, bytes.length - 1)] = random.int(0, 255);
      tried(bytes);
    }
    assert.throws(() => tfliteEnds(whole.slice(0, 100)), /no whole TensorFlow Lite model/);
    assert.throws(() => tfliteEnds(new Uint8Array(4)), /no whole TensorFlow Lite model/);
  });
});
