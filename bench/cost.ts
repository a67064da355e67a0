/**
 * How well kernels predict their own cycles (extension/compiler/cost.ts): random layers of every kind, compiled by gcc and run
 * on the simulated Cortex-M0+. Prints measured / predicted by kernel variant.
 *
 *     npx tsx bench/cost.ts
 */
import { compileBundle } from '../extension/compiler/compile.ts';
import { DEFAULT_QUANTIZE_OPTIONS } from '../extension/quantize/options.ts';
import { profile } from '../extension/quantize/profile.ts';
import { quantize } from '../extension/quantize/quantize.ts';
import { CompiledModels } from '../test/support/compiledModel.ts';
import { quantizeInputs, toBytes } from '../test/support/quantized.ts';
import { Random } from '../test/support/random.ts';
import { GraphMaker, KINDS, randomInputs } from '../test/support/randomGraph.ts';
import { targetFor } from '../extension/compiler/target/targets.ts';

const LAYERS = 24;

const ratios = new Map<string, number[]>();
for (const kind of KINDS) {
  const cases = Array.from({ length: LAYERS }, (_, seed) => {
    const r = new Random(31 * seed + 1);
    const maker = new GraphMaker(r);
    const graph = maker.finish([
      maker.append(kind, maker.input([1, r.int(6, 14), r.int(6, 14), r.int(1, 8)])),
    ]);
    const quantized = quantize(graph, profile(graph, [randomInputs(graph, r)]), DEFAULT_QUANTIZE_OPTIONS);
    const target = targetFor('cortex-m0plus', seed % 2 ? 20000 : 0);
    return { graph, quantized, bundle: compileBundle(quantized, { name: `net${seed}`, target }) };
  });
  const models = new CompiledModels(cases.map((c) => c.bundle));
  for (const { graph, quantized, bundle } of cases) {
    const inputs = quantizeInputs(quantized, randomInputs(graph, new Random(1)));
    const bytes = bundle.placeholders
      .filter((p) => p.direction === 'input')
      .map((p) => [p.name, toBytes(inputs.get(p.name)!, p.type)] as const);
    const before = models.profile();
    models.run(bundle, new Map(bytes));
    const cycles = before();
    for (const layer of bundle.layers) {
      const measured = [...cycles].find(([symbol]) => symbol.split('.')[0] === layer.symbol)?.[1].inclusive;
      if (!measured) continue;
      const key = `${layer.operator} ${layer.variant}`;
      ratios.set(key, [...(ratios.get(key) ?? []), measured / layer.predictedCycles]);
    }
  }
}
const percentile = (sorted: readonly number[], p: number): string =>
  sorted[Math.floor((sorted.length - 1) * p)]!.toFixed(2);
console.table(
  Object.fromEntries(
    [...ratios].map(([key, list]) => {
      const sorted = list.sort((a, b) => a - b);
      return [
        key,
        {
          layers: list.length,
          least: percentile(sorted, 0),
          median: percentile(sorted, 0.5),
          most: percentile(sorted, 1),
        },
      ];
    }),
  ),
);
