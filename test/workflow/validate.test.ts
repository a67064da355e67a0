import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { DEFAULT_CHOICES } from '../../extension/workflow/choices/choices.ts';
import { outcomesCsv } from '../../extension/workflow/validate/csv.ts';
import { ON_SIMULATED, validate } from '../../extension/workflow/validate/validate.ts';
import { temporaryFolder } from '../cli/support.ts';
import { npy } from '../data/npyBuilder.ts';
import { onnxModel } from '../model/onnxBuilder.ts';
import { buildZip } from '../sdk/zipBuilder.ts';
import { Random } from '../support/random.ts';

const COUNT = 80;

describe('workflow/validate', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  before(async () => {
    folder = await temporaryFolder();
  });
  after(() => folder.dispose());

  /** Validates a dense network on its own samples. */
  async function validated(
    name: string,
    { inputs, outputs, weights, x, labels }: Network,
    task: 'auto' | 'regress' | 'anomaly' | 'raw',
  ) {
    const model = path.join(folder.path, `${name}.onnx`);
    const spec = {
      inputs: [{ name: 'x', shape: [1, inputs] }],
      initializers: { w: { dims: [inputs, outputs], floats: weights } },
      nodes: [{ op: 'MatMul', inputs: ['x', 'w'], outputs: ['y'] }],
      outputs: ['y'],
    };
    await writeFile(model, onnxModel(spec));
    const samples = path.join(folder.path, `${name}.npz`);
    const arrays = [
      { name: 'x.npy', data: npy([COUNT, inputs], x) },
      { name: 'y.npy', data: npy([COUNT], labels) },
    ];
    await writeFile(samples, buildZip(arrays));
    const choices = { ...DEFAULT_CHOICES, model, board: 'frdmke04z', samples: [samples], task };
    const result = await validate({
      ...{ choices, test: [], on: ON_SIMULATED, keepsOutputs: true },
      requirements: ['mismatches<=0'],
    });
    assert.equal(result.validation.requirements[0]!.isMet, true);
    assert.equal(result.validation.mismatches.count, 0);
    assert.equal(result.validation.samples, COUNT);
    return result;
  }

  interface Network {
    readonly inputs: number;
    readonly outputs: number;
    readonly weights: readonly number[];
    readonly x: readonly number[];
    readonly labels: readonly number[];
  }

  const random = new Random(4);

  it('measures the errors of a regression', async () => {
    const x = Array.from({ length: COUNT * 4 }, () => random.real(-1, 1));
    const weights = [1, -2, 0.5, 3];
    const exact = Array.from({ length: COUNT }, (_, i) =>
      weights.reduce((sum, w, j) => sum + w * x[4 * i + j]!, 0),
    );
    const labels = exact.map((y) => y + 0.5);
    const { validation } = await validated('plane', { inputs: 4, outputs: 1, weights, x, labels }, 'auto');
    const { score } = validation;
    assert.ok(score.task === 'regress' && score.labelled === COUNT);
    // off by the half that was added, and by what quantization leaves
    assert.ok(Math.abs(score.errors!.mae - 0.5) < 0.05, JSON.stringify(score.errors));
    assert.ok(score.errors!.max < 0.7 && score.errors!.r2! > 0.7);
  });

  it('tells anomalies by their reconstruction error', async () => {
    // it knows the first two of three dimensions
    const weights = [1, 0, 0, 0, 1, 0, 0, 0, 0];
    const labels = Array.from({ length: COUNT }, (_, i) => (i % 4 === 0 ? 1 : 0));
    const x = labels.flatMap((l) => [
      random.real(-1, 1),
      random.real(-1, 1),
      l === 1 ? random.real(0.5, 1) : 0.05,
    ]);
    const { validation, outcomes } = await validated(
      'echo3',
      { inputs: 3, outputs: 3, weights, x, labels },
      'anomaly',
    );
    const { score } = validation;
    assert.ok(score.task === 'anomaly');
    assert.deepEqual([score.normal, score.anomalies], [60, 20]);
    assert.equal(score.roc!.auc, 1);
    assert.deepEqual(score.roc!.best.confusion.matrix, [
      [60, 0],
      [0, 20],
    ]);
    // the third number is what it gets wrong
    outcomes.forEach((o, i) =>
      assert.ok(Math.abs(o.answer! - x[3 * i + 2]! ** 2 / 3) < 0.02, String(o.answer)),
    );
  });

  it('compares every number of what is neither', async () => {
    const x = Array.from({ length: COUNT * 3 }, () => random.real(-1, 1));
    const weights = Array.from({ length: 15 }, () => random.real(-1, 1));
    const labels = new Array<number>(COUNT).fill(0);
    const { validation, outcomes, outputs } = await validated(
      'any',
      { inputs: 3, outputs: 5, weights, x, labels },
      'raw',
    );
    assert.deepEqual(validation.score, { task: 'raw' });
    const csv = outcomesCsv(outcomes, outputs).split('\n');
    assert.equal(csv[0], 'number,name,label,answer,time_us,equal,board y,pc y');
    assert.match(csv[1]!, /^0,any\.npz#0,0,,\d+,yes,(-?\d+ ){4}-?\d+,(-?\d+ ){4}-?\d+$/);
  });

  it('a CSV keeps what names hold, and no name becomes a formula', () => {
    const outcome = {
      ...{ number: 0, name: '=1+1, "x"', label: '@a', answer: -1.5, timeUs: 3, isEqual: false },
      outputs: [{ name: 'y', values: [1, -2] }],
      pc: [{ name: 'y', values: [1, 2] }],
    };
    assert.equal(outcomesCsv([outcome], ['y']).split('\n')[1], `0,"'=1+1, ""x""",'@a,-1.5,3,no,1 -2,1 2`);
    const named = (name: string): string => outcomesCsv([{ ...outcome, name }], ['y']).split('\n')[1]!;
    for (const formula of ["-2+3+cmd|' /C calc'!A0", '-1+HYPERLINK(1)', '\r=1', '-']) {
      assert.match(named(formula), /^0,"?'/, formula);
    }
  });
});
