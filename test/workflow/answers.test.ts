import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { portText } from '../../extension/cli/commands/showPort.ts';
import { meanSquaredError } from '../../extension/bundle/reconstruction.ts';
import { UserError } from '../../extension/common/error.ts';
import { evaluate } from '../../extension/model/evaluate.ts';
import { interpret } from '../../extension/quantize/interpret.ts';
import { dequantize } from '../../extension/quantize/schemas.ts';
import { DEFAULT_CHOICES, type PortChoices } from '../../extension/workflow/choices/choices.ts';
import { compare } from '../../extension/workflow/compare/compare.ts';
import { port, type PortResult } from '../../extension/workflow/port/port.ts';
import { portSummary } from '../../extension/workflow/port/summary.ts';
import { quantizedInputs } from '../../extension/workflow/report/accuracy.ts';
import { npy } from '../data/npyBuilder.ts';
import { onnxModel } from '../model/onnxBuilder.ts';
import { Random } from '../support/random.ts';
import { testFolder } from '../support/testFolder.ts';

const random = new Random(23);
const reals = (count: number, size = 1): number[] =>
  Array.from({ length: count }, () => Math.fround(random.real(-size, size)));

const SAMPLES = 120;

/** Random networks of each kind, ported whole. */
describe('workflow: answers of any kind', () => {
  const folder = testFolder('answers');

  async function ported(name: string, model: Uint8Array, choices: Partial<PortChoices>): Promise<PortResult> {
    const file = await folder.put(`${name}/${name}.onnx`, model);
    const result = await port(
      {
        ...DEFAULT_CHOICES,
        ...{ model: file, board: 'frdmke16z', out: path.join(folder.path, name, `out${count++}`) },
        ...choices,
      },
      {},
      { fitAll: false },
    );
    assert.equal(result.comparison?.match, true);
    return result;
  }
  let count = 0;

  const autoencoder = (): Uint8Array =>
    onnxModel({
      inputs: [{ name: 'x', shape: [1, 24] }],
      nodes: [
        { op: 'Gemm', inputs: ['x', 'a'], outputs: ['h'] },
        { op: 'Relu', inputs: ['h'], outputs: ['r'] },
        { op: 'Gemm', inputs: ['r', 'b'], outputs: ['y'] },
      ],
      outputs: ['y'],
      initializers: {
        a: { dims: [24, 6], floats: reals(144, 0.5) },
        b: { dims: [6, 24], floats: reals(144, 0.5) },
      },
    });

  describe('an autoencoder', () => {
    let samples = '';
    let rows: number[][] = [];
    let model: Uint8Array;
    before(async () => {
      rows = Array.from({ length: SAMPLES }, () => reals(24));
      samples = await folder.put('auto.npy', Buffer.from(npy([SAMPLES, 24], rows.flat())));
      model = autoencoder();
    });

    /** Errors of all rows, found another way: in real numbers. */
    const errorsOf = ({ quantized, graph }: PortResult) =>
      rows.map((row) => {
        const inputs = new Map([['x', Float32Array.from(row)]]);
        const given = quantizedInputs(quantized!, inputs);
        const [x, y] = ['x', graph.outputs[0]!].map((n) => quantized!.values.get(n)!) as [never, never];
        const real = (list: ArrayLike<number>, of: Parameters<typeof dequantize>[1]) =>
          Array.from(list, (q) => dequantize(q, of));
        const out = interpret(quantized!, given).get(graph.outputs[0]!)!;
        return {
          quantized: meanSquaredError(real(given.get('x')!, x), real(out, y)),
          float: meanSquaredError(row, evaluate(graph, inputs).get(graph.outputs[0]!)!),
        };
      });

    for (const change of [
      { board: 'frdmke16z' },
      { board: 'frdmke04z', reuseInput: true },
      { board: 'lpcxpresso860max', quantization: { ...DEFAULT_CHOICES.quantization, precision: 'int16' } },
    ] as const) {
      it(`says how far it is off, with a threshold measured over the samples: ${JSON.stringify(change).slice(0, 80)}`, async () => {
        const result = await ported('encoder', model, {
          samples: [samples],
          input: `${samples}#3`,
          ...change,
        });
        const { threshold, task } = result.answer;
        assert.equal(task, 'anomaly');
        assert.deepEqual([threshold?.basis, threshold?.samples], ['quantized', SAMPLES]);
        const errors = errorsOf(result);
        const sorted = errors.map((e) => e.quantized).sort((a, b) => a - b);
        assert.ok(Math.abs(threshold!.value / sorted[Math.ceil(0.99 * SAMPLES) - 1]! - 1) < 0.01);
        const { reconstruction } = result.pc.expected;
        assert.ok(
          Math.abs((reconstruction!.error! * reconstruction!.unit) / errors[3]!.quantized - 1) < 0.01,
        );
        assert.ok(Math.abs(reconstruction!.float / errors[3]!.float - 1) < 1e-5);
        const same = errors.filter(
          (e) => e.quantized > threshold!.value === e.float > threshold!.value,
        ).length;
        assert.ok(Math.abs(result.check!.closeness.sameVerdict! - same) <= 1);
        assert.equal(result.run!.report.others![0]!.values.size, 24);
        const summary = portSummary(result);
        assert.deepEqual([summary.task, summary.top1], ['anomaly', null]);
        assert.deepEqual(summary.reconstruction, result.run!.report.reconstruction);
        assert.deepEqual(summary.threshold, threshold);
        const text = portText(result);
        assert.match(text, /^reconstruction {2,}error {2}threshold {2,}\(real\) {2}verdict/m);
        assert.match(text, /99th percentile of the quantized network over 120 samples$/m);
        assert.match(text, /^y {2,}24 {2,}24 /m);
        assert.match(text, /the same verdict for \d+ of 120 samples/);
        assert.doesNotMatch(text, /Top1/);
      });
    }

    it('takes a threshold that was chosen, and keeps it a choice', async () => {
      const result = await ported('encoder', model, { samples: [samples], threshold: 1e-6 });
      assert.deepEqual(result.answer.threshold, { value: 1e-6, basis: 'chosen', samples: 0 });
      assert.equal(result.run!.report.reconstruction!.isAnomalous, true);
      const main = await readFile(path.join(result.project, 'source/main.c'), 'utf8');
      assert.match(main, /the threshold is 0\.00000100000 in real units/);
      const wrong = { ...result.run!.report, reconstruction: { error: 1, threshold: 0, isAnomalous: false } };
      const comparison = compare(wrong, result.pc.expected);
      assert.equal(comparison.match, false);
      assert.match(portText({ ...result, comparison }), /^Match {3}NO: the reconstruction error differs$/m);
    });

    it('is what is chosen for it instead', async () => {
      const raw = await ported('encoder', model, { samples: [samples], task: 'raw' });
      assert.equal(raw.run!.report.reconstruction, undefined);
      assert.equal(raw.run!.report.others![0]!.values.size, 24);
      const classes = await ported('encoder', model, { samples: [samples], task: 'classify' });
      assert.equal(classes.run!.report.confidences.length, 24);
      assert.equal(classes.pc.percents!.length, 24);
      assert.ok(Math.abs(classes.pc.percents!.reduce((a, b) => a + b) - 100) < 1e-6);
      await assert.rejects(
        ported('encoder', model, { samples: [samples], task: 'raw', threshold: 3 }),
        (e) => e instanceof UserError && e.code === 'usage',
      );
    });
  });

  it('a regression prints the real numbers that the PC finds, two inputs or one', async () => {
    const model = onnxModel({
      inputs: [{ name: 'x', shape: [1, 6] }],
      nodes: [
        { op: 'Gemm', inputs: ['x', 'a'], outputs: ['h'] },
        { op: 'Tanh', inputs: ['h'], outputs: ['t'] },
        { op: 'Gemm', inputs: ['t', 'b', 'c'], outputs: ['temperature'] },
        { op: 'Relu', inputs: ['h'], outputs: ['features'] },
      ],
      outputs: ['temperature', 'features'],
      initializers: {
        a: { dims: [6, 20], floats: reals(120) },
        b: { dims: [20, 1], floats: reals(20, 9) },
        c: { dims: [1], floats: [21.5] },
      },
    });
    const rows = await folder.put('rows.npy', Buffer.from(npy([40, 6], reals(240))));
    const result = await ported('regress', model, { samples: [rows], board: 'frdmke04z' });
    const [temperature, features] = result.run!.report.others!;
    const real = Number(temperature!.reals!.get(0));
    const { scale, offset } = result.pc.output;
    assert.ok(Math.abs(real - scale * (temperature!.values.get(0)! - offset)) < scale / 10);
    assert.equal(features!.values.size, 20);
    const { errors, namesClasses } = result.check!.closeness;
    assert.equal(namesClasses, false);
    assert.ok(errors!.rmse <= errors!.maxAbsolute && errors!.meanAbsolute <= errors!.rmse);
    const text = portText(result);
    assert.match(
      text,
      new RegExp(`^temperature\\[0\\] +-?\\d+ +${temperature!.reals!.get(0)!.replace('.', '\\.')} `, 'm'),
    );
    assert.match(text, /^features +20 +20 /m);
    assert.match(text, /RMSE/);
    assert.match(text, /^Match {3}yes: the board printed exactly what the PC computes, both outputs$/m);
    const comparison = compare(
      {
        ...result.run!.report,
        others: [{ ...temperature!, reals: new Map([[0, '1.0']]) }, features!],
      },
      result.pc.expected,
    );
    assert.deepEqual(
      [comparison.match, comparison.others[0]!.differing],
      [false, 1],
      'a real number is compared, too',
    );
  });

  it('a map of 80 x 80 is printed whole, compared in every value, and no limit is hit', async () => {
    const model = onnxModel({
      inputs: [{ name: 'x', shape: [1, 1, 80, 80] }],
      nodes: [
        { op: 'Relu', inputs: ['x'], outputs: ['map'] },
        { op: 'Sigmoid', inputs: ['x'], outputs: ['z'] },
      ],
      outputs: ['map', 'z'],
    });
    const picture = await folder.put('map.npy', Buffer.from(npy([2, 1, 80, 80], reals(12_800))));
    const result = await ported('map', model, { samples: [picture], board: 'frdmk32l2b', task: 'raw' });
    assert.deepEqual(
      result.comparison!.others.map((o) => [o.elements, o.differing]),
      [
        [6400, 0],
        [6400, 0],
      ],
    );
    assert.match(portText(result), /^map +6,400 +6,400 /m);
    // at 9600 baud
    const one = onnxModel({
      inputs: [{ name: 'x', shape: [1, 1, 80, 80] }],
      nodes: [{ op: 'Relu', inputs: ['x'], outputs: ['map'] }],
      outputs: ['map'],
    });
    const slow = await ported('slow', one, { samples: [picture], board: 'lpc845breakout', task: 'raw' });
    assert.equal(slow.run!.report.others![0]!.values.size, 6400);
  });
});
