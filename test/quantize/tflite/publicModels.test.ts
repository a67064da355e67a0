import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { productRoot } from '../../../extension/common/resources.ts';
import { compileBundle } from '../../../extension/compiler/compile.ts';
import { targetFor } from '../../../extension/compiler/target/targets.ts';
import { tfliteIntegers } from '../../../extension/quantize/tflite/network.ts';
import { CompiledModels } from '../../support/compiledModel.ts';
import { publicModel } from '../../support/publicModels.ts';
import { assertGolden, assertOutputs, type Golden, type GoldenEnd, readIntegers, runsOf } from './goldens.ts';

const folder = path.join(productRoot, '../shared/models/golden');
/** Runs on the simulated core: some of these networks take seconds. */
const RUNS = 2;

interface PublicEnd {
  readonly name: string;
  readonly type: GoldenEnd['type'];
  readonly data: readonly (readonly (number | string)[])[];
}

interface PublicGolden {
  readonly inputs: readonly PublicEnd[];
  readonly outputs: readonly PublicEnd[];
}

function golden(file: string): Golden {
  const { inputs, outputs } = JSON.parse(readFileSync(path.join(folder, file), 'utf8')) as PublicGolden;
  const end = ({ name, type, data }: PublicEnd): GoldenEnd => ({
    ...{ name, type },
    runs: data.map((run) => run.map((x) => (type === 'float32' ? Math.fround(Number(x)) : Number(x)))),
  });
  return { operators: [], inputs: inputs.map(end), outputs: outputs.map(end) };
}

describe('what TensorFlow Lite Micro computes for public models, bit for bit', () => {
  if (!existsSync(folder)) it.skip('need ../shared/models');
  for (const file of existsSync(folder) ? readdirSync(folder) : []) {
    const name = path.basename(file, '.json');
    const model = publicModel(`${name}.tflite`, productRoot);
    if (!model) {
      it.skip(`${name} is not at hand`);
      continue;
    }
    const read = readIntegers(model, 'net');
    if (!read) continue; // float
    it(`${name}, by the interpreter and by the code for Cortex-M0+`, () => {
      const network = tfliteIntegers(read);
      const expected = golden(file);
      assertGolden(name, network, expected);
      const bundle = compileBundle(network, { name: 'net', target: targetFor('cortex-m0plus', 20000) });
      const models = new CompiledModels([bundle]);
      for (const run of runsOf(expected, network).slice(0, RUNS)) {
        assertOutputs(name, expected, network, models.run(bundle, run.given).outputs, run.expected);
      }
      assert.ok(expected.outputs.length > 0);
    });
  }
});
