import assert from 'node:assert/strict';
import { UserError } from '../../../extension/common/error.ts';
import { targetFor } from '../../../extension/compiler/target/targets.ts';
import { importTflite } from '../../../extension/model/formats/tflite/import.ts';
import { isIntegerGraph } from '../../../extension/model/formats/tflite/integers.ts';
import { finished } from '../../../extension/model/import/finish.ts';
import type { QuantizedGraph } from '../../../extension/quantize/quantizedGraph.ts';
import { tfliteIntegers } from '../../../extension/quantize/tflite/network.ts';
import { randomLstm, randomSvdf } from '../../model/tflite/statefulSpecs.ts';
import { tfliteModel, type TfliteSpec } from '../../model/tflite/writer.ts';
import { Random } from '../../support/random.ts';
import { assertOnCore, assertOnHost, streamCase } from '../../support/streamCase.ts';
import { portableTarget } from '../../support/targets.ts';

function quantized(spec: TfliteSpec): QuantizedGraph {
  const graph = finished(importTflite(tfliteModel(spec), { name: 'net' }));
  assert.ok(isIntegerGraph(graph));
  return tfliteIntegers(graph);
}

describe('random LSTM and SVDF layers of TensorFlow Lite compute the same over several inferences as the interpreter', () => {
  const networks = Array.from({ length: 16 }, (_, seed) => {
    const random = new Random(700 + seed);
    const isLstm = seed % 2 === 0;
    const type = seed % 4 === 0 ? 'INT8' : 'INT16';
    return {
      label: `${isLstm ? 'lstm' : 'svdf'}_${seed}`,
      network: quantized(isLstm ? randomLstm(random, type) : randomSvdf(random)),
    };
  });

  it('in C, under the sanitizers of the PC', () => {
    assertOnHost(
      networks.map(({ label, network }, i) =>
        streamCase(label, network, { target: portableTarget(0), reuseInputs: i % 3 === 0 }),
      ),
    );
  });

  it('on the simulated Cortex-M0+', () => {
    assertOnCore(
      networks.map(({ label, network }) =>
        streamCase(label, network, { target: targetFor('cortex-m0plus', 0) }),
      ),
    );
  });

  it('but not with biases of another type than their sums', () => {
    for (const [type, bias, needed] of [
      ['INT8', 'INT64', 'INT32'],
      ['INT16', 'INT32', 'INT64'],
    ] as const) {
      const spec = randomLstm(new Random(1), type);
      const tensors = spec.tensors.map((t) => (t.type === needed ? { ...t, type: bias } : t));
      assert.throws(
        () => quantized({ ...spec, tensors }),
        (e) =>
          e instanceof UserError &&
          e.code === 'model' &&
          e.message.includes(`bias of ${bias}, where its numbers of ${type} need one of ${needed}`),
      );
    }
  });
});
