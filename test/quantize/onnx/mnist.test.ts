import assert from 'node:assert/strict';
import { compileBundle } from '../../../extension/compiler/compile.ts';
import { targetFor } from '../../../extension/compiler/target/targets.ts';
import { evaluate } from '../../../extension/model/evaluate.ts';
import { importOnnx } from '../../../extension/model/formats/onnx/import.ts';
import { finished } from '../../../extension/model/import/finish.ts';
import { qvalue } from '../../../extension/quantize/quantizedGraph.ts';
import { CompiledModels } from '../../support/compiledModel.ts';
import { HostModels } from '../../support/hostModels.ts';
import { testDigits, top1 } from '../../support/mnist.ts';
import { fromBytes, toBytes } from '../../support/quantized.ts';
import { digit, type QuantizedMnist, quantizedMnist } from '../../support/quantizedMnist.ts';
import { portableTarget } from '../../support/targets.ts';
import { assertAgrees, givenTo, onnxruntime, quantizedOnnx } from './runtime.ts';

const INPUT = 'max_pooling_1_input';
const WAYS: readonly QuantizedMnist[] = [
  { form: 'qdq', activations: 'int8', perChannel: true },
  { form: 'qdq', activations: 'uint8', perChannel: false },
  { form: 'qoperator', activations: 'int8', perChannel: false },
  { form: 'qoperator', activations: 'uint8', perChannel: true },
];

const samples = (count: number) => Array.from({ length: count }, (_, i) => new Map([[INPUT, digit(i)]]));

describe('the example network, quantized as ONNX', () => {
  for (const way of WAYS) {
    const name = `${way.form}, ${way.activations}, ${way.perChannel ? 'a scale a channel' : 'a scale a tensor'}`;
    it(`${name}: equals onnxruntime, with its optimizations and without`, async () => {
      const bytes = quantizedMnist(way);
      for (const level of ['disabled', 'all'] as const) await assertAgrees(bytes, samples(20), level);
    });
  }

  it('so do its C and its code for Cortex-M0+', async () => {
    const networks = WAYS.map((way) => {
      const bytes = quantizedMnist(way);
      return { bytes, network: quantizedOnnx(bytes) };
    });
    const portable = networks.map(({ network }, i) =>
      compileBundle(network, { name: `host_${i}`, target: portableTarget(0) }),
    );
    const small = networks.map(({ network }, i) =>
      compileBundle(network, {
        name: `m0_${i}`,
        target: targetFor('cortex-m0plus', i % 2 === 0 ? 20000 : 0),
      }),
    );
    const host = new HostModels(portable);
    const core = new CompiledModels(small);
    try {
      for (const [i, { bytes, network }] of networks.entries()) {
        const [output] = network.outputs as [string];
        const { type } = qvalue(network, output);
        assert.equal(type, 'int8');
        const expected = await onnxruntime(bytes, network, samples(12), 'all');
        for (const [k, sample] of samples(12).entries()) {
          const given = new Map([[INPUT, toBytes(givenTo(network, sample).get(INPUT)!, 'int8')]]);
          const [byHost] = host.run([{ bundle: portable[i]!, inputs: given }]);
          const byCore = core.run(small[i]!, given).outputs;
          for (const outputs of [byHost!, byCore]) {
            assert.deepEqual(fromBytes(outputs.get(output)!, 'int8'), [...expected[k]![0]!], `digit ${k}`);
          }
        }
      }
    } finally {
      host.remove();
    }
  });

  it('and its real numbers, which are shown beside, name the same classes', () => {
    for (const way of WAYS) {
      const graph = finished(importOnnx(quantizedMnist(way), { name: 'mnist' }));
      let right = 0;
      for (let i = 0; i < 50; i++) {
        const reals = evaluate(graph, new Map([[INPUT, digit(i)]])).get(graph.outputs[0]!)!;
        if (top1(reals) === testDigits().label(i)) right++;
      }
      assert.ok(right >= 48, `${right} of 50`);
    }
  });
});
