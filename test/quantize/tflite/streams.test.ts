import assert from 'node:assert/strict';
import { compileBundle } from '../../../extension/compiler/compile.ts';
import { targetFor } from '../../../extension/compiler/target/targets.ts';
import { interpret, type QStates, statesAfter } from '../../../extension/quantize/interpret.ts';
import type { QuantizedGraph } from '../../../extension/quantize/quantizedGraph.ts';
import { tfliteIntegers } from '../../../extension/quantize/tflite/network.ts';
import { CompiledModels } from '../../support/compiledModel.ts';
import { HostModels } from '../../support/hostModels.ts';
import { portableTarget } from '../../support/targets.ts';
import { assertOutputs, goldenNetwork, runsOf, streams } from './goldens.ts';

describe('the states of quantized networks, kept over several inferences, are those of TensorFlow Lite Micro', () => {
  const all = streams();
  const networks = new Map<string, QuantizedGraph>();

  before(() => {
    for (const name of all.keys()) networks.set(name, tfliteIntegers(goldenNetwork(name)!));
  });

  it('by the interpreter', () => {
    for (const [name, network] of networks) {
      let states: QStates | undefined;
      for (const { numbers, expected } of runsOf(all.get(name)!, network)) {
        const values = interpret(network, numbers, states);
        states = statesAfter(network, values);
        for (const [output, wanted] of expected)
          assert.deepEqual(Array.from(values.get(output)!), wanted, name);
      }
    }
  });

  it('by the C, under the sanitizers of the PC, with inputs that stay and that are written over', () => {
    const list = bundles((name, i) => ({ name, target: portableTarget(0), reuseInputs: i % 2 === 0 }));
    const models = new HostModels(list.map((c) => c.bundle));
    try {
      for (const { name, network, bundle } of list) {
        const runs = runsOf(all.get(name)!, network);
        const found = models.run(runs.map(({ given }, r) => ({ bundle, inputs: given, goesOn: r > 0 })));
        for (const [r, { expected }] of runs.entries())
          assertOutputs(name, all.get(name)!, network, found[r]!, expected);
      }
    } finally {
      models.remove();
    }
  });

  it('by the code for Cortex-M0+ on the simulated core, from a memory that was reset', () => {
    const list = bundles((name, i) => ({
      name,
      target: targetFor('cortex-m0plus', i % 2 === 0 ? 20000 : 0),
    }));
    const models = new CompiledModels(list.map((c) => c.bundle));
    for (const { name, network, bundle } of list) {
      for (const round of [0, 1]) {
        for (const [r, { given, expected }] of runsOf(all.get(name)!, network).entries()) {
          const { outputs } = models.run(bundle, given, r > 0);
          assertOutputs(`${name}, round ${round}`, all.get(name)!, network, outputs, expected);
        }
      }
    }
  });

  function bundles(options: (name: string, i: number) => Parameters<typeof compileBundle>[1]) {
    return [...networks].map(([name, network], i) => ({
      name,
      network,
      bundle: compileBundle(network, options(`net_${name.replace(/\W/g, '_')}`, i)),
    }));
  }
});
