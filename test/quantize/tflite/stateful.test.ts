import assert from 'node:assert/strict';
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
});
