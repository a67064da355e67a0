import assert from 'node:assert/strict';
import type { Inputs } from '../../extension/data/reader.ts';
import { readLabels } from '../../extension/workflow/data/labels.ts';
import {
  accelerometer,
  activity,
  areaUnderCurve,
  arrayOf,
  fileOf,
  integers,
  keywords,
  machine,
  type MadeNetwork,
  meanSquaredError,
  onnxruntime,
  quantized,
  reportOf,
  samplesIn,
  thermometer,
  top1,
} from './networks.ts';

/** Real outputs for everything that was held out, of ONNX Runtime and of the integers. */
async function results(network: MadeNetwork) {
  const made = await quantized(network);
  const samples = await samplesIn(network, network.heldOut, made);
  const inputs: readonly Inputs[] = samples.map((s) => s.inputs);
  const float = await onnxruntime(network, made.graph, inputs);
  const int8 = inputs.map(
    (x) => new Map([...integers(made.quantized, x)].map(([name, { real }]) => [name, real])),
  );
  const of = (outputs: readonly ReadonlyMap<string, ArrayLike<number>>[], name: string) =>
    outputs.map((o) => o.get(name)!);
  return {
    inputs,
    labels: samples.map((s) => Number(s.sample.label)),
    /** An output of each network, sample by sample. */
    output: (name: string) => ({ float: of(float, name), int8: of(int8, name) }),
  };
}

const share = (outputs: readonly ArrayLike<number>[], labels: readonly number[]): number =>
  outputs.filter((o, i) => top1(o) === labels[i]).length / labels.length;

const meanAbsoluteError = (outputs: readonly ArrayLike<number>[], wanted: ArrayLike<number>): number =>
  outputs.reduce((sum, o, i) => sum + Math.abs(o[0]! - wanted[i]!), 0) / outputs.length;

/** What was held out of the training: the float network is as good as its report says, and the integers nearly so. */
describe('networks on what they never saw', () => {
  for (const network of [accelerometer, keywords]) {
    it(`${network.title}: as many right as the training counted, and 8 bits lose little`, async () => {
      const { heldOut, correct, floatAccuracy } = reportOf(network);
      const { labels, output } = await results(network);
      assert.equal(labels.length, heldOut);
      const { float, int8 } = output('dense');
      assert.equal(share(float, labels), correct! / heldOut!);
      assert.equal(floatAccuracy, correct! / heldOut!);
      assert.ok(floatAccuracy > 0.95, `${floatAccuracy}`);
      const accuracy = share(int8, labels);
      assert.ok(Math.abs(accuracy - floatAccuracy) <= 0.02, `${accuracy}`);
    });

    it(`${network.title}: samples are in the folder of their class, and known`, async () => {
      const made = await quantized(network);
      const classes = await readLabels(fileOf(network, network.model), undefined);
      for (const part of ['samples', network.samples]) {
        const samples = await samplesIn(network, part, made);
        const named = classes.map((c) => samples.filter((s) => s.sample.label === c).length);
        assert.equal(new Set(named).size, 1, `${part}: ${named.join()}`);
        assert.equal(named[0]! * classes.length, samples.length);
        const right = samples.filter(({ sample, inputs }) => {
          const { real } = integers(made.quantized, inputs).get('dense')!;
          return classes[top1(real)] === sample.label;
        });
        assert.ok(right.length >= 0.9 * samples.length, `${part}: ${right.length} of ${samples.length}`);
      }
    });
  }

  it(`${machine.title}: what is broken sounds unlike what was learned`, async () => {
    const { inputs, output } = await results(machine);
    const isAnomalous = await arrayOf(machine, machine.heldOut, 'anomalous');
    const { float, int8 } = output('drawn');
    const area = (drawn: readonly ArrayLike<number>[]): number => {
      const errors = drawn.map((d, i) => meanSquaredError(d, inputs[i]!.get('log_mel')!));
      return areaUnderCurve(
        errors.filter((_, i) => isAnomalous[i] === 0),
        errors.filter((_, i) => isAnomalous[i] === 1),
      );
    };
    const { areaUnderCurve: measured } = reportOf(machine);
    // the file has its numbers in 16 bits
    assert.ok(Math.abs(area(float) - measured!) < 0.002, `${area(float)}`);
    assert.ok(measured! > 0.95 && area(int8) > 0.95, `${area(int8)}`);
  });

  it(`${thermometer.title}: temperatures within half a degree, on average`, async () => {
    const wanted = await arrayOf(thermometer, thermometer.heldOut, 'temperature');
    const { output } = await results(thermometer);
    const { float, int8 } = output('dense3');
    const { meanAbsoluteError: measured } = reportOf(thermometer);
    assert.ok(Math.abs(meanAbsoluteError(float, wanted) - measured!) < 1e-4);
    // of 80 degrees; an int8 step of the result is a third of one
    assert.ok(measured! < 0.5, `${measured}`);
    const error = meanAbsoluteError(int8, wanted);
    assert.ok(error < 1.5, `${error}`);
  });

  it(`${activity.title}: both are told`, async () => {
    const { labels, output } = await results(activity);
    const { heldOut, correct, meanAbsoluteError: measured } = reportOf(activity);
    const wanted = await arrayOf(activity, activity.heldOut, 'intensity');
    const [doing, strength] = [output('doing_activity'), output('strength_intensity')];
    assert.equal(share(doing.float, labels), correct! / heldOut!);
    assert.ok(share(doing.float, labels) > 0.9);
    assert.ok(
      Math.abs(share(doing.int8, labels) - correct! / heldOut!) <= 0.03,
      `${share(doing.int8, labels)}`,
    );
    assert.ok(Math.abs(meanAbsoluteError(strength.float, wanted) - measured!) < 1e-4);
    assert.ok(measured! < 0.1, `${measured}`);
    const error = meanAbsoluteError(strength.int8, wanted);
    assert.ok(error < 0.15, `${error}`);
  });
});
