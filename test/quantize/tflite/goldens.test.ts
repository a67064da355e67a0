import assert from 'node:assert/strict';
import { compileBundle } from '../../../extension/compiler/compile.ts';
import { targetFor } from '../../../extension/compiler/target/targets.ts';
import { evaluate } from '../../../extension/model/evaluate.ts';
import type { QuantizedGraph } from '../../../extension/quantize/quantizedGraph.ts';
import { tfliteIntegers } from '../../../extension/quantize/tflite/network.ts';
import { CompiledModels } from '../../support/compiledModel.ts';
import { HostModels } from '../../support/hostModels.ts';
import { portableTarget } from '../../support/targets.ts';
import { assertGolden, assertOutputs, goldenGraph, goldenNetwork, goldens, runsOf } from './goldens.ts';

/** How many networks have each operator, of those that are computed. */
const COMPUTED: Readonly<Record<string, number>> = {
  ...{ ABS: 2, ADD: 10, ARG_MAX: 2, ARG_MIN: 1, AVERAGE_POOL_2D: 7, CONCATENATION: 5, CONV_2D: 30 },
  ...{ DEPTHWISE_CONV_2D: 11, DEQUANTIZE: 5, ELU: 1, EXPAND_DIMS: 2, FULLY_CONNECTED: 19, GATHER: 1 },
  ...{ HARD_SWISH: 5, LEAKY_RELU: 5, LOGISTIC: 7, LOG_SOFTMAX: 1, MAXIMUM: 3, MAX_POOL_2D: 5, MEAN: 11 },
  ...{ MINIMUM: 3, MUL: 8, PACK: 2, PAD: 3, PADV2: 2, PRELU: 3, QUANTIZE: 18, REDUCE_MAX: 2 },
  ...{ REDUCE_MIN: 1, RELU: 3, RELU6: 2, RESHAPE: 8, RESIZE_BILINEAR: 4, RESIZE_NEAREST_NEIGHBOR: 5 },
  ...{ RSQRT: 1, SLICE: 3, SOFTMAX: 17, SPACE_TO_DEPTH: 1, SPLIT: 2, SPLIT_V: 1, SQUARED_DIFFERENCE: 1 },
  ...{ SQUEEZE: 3, STRIDED_SLICE: 5, SUB: 6, SUM: 1, SVDF: 4, TANH: 6, TRANSPOSE: 3, TRANSPOSE_CONV: 6 },
  ...{ UNIDIRECTIONAL_SEQUENCE_LSTM: 7, UNPACK: 1 },
};

const all = goldens();

describe('what TensorFlow Lite Micro computes in integers, bit for bit', () => {
  const computed = new Map<string, QuantizedGraph>();

  before(() => {
    for (const name of all.keys()) {
      const network = goldenNetwork(name);
      if (network) computed.set(name, tfliteIntegers(network));
    }
  });

  it('for so many networks with each operator', () => {
    const counts: Record<string, number> = {};
    for (const name of computed.keys()) {
      for (const operator of all.get(name)!.operators) counts[operator] = (counts[operator] ?? 0) + 1;
    }
    assert.deepEqual(counts, COMPUTED);
  });

  it('by the interpreter', () => {
    for (const [name, network] of computed) assertGolden(name, network, all.get(name)!);
  });

  it('and float networks whose results are exact: positions of largest elements', () => {
    const exact = [...all].filter(
      ([name, { operators }]) => operators.includes('ARG_MAX') && !computed.has(name),
    );
    for (const [name, { inputs, outputs }] of exact) {
      const graph = goldenGraph(name);
      for (const r of inputs[0]!.runs.keys()) {
        const values = evaluate(graph, new Map(inputs.map((i) => [i.name, Float32Array.from(i.runs[r]!)])));
        for (const o of outputs) assert.deepEqual([...values.get(o.name)!], o.runs[r], `${name}: run ${r}`);
      }
    }
    assert.equal(exact.length, 1);
  });

  it('by the C, under the sanitizers of the PC', () => {
    const list = [...computed].map(([name, network]) => ({
      name,
      network,
      bundle: compileBundle(network, { name: `net_${name.replace(/\W/g, '_')}`, target: portableTarget(0) }),
    }));
    const models = new HostModels(list.map((c) => c.bundle));
    try {
      for (const { name, network, bundle } of list) {
        for (const { given, expected } of runsOf(all.get(name)!, network)) {
          const [outputs] = models.run([{ bundle, inputs: given }]);
          assertOutputs(name, all.get(name)!, network, outputs!, expected);
        }
      }
    } finally {
      models.remove();
    }
  });

  it('by the code for Cortex-M0+ on the simulated core', () => {
    const list = [...computed].map(([name, network], i) => ({
      name,
      network,
      bundle: compileBundle(network, {
        name: `net_${name.replace(/\W/g, '_')}`,
        target: targetFor('cortex-m0plus', i % 2 === 0 ? 20000 : 0),
      }),
    }));
    const batch = 40;
    for (let from = 0; from < list.length; from += batch) {
      const some = list.slice(from, from + batch);
      const models = new CompiledModels(some.map((c) => c.bundle));
      for (const { name, network, bundle } of some) {
        for (const { given, expected } of runsOf(all.get(name)!, network)) {
          assertOutputs(name, all.get(name)!, network, models.run(bundle, given).outputs, expected);
        }
      }
    }
  });
});
