/**
 * What networks of real size cost (test/support/networks.ts, random weights: cycles do not depend on them where nothing is
 * unrolled): cycles with the assembly and with the C beside it, from one run. Compiled by arm-none-eabi-gcc, run on the
 * simulated Cortex-M0+ (cycle table of the Arm TRM, zero flash wait states, one-cycle multiplier). Prints Markdown;
 * docs/benchmarks.md holds a run.
 *
 *     npx tsx bench/networks.ts [NETWORK]
 *
 * With a network's name its layers are printed, too.
 */
import type { Bundle } from '../extension/bundle/bundle.ts';
import { compileBundle } from '../extension/compiler/compile.ts';
import { DEFAULT_UNROLL_BYTES } from '../extension/compiler/target/target.ts';
import { targetFor } from '../extension/compiler/target/targets.ts';
import { grouped } from '../extension/common/grouped.ts';
import { DEFAULT_QUANTIZE_OPTIONS } from '../extension/quantize/options.ts';
import { profile } from '../extension/quantize/profile.ts';
import { quantize } from '../extension/quantize/quantize.ts';
import { portableTarget } from '../test/support/targets.ts';
import { CompiledModels } from '../test/support/compiledModel.ts';
import { NETWORKS } from '../test/support/networks.ts';
import { quantizeInputs, toBytes } from '../test/support/quantized.ts';
import { Random } from '../test/support/random.ts';
import { randomInputs } from '../test/support/randomGraph.ts';

const [only] = process.argv.slice(2);

function measure(bundle: Bundle, input: Uint8Array): { cycles: number; layers: Map<string, number> } {
  const models = new CompiledModels([bundle]);
  const profiled = models.profile();
  const { cost } = models.run(bundle, new Map([['input', input]]));
  return { cycles: cost.cycles, layers: new Map([...profiled()].map(([s, c]) => [s, c.inclusive])) };
}

console.log(`| network | MACs | cycles | per MAC | C alone | flash of weights | RAM |
| --- | ---: | ---: | ---: | ---: | ---: | ---: |`);
for (const [name, make] of Object.entries(NETWORKS)) {
  if (only && name !== only) continue;
  const random = new Random(7);
  const graph = make(random);
  const sample = randomInputs(graph, random);
  const quantized = quantize(graph, profile(graph, [sample]), DEFAULT_QUANTIZE_OPTIONS);
  const input = toBytes(quantizeInputs(quantized, sample).get('input')!, 'int8');
  const bundle = compileBundle(quantized, { name, target: targetFor('cortex-m0plus') });
  const portable = compileBundle(quantized, { name, target: portableTarget(DEFAULT_UNROLL_BYTES) });
  const assembly = measure(bundle, input);
  const c = measure(portable, input);
  const macs = bundle.layers.reduce((n, l) => n + l.macs, 0);
  const columns = [
    grouped(macs),
    grouped(assembly.cycles),
    (assembly.cycles / macs).toFixed(2),
    `${(c.cycles / assembly.cycles).toFixed(2)}x`,
    grouped(bundle.constantBytes),
    grouped(bundle.mutableBytes + bundle.activationBytes),
  ];
  console.log(`| ${name} | ${columns.join(' | ')} |`);
  if (!only) continue;
  console.log(
    '\n| layer | kernel | MACs | cycles | per MAC | predicted |\n| --- | --- | ---: | ---: | ---: | ---: |',
  );
  for (const l of bundle.layers) {
    const cycles = assembly.layers.get(l.symbol) ?? 0;
    console.log(
      `| ${l.name} ${l.operator} | ${l.variant} | ${grouped(l.macs)} | ${grouped(cycles)} | ${(cycles / l.macs).toFixed(2)} | ${grouped(l.predictedCycles)} |`,
    );
  }
}
