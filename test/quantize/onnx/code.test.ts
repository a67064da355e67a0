import assert from 'node:assert/strict';
import { compileBundle } from '../../../extension/compiler/compile.ts';
import { targetFor } from '../../../extension/compiler/target/targets.ts';
import { interpret } from '../../../extension/quantize/interpret.ts';
import type { QuantizedGraph } from '../../../extension/quantize/quantizedGraph.ts';
import { CompiledModels } from '../../support/compiledModel.ts';
import { HostModels } from '../../support/hostModels.ts';
import { onnxModel } from '../../model/onnxBuilder.ts';
import { fromBytes, toBytes } from '../../support/quantized.ts';
import { portableTarget } from '../../support/targets.ts';
import { FAR, LARGE, LAYERS, NEAR, ON_HALVES, randomLayer, randomSample } from './layers.ts';
import { givenTo, quantizedOnnx } from './runtime.ts';

/** Layers of each operator that are compiled: some with weights of power-of-two scales, which hit halves all the time. */
const SEEDS = [1, 2, 3, 4];

describe('code of quantized ONNX layers', () => {
  it('computes what the interpreter does, on the PC under sanitizers and on the simulated Cortex-M0+', () => {
    const layers = Object.entries({ ...LAYERS, ...ON_HALVES, ...FAR, ...NEAR, ...LARGE }).flatMap(
      ([name, make]) => SEEDS.map((seed) => ({ name, seed, layer: randomLayer(make, 'qdq', seed) })),
    );
    const cases = layers.map(({ name, seed, layer }, i) => {
      const found = quantizedOnnx(onnxModel(layer.spec));
      const network = i % 4 < 2 ? lookingAgain(found) : found;
      const compiled = (prefix: string, target: ReturnType<typeof targetFor>) =>
        compileBundle(network, { name: `${prefix}_${name}_${seed}`, target });
      return {
        ...{ name, seed, layer, network },
        host: compiled('host', portableTarget(i % 2 === 0 ? 20000 : 0)),
        core: compiled('core', targetFor('cortex-m0plus', i % 2 === 0 ? 20000 : 0)),
      };
    });
    const host = new HostModels(cases.map((c) => c.host));
    const core = new CompiledModels(cases.map((c) => c.core));
    try {
      for (const { name, seed, layer, network, ...bundles } of cases) {
        for (const k of [1, 2, 3]) {
          const given = givenTo(network, randomSample(layer, 100 * seed + k));
          const expected = interpret(network, given);
          const bytes = new Map([...given].map(([input, q]) => [input, toBytes(q, 'int8')]));
          const byHost = host.run([{ bundle: bundles.host, inputs: bytes }])[0]!;
          const byCore = core.run(bundles.core, bytes).outputs;
          for (const [output] of network.outputs.entries()) {
            const value = network.outputs[output]!;
            for (const [where, outputs] of Object.entries({ byHost, byCore })) {
              assert.deepEqual(
                fromBytes(outputs.get(value)!, 'int8'),
                [...expected.get(value)!],
                `${name} ${seed} ${where}`,
              );
            }
          }
        }
      }
    } finally {
      host.remove();
    }
  });
});

/** The same network, in whose layers every other result is computed exactly: the band in which the form leaves it open is as wide. */
function lookingAgain(network: QuantizedGraph): QuantizedGraph {
  const nodes = network.nodes.map((node) =>
    node.kind === 'conv2d' || node.kind === 'dense'
      ? {
          ...node,
          requant: node.requant.map((r) =>
            r.exact ? { ...r, exact: { ...r.exact, band: 2 ** (r.post - 1) } } : r,
          ),
        }
      : node,
  );
  return { ...network, nodes };
}
