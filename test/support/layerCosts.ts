import type { Bundle } from '../../extension/bundle/bundle.ts';
import { compileBundle } from '../../extension/compiler/compile.ts';
import { buildProgram } from '../../extension/compiler/program/build.ts';
import type { Target } from '../../extension/compiler/target/target.ts';
import type { Step } from '../../extension/compiler/values/step.ts';
import { DEFAULT_QUANTIZE_OPTIONS } from '../../extension/quantize/options.ts';
import { profile } from '../../extension/quantize/profile.ts';
import { interpret } from '../../extension/quantize/interpret.ts';
import { quantize } from '../../extension/quantize/quantize.ts';
import type { QuantizedGraph } from '../../extension/quantize/quantizedGraph.ts';
import { CompiledModels } from './compiledModel.ts';
import { quantizeInputs, toBytes } from './quantized.ts';
import { Random } from './random.ts';
import { GraphMaker, type Kind, KINDS, randomInputs } from './randomGraph.ts';

/** Random inputs tried to see which channels never change. */
const TRIES = 4;

/** A layer as its kernel predicts it and as the simulated Cortex-M0+ counts it. */
export interface LayerCost {
  readonly step: Step;
  readonly operator: string;
  readonly variant: string;
  /** Cycles of the layer's function. */
  readonly predicted: number;
  readonly measured: number;
}

/** Compiles a random layer of a kind for each seed and runs it, with int8 or now and then int16 numbers. */
export function layerCosts(
  kind: Kind,
  seeds: readonly number[],
  target: (seed: number) => Target,
): LayerCost[] {
  const cases = seeds.map((seed) => {
    const r = new Random(131 * seed + KINDS.indexOf(kind) + 1);
    const maker = new GraphMaker(r);
    const image = maker.input([1, r.int(3, 14), r.int(3, 14), r.int(1, 12)]);
    // inner values and placeholders lie differently
    const graph = maker.finish([maker.append(kind, r.bool() ? maker.append('leakyRelu', image) : image)]);
    const options = { ...DEFAULT_QUANTIZE_OPTIONS, precision: seed % 5 === 4 ? 'int16' : 'int8' } as const;
    const quantized = quantize(graph, profile(graph, [randomInputs(graph, r)]), options);
    return {
      graph,
      quantized,
      bundle: compileBundle(quantized, { name: `net${seed}`, target: target(seed) }),
    };
  });
  const costs = measuredLayers(
    cases.map(({ graph, quantized, bundle }) => {
      const inputs = quantizeInputs(quantized, randomInputs(graph, new Random(1)));
      const bytes = bundle.placeholders
        .filter((p) => p.direction === 'input')
        .map((p) => [p.name, toBytes(inputs.get(p.name)!, p.type)] as const);
      return { quantized, bundle, inputs: new Map(bytes) };
    }),
  );
  return cases.flatMap(({ graph, quantized }, k) => {
    const tried = Array.from({ length: TRIES }, (_, i) =>
      interpret(quantized, quantizeInputs(quantized, randomInputs(graph, new Random(i)))),
    );
    // gcc leaves out what saturates whatever the input
    return costs[k]!.filter(({ step }) => !hasConstantChannel(step, tried));
  });
}

/** A network, and the bytes of its inputs in the inference that is counted. */
export interface CostCase {
  readonly quantized: QuantizedGraph;
  readonly bundle: Bundle;
  readonly inputs: ReadonlyMap<string, Uint8Array>;
}

/** The layers of each network: what is predicted, and what an inference of it takes on the simulated core. */
export function measuredLayers(cases: readonly CostCase[]): LayerCost[][] {
  const models = new CompiledModels(cases.map((c) => c.bundle));
  return cases.map(({ quantized, bundle, inputs }) => {
    const cycles = models.profile();
    models.run(bundle, inputs);
    const { steps } = buildProgram(quantized);
    return bundle.layers.flatMap((layer, i) => {
      // gcc calls what it specializes NAME.part.0 and the like
      const counted = [...cycles()].find(([symbol]) => symbol.split('.')[0] === layer.symbol)?.[1];
      if (counted === undefined) return [];
      // layers with the same code are one function, which is called for each
      const measured = Math.round(counted.inclusive / counted.calls);
      const { operator, variant, predictedCycles: predicted } = layer;
      return [{ step: steps[i]!, operator, variant, predicted, measured }];
    });
  });
}

/** An output channel of a layer with weights is the same for all the inputs tried. */
function hasConstantChannel(step: Step, tried: readonly ReadonlyMap<string, ArrayLike<number>>[]): boolean {
  const { node, pool } = step;
  if (node.kind !== 'conv2d' && node.kind !== 'dense') return false;
  const results = tried.map((values) => values.get((pool ?? node).output)!);
  return Array.from({ length: node.outChannels }, (_, k) => k).some((k) => {
    const first = results[0]![k];
    return results.every((r) => {
      for (let i = k; i < r.length; i += node.outChannels) if (r[i] !== first) return false;
      return true;
    });
  });
}
