import assert from 'node:assert/strict';
import { compileBundle } from '../../extension/compiler/compile.ts';
import { lowerBound } from '../../extension/compiler/memory/plan.ts';
import { targetFor } from '../../extension/compiler/target/targets.ts';
import { evaluate } from '../../extension/model/evaluate.ts';
import { interpret } from '../../extension/quantize/interpret.ts';
import { DEFAULT_QUANTIZE_OPTIONS } from '../../extension/quantize/options.ts';
import { profile } from '../../extension/quantize/profile.ts';
import { quantize } from '../../extension/quantize/quantize.ts';
import { CompiledModels } from '../support/compiledModel.ts';
import { NETWORKS } from '../support/networks.ts';
import { dequantizeAll, fromBytes, quantizeInputs, toBytes } from '../support/quantized.ts';
import { Random } from '../support/random.ts';
import { randomInputs } from '../support/randomGraph.ts';

/** Decibels of a signal over its error. */
function signalToNoise(signal: ArrayLike<number>, noisy: ArrayLike<number>): number {
  let power = 0;
  let noise = 0;
  for (let i = 0; i < signal.length; i++) {
    power += signal[i]! ** 2;
    noise += (signal[i]! - noisy[i]!) ** 2;
  }
  return 10 * Math.log10(power / noise);
}

describe('networks of real size', () => {
  for (const [name, make] of Object.entries(NETWORKS)) {
    it(`${name}: the simulated core equals the interpreter, which is close to float; memory is planned tightly`, () => {
      const random = new Random(7);
      const graph = make(random);
      const samples = Array.from({ length: 4 }, () => randomInputs(graph, random));
      const quantized = quantize(graph, profile(graph, samples), DEFAULT_QUANTIZE_OPTIONS);
      const target = targetFor('cortex-m0plus');
      const bundle = compileBundle(quantized, { name, target });
      assert.equal(bundle.activationBytes, lowerBound(bundle.buffers!, bundle.alignment));

      const models = new CompiledModels([bundle]);
      for (const sample of samples.slice(0, 2)) {
        const inputs = quantizeInputs(quantized, sample);
        const { outputs } = models.run(bundle, new Map([['input', toBytes(inputs.get('input')!, 'int8')]]));
        const expected = interpret(quantized, inputs);
        const output = bundle.placeholders.find((p) => p.direction === 'output')!;
        const board = fromBytes(outputs.get(output.name)!, output.type);
        assert.deepEqual(board, Array.from(expected.get(output.name)!));

        const real = evaluate(graph, sample).get(output.name)!;
        const decibels = signalToNoise(real, dequantizeAll(board, output));
        assert.ok(decibels > 25, `${decibels} dB`);
      }
    });
  }
});
