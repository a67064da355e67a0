import assert from 'node:assert/strict';
import { compileBundle } from '../../../extension/compiler/compile.ts';
import { targetFor } from '../../../extension/compiler/target/targets.ts';
import { interpret, type QStates, statesAfter } from '../../../extension/quantize/interpret.ts';
import { type QuantizedGraph, qvalue } from '../../../extension/quantize/quantizedGraph.ts';
import { tfliteIntegers } from '../../../extension/quantize/tflite/network.ts';
import { CompiledModels } from '../../support/compiledModel.ts';
import { HostModels } from '../../support/hostModels.ts';
import { fromBytes, toBytes } from '../../support/quantized.ts';
import { portableTarget } from '../../support/targets.ts';
import { asFile, type Golden, goldenNetwork, streams } from './goldens.ts';

describe('the states of quantized networks, kept over several inferences, are those of TensorFlow Lite Micro', () => {
  const all = streams();
  const networks = new Map<string, QuantizedGraph>();

  before(() => {
    for (const name of all.keys()) networks.set(name, tfliteIntegers(goldenNetwork(name)!));
  });

  it('by the interpreter', () => {
    for (const [name, network] of networks) {
      let states: QStates | undefined;
      for (const { given, expected } of runsOf(network, all.get(name)!)) {
        const values = interpret(network, given, states);
        states = statesAfter(network, values);
        for (const [output, numbers] of expected)
          assert.deepEqual(Array.from(values.get(output)!), numbers, name);
      }
    }
  });

  it('by the C, under the sanitizers of the PC, with inputs that stay and that are written over', () => {
    const list = bundles((name, i) => ({ name, target: portableTarget(0), reuseInputs: i % 2 === 0 }));
    const models = new HostModels(list.map((c) => c.bundle));
    try {
      for (const { name, network, bundle } of list) {
        const runs = runsOf(network, all.get(name)!);
        const found = models.run(runs.map(({ bytes }, r) => ({ bundle, inputs: bytes, goesOn: r > 0 })));
        for (const [r, { expected }] of runs.entries()) assertOutputs(name, network, found[r]!, expected);
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
        for (const [r, { bytes, expected }] of runsOf(network, all.get(name)!).entries()) {
          const { outputs } = models.run(bundle, bytes, r > 0);
          assertOutputs(`${name}, round ${round}`, network, outputs, expected);
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

/** Each run's input, as numbers and as bytes, and the numbers expected of each output. */
function runsOf(network: QuantizedGraph, { inputs, outputs }: Golden) {
  return inputs[0]!.runs.map((_, r) => ({
    given: new Map(inputs.map((i) => [i.name, i.runs[r]!])),
    bytes: new Map(
      inputs.map((i) => [i.name, toBytes(Int32Array.from(i.runs[r]!), typeOf(network, i.name))]),
    ),
    expected: new Map(outputs.map((o) => [o.name, o.runs[r]!])),
  }));
}

function assertOutputs(
  name: string,
  network: QuantizedGraph,
  found: ReadonlyMap<string, Uint8Array>,
  expected: ReadonlyMap<string, readonly number[]>,
): void {
  for (const [output, numbers] of expected) {
    const type = typeOf(network, output);
    const q = fromBytes(found.get(output)!, type);
    assert.deepEqual(asFile({ type }, q, qvalue(network, output)), numbers, `${name}: ${output}`);
  }
}

function typeOf(network: QuantizedGraph, name: string): 'int8' | 'int16' {
  const { type } = qvalue(network, name);
  assert.ok(type === 'int8' || type === 'int16');
  return type;
}
