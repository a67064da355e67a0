import { readFileSync } from 'node:fs';
import path from 'node:path';
import { english } from '../../extension/common/errors/sentence.ts';
import { compileBundle } from '../../extension/compiler/compile.ts';
import { DEFAULT_UNROLL_BYTES } from '../../extension/compiler/target/target.ts';
import { targetFor } from '../../extension/compiler/target/targets.ts';
import { productRoot } from '../../extension/common/resources.ts';
import { importOnnx } from '../../extension/model/formats/onnx/import.ts';
import { optimize } from '../../extension/model/passes/optimize.ts';
import { DEFAULT_QUANTIZE_OPTIONS } from '../../extension/quantize/options.ts';
import { profile } from '../../extension/quantize/profile.ts';
import { quantize } from '../../extension/quantize/quantize.ts';
import { layerRow, tensorMessage } from '../../extension/views/network/tensorMessage.ts';
import type { NetworkState, TensorMessage } from '../../webview/shared/messages/network.ts';
import { enter, networksFirmware, watched } from '../debug/networks.ts';
import { quantizeInputs, toBytes } from '../support/quantized.ts';
import { digit } from '../support/quantizedMnist.ts';

/** What the page gets of the example's network at a stop. */
export interface StoppedNetwork {
  readonly state: NetworkState;
  readonly tensors: readonly (TensorMessage | undefined)[];
}

/** The example's network on a bare board, stopped where a number of its second layer was made wrong, or at the end of an inference. */
export async function stoppedNetwork(wrong: boolean): Promise<StoppedNetwork> {
  const onnx = new Uint8Array(readFileSync(path.join(productRoot, 'examples/mnist/mnist.onnx')));
  const graph = optimize(importOnnx(onnx, { name: 'mnist' }));
  const [input] = graph.inputs;
  const sample = (i: number): Map<string, Float32Array> => new Map([[input!.name, digit(i)]]);
  const quantized = quantize(graph, profile(graph, [1, 2, 3, 4].map(sample)), DEFAULT_QUANTIZE_OPTIONS);
  const bundle = compileBundle(quantized, {
    name: 'mnist',
    target: targetFor('cortex-m0plus', DEFAULT_UNROLL_BYTES),
  });
  const board = watched(networksFirmware([bundle]), bundle, quantized);
  const { debuggee, watch, run } = board;
  const numbers = quantizeInputs(quantized, sample(7));
  const inputs = bundle.placeholders
    .filter((p) => p.direction === 'input')
    .map((p) => [p.name, toBytes(numbers.get(p.name)!, p.type)] as const);
  await enter(board, bundle, new Map(inputs));
  await watch.stopAtDifference(true);
  if (wrong) {
    const activations = debuggee.readRegister(2);
    debuggee.breakpoints = new Set([debuggee.machine.symbol(bundle.layers[2]!.symbol).address & ~1]);
    await run(debuggee.continue());
    debuggee.breakpoints = new Set();
    const address = activations + bundle.layers[1]!.output!.byteOffset + 5;
    const [byte] = debuggee.machine.readMemory(address, 1);
    debuggee.change({ kind: 'memory', address, bytes: Uint8Array.of(byte! ^ 64) });
  }
  const stop = await run(debuggee.continue());
  if (stop.kind !== 'compared') throw new Error(`it stopped for ${stop.kind}`);
  const states = await watch.layers();
  const views = await Promise.all(states.map((s) => watch.tensor(s.layer)));
  return {
    state: {
      type: 'state',
      network: 'mnist',
      board: 'stands',
      words: english(stop.sentence),
      layers: states.map(layerRow),
      stopsAtDifference: true,
      isPreparing: false,
    },
    tensors: views.map((v) => v.board && tensorMessage(v, v.board, '')),
  };
}
