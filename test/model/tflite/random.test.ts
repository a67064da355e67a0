import assert from 'node:assert/strict';
import { evaluate } from '../../../extension/model/evaluate.ts';
import { importTflite } from '../../../extension/model/formats/tflite/import.ts';
import { elements } from '../../../extension/model/graph.ts';
import { finished } from '../../../extension/model/import/finish.ts';
import { Random } from '../../support/random.ts';

import { checkGraph } from '../oracle.ts';
import { randomTflite } from './randomTflite.ts';
import { referenceOf } from './reference.ts';
import { tfliteModel } from './writer.ts';

/** The same cases in every run; GLOWPORT_SEED tries others. */
const SEED = Number(process.env['GLOWPORT_SEED'] ?? 1);

describe('model/tflite: random models', () => {
  it('compute what a plain evaluation of the file computes, as imported and after the passes', () => {
    const seen = new Set<string>();
    for (let seed = SEED; seed < SEED + 1500; seed++) agrees(seed, seen);
    assert.ok(seen.size > 50 && seen.has('UNIDIRECTIONAL_SEQUENCE_LSTM'), `only ${[...seen]}`);
  });
});

function agrees(seed: number, seen: Set<string>): void {
  const random = new Random(seed);
  const spec = randomTflite(random);
  const bytes = tfliteModel(spec);
  const graph = importTflite(bytes, { name: 'net' });
  const inputs = new Map(
    graph.inputs.map(({ name, shape }) => [name, random.floats(elements(shape), -1, 1)]),
  );
  const expected = referenceOf(spec, [[...(inputs.get('serving_default_x:0') ?? [])]]);
  for (const stage of [graph, finished(graph)]) {
    checkGraph(stage);
    const results = evaluate(stage, inputs);
    for (const [i, k] of spec.outputs.entries()) {
      const { shape, data } = expected.get(k)!;
      assert.deepEqual([...stage.values.get(stage.outputs[i]!)!.shape], [...shape], `seed ${seed}: shape`);
      const range = Math.max(1, ...data.map(Math.abs));
      for (const [j, v] of results.get(stage.outputs[i]!)!.entries()) {
        assert.ok(
          Math.abs(v - data[j]!) <= 1e-5 * range,
          `seed ${seed}: output ${i}[${j}] is ${v}, not ${data[j]}`,
        );
      }
    }
  }
  for (const { op } of spec.operators) seen.add(op);
}
