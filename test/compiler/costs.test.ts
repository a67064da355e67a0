import assert from 'node:assert/strict';
import { targetFor } from '../../extension/compiler/target/targets.ts';
import type { Target } from '../../extension/compiler/target/target.ts';
import { compileBundle } from '../../extension/compiler/compile.ts';
import { tfliteIntegers } from '../../extension/quantize/tflite/network.ts';
import { onnxModel } from '../model/onnxBuilder.ts';
import { LAYERS, randomLayer, randomSample } from '../quantize/onnx/layers.ts';
import { givenTo, quantizedOnnx } from '../quantize/onnx/runtime.ts';
import { goldenNetwork, goldens, runsOf } from '../quantize/tflite/goldens.ts';
import { type CostCase, layerCosts, measuredLayers } from '../support/layerCosts.ts';
import { toBytes } from '../support/quantized.ts';
import { KINDS } from '../support/randomGraph.ts';
import { portableTarget } from '../support/targets.ts';

const SEEDS = [0, 1, 2, 3, 4, 5].map((i) => i + Number(process.env['GLOWPORT_FIRST_SEED'] ?? 0));
/** Most that a layer's prediction may be off: assembly counts itself; what gcc makes of C differs from layer to layer. */
const MOST = { assembly: 1.1, c: 2.5 };
/** Most that the half of all layers may be off. */
const MEDIAN = { assembly: 1.03, c: 1.3 };
/** A layer of less is done in no time, whatever it is predicted to take. */
const LEAST_CYCLES = 300;

describe('cycles that kernels predict', () => {
  const targets: readonly [string, (seed: number) => Target][] = [
    ['with assembly', (seed) => targetFor('cortex-m0plus', seed % 2 ? 20_000 : 0)],
    ['in C', (seed) => portableTarget(seed % 2 ? 20_000 : 0)],
  ];
  for (const [label, target] of targets) {
    it(`${label}: are near what the simulated core counts, for random layers of every kind`, () => {
      const factors = { assembly: [] as number[], c: [] as number[] };
      for (const kind of KINDS) {
        for (const { operator, variant, predicted, measured } of layerCosts(kind, SEEDS, target)) {
          if (measured < LEAST_CYCLES) continue;
          const way = variant.startsWith('thumb') ? 'assembly' : 'c';
          const factor = Math.max(measured / predicted, predicted / measured);
          factors[way].push(factor);
          const says = `${kind}: ${operator} ${variant} predicts ${predicted}, takes ${measured}`;
          assert.ok(factor < MOST[way], says);
        }
      }
      for (const way of ['assembly', 'c'] as const) {
        const sorted = factors[way].sort((a, b) => a - b);
        const median = sorted[sorted.length >> 1] ?? 1;
        assert.ok(median < MEDIAN[way], `half of ${way} is off by ${median}`);
      }
      assert.ok(factors.c.length > 100);
      assert.equal(factors.assembly.length > 4, label === 'with assembly');
    });
  }

  for (const [format, cases] of Object.entries({ ONNX: onnxCases, 'TensorFlow Lite': tfliteCases })) {
    it(`in C: and so for layers of ${format} that were quantized already, whose results are exact`, () => {
      const costs = measuredLayers(cases()).flat();
      const factors = costs.flatMap(({ step: { node }, operator, variant, predicted, measured }) => {
        const isExact =
          'requant' in node && Array.isArray(node.requant) && node.requant.some((r) => r?.exact);
        if (!isExact || !('weights' in node) || measured < LEAST_CYCLES) return [];
        const factor = Math.max(measured / predicted, predicted / measured);
        assert.ok(factor < MOST.c, `${operator} ${variant} predicts ${predicted}, takes ${measured}`);
        return [factor];
      });
      assert.ok(factors.length > 20, `${factors.length} layers`);
      assert.ok(factors.sort((a, b) => a - b)[factors.length >> 1]! < MEDIAN.c);
    });
  }
});

function onnxCases(): CostCase[] {
  const { conv, depthwise, gemm, matMul } = LAYERS;
  return Object.entries({ conv, depthwise, gemm, matMul }).flatMap(([name, make]) =>
    SEEDS.map((seed) => {
      const layer = randomLayer(make, 'qdq', seed);
      const quantized = quantizedOnnx(onnxModel(layer.spec));
      const given = givenTo(quantized, randomSample(layer, seed));
      return {
        quantized,
        bundle: compileBundle(quantized, { name: `${name}_${seed}`, target: portableTarget(0) }),
        inputs: new Map([...given].map(([input, q]) => [input, toBytes(q, 'int8')])),
      };
    }),
  );
}

function tfliteCases(): CostCase[] {
  return [...goldens()]
    .filter(([name]) => /^(dw)?conv2d_i8|^fc_i8/.test(name))
    .map(([name, golden]) => {
      const quantized = tfliteIntegers(goldenNetwork(name)!);
      return {
        quantized,
        bundle: compileBundle(quantized, { name, target: portableTarget(0) }),
        inputs: runsOf(golden, quantized)[0]!.given,
      };
    });
}
