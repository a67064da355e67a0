import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { productRoot } from '../../../extension/common/resources.ts';
import { keras } from '../../../extension/model/formats/keras.ts';
import { evaluate } from '../../../extension/model/evaluate.ts';
import { PASSES } from '../../../extension/model/passes/optimize.ts';
import { checkGraph } from '../oracle.ts';

/** What was computed of a public model, in float64, by an evaluator of its own. */
interface Golden {
  readonly name: string;
  readonly inputs: readonly { readonly shape: number[]; readonly data: number[][] }[];
  readonly outputs: readonly { readonly shape: number[]; readonly data: number[][] }[];
}

const shared = path.join(productRoot, '../shared/models');
const folder = path.join(shared, 'keras-golden');
/** Where else the public models are: those that may not be kept beside their results. */
const more = process.env.GLOWPORT_MODELS;

describe('model: public Keras files', () => {
  if (!existsSync(folder)) it.skip('need ../shared/models');
  for (const name of existsSync(folder) ? readdirSync(folder) : []) {
    const model = name.replace(/\.json$/, '');
    const beside = path.join(shared, 'files', model);
    const file = existsSync(beside) || more === undefined ? beside : path.join(more, model);
    it(`${path.basename(file)} computes what was expected, as imported and after each pass`, async function () {
      if (!existsSync(file)) this.skip();
      const golden = JSON.parse(readFileSync(path.join(folder, name), 'utf8')) as Golden;
      let graph = await keras.read(readFileSync(file), { name: 'test' });
      const compare = (stage: string) => {
        checkGraph(graph);
        golden.inputs[0]!.data.forEach((input, run) => {
          const results = evaluate(graph, new Map([[graph.inputs[0]!.name, Float32Array.from(input)]]));
          const actual = results.get(graph.outputs[0]!)!;
          const expected = golden.outputs[0]!.data[run]!;
          const largest = expected.reduce((m, v) => Math.max(m, Math.abs(v)), 0);
          assert.equal(actual.length, expected.length);
          expected.forEach((v, i) =>
            assert.ok(
              Math.abs(v - actual[i]!) <= 1e-5 * largest,
              `${stage}: run ${run}, ${i}: ${actual[i]}, not ${v}`,
            ),
          );
        });
      };
      compare('as imported');
      for (const pass of PASSES) {
        graph = pass(graph);
        compare(`after ${pass.name}`);
      }
    });
  }
});
