import assert from 'node:assert/strict';
import { onnxModel } from '../../model/onnxBuilder.ts';
import {
  BETWEEN_CONVERSIONS,
  FAR,
  LAYERS,
  NEAR,
  NEAR_BETWEEN,
  ON_HALVES,
  randomLayer,
  randomSample,
} from './layers.ts';
import { assertAgrees } from './runtime.ts';

const SEEDS = Array.from({ length: 8 }, (_, i) => i + 1);
const FORMS = ['qdq', 'qoperator'] as const;

describe('quantized ONNX operators, over random layers', () => {
  for (const [name, make] of Object.entries(LAYERS)) {
    it(`${name} equals onnxruntime in both forms`, async () => {
      for (const form of FORMS) {
        for (const seed of SEEDS) {
          const layer = randomLayer(make, form, seed);
          const samples = [1, 2, 3].map((k) => randomSample(layer, 100 * seed + k));
          for (const level of ['disabled', 'all'] as const) {
            await assertAgrees(onnxModel(layer.spec), samples, level);
          }
        }
      }
    });
  }

  for (const [name, make] of Object.entries(ON_HALVES)) {
    it(`${name} is what QuantizeLinear makes of it, and beside it by 1 on halves where one kernel does all`, async () => {
      for (const seed of SEEDS) {
        const layer = randomLayer(make, 'qdq', seed);
        const samples = [1, 2, 3].map((k) => randomSample(layer, 100 * seed + k));
        await assertAgrees(onnxModel(layer.spec), samples, 'disabled');
        const own = randomLayer(make, 'qoperator', seed);
        await assertAgrees(onnxModel(own.spec), samples, 'all', 1);
      }
    });
  }

  for (const [all, within, how] of [
    [BETWEEN_CONVERSIONS, 0, 'equals'],
    [NEAR_BETWEEN, 1, 'is within 1 of'],
  ] as const) {
    for (const [name, make] of Object.entries(all)) {
      it(`${name} between conversions ${how} onnxruntime`, async () => {
        for (let seed = 1; seed <= 2 * SEEDS.length; seed++) {
          const layer = randomLayer(make, 'qdq', seed);
          const samples = [1, 2, 3].map((k) => randomSample(layer, 100 * seed + k));
          await assertAgrees(onnxModel(layer.spec), samples, 'disabled', within);
        }
      });
    }
  }

  for (const [name, make] of Object.entries(FAR)) {
    it(`${name} is what QuantizeLinear makes of it`, async () => {
      for (const seed of SEEDS) {
        const layer = randomLayer(make, 'qdq', seed);
        const zeros = new Map([...layer.shapes].map(([x, shape]) => [x, new Float32Array(shape.reduce((n, d) => n * d, 1))])); // prettier-ignore
        await assertAgrees(onnxModel(layer.spec), [zeros, randomSample(layer, seed)], 'disabled');
      }
    });
  }

  for (const [name, make] of Object.entries(NEAR)) {
    it(`${name} is within 1 of onnxruntime`, async () => {
      for (const form of FORMS) {
        for (const seed of SEEDS) {
          const layer = randomLayer(make, form, seed);
          const samples = [1, 2, 3].map((k) => randomSample(layer, 100 * seed + k));
          const { compared } = await assertAgrees(onnxModel(layer.spec), samples, 'disabled', 1);
          assert.ok(compared > 0);
        }
      }
    });
  }
});
