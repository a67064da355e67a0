/**
 * What TensorFlow Lite's rounding costs: cycles of quantized networks on the simulated Cortex-M0+ as TensorFlow Lite Micro's reference
 * kernels round, and in GlowPort's own way (`--rounding fast`), from one run. Networks of test/support/networks.ts, quantized as
 * TensorFlow's converter does, and TensorFlow Lite files that are given. Prints Markdown; docs/benchmarks.md holds a run.
 *
 *     npx tsx bench/rounding.ts [FILE.tflite …]
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { grouped } from '../extension/common/grouped.ts';
import { compileBundle } from '../extension/compiler/compile.ts';
import { targetFor } from '../extension/compiler/target/targets.ts';
import { importTflite } from '../extension/model/formats/tflite/import.ts';
import { isIntegerGraph } from '../extension/model/formats/tflite/integers.ts';
import { finished } from '../extension/model/import/finish.ts';
import { elements } from '../extension/model/graph.ts';
import { profile } from '../extension/quantize/profile.ts';
import { tfliteIntegers } from '../extension/quantize/tflite/network.ts';
import { CompiledModels } from '../test/support/compiledModel.ts';
import { integerTflite } from '../test/support/integerTflite.ts';
import { NETWORKS } from '../test/support/networks.ts';
import { toBytes } from '../test/support/quantized.ts';
import { Random } from '../test/support/random.ts';
import { randomInputs } from '../test/support/randomGraph.ts';

/** Inferences with numbers of their own. */
const RUNS = 3;

function* files(): Generator<readonly [name: string, bytes: Uint8Array]> {
  for (const [name, make] of Object.entries(NETWORKS)) {
    const random = new Random(7);
    const graph = make(random);
    const samples = Array.from({ length: 4 }, () => randomInputs(graph, random));
    yield [name, integerTflite(graph, profile(graph, samples))];
  }
  for (const file of process.argv.slice(2)) yield [path.basename(file), readFileSync(file)];
}

console.log(`| network | exact | fast | ratio | flash of weights | fast |
| --- | ---: | ---: | ---: | ---: | ---: |`);
for (const [name, bytes] of files()) {
  const graph = finished(importTflite(bytes, { name: 'net' }));
  if (!isIntegerGraph(graph)) throw new Error(`${name} is not quantized`);
  const [exact, fast] = (['exact', 'fast'] as const).map((rounding) => {
    const network = tfliteIntegers(graph, rounding);
    const bundle = compileBundle(network, { name: `net_${rounding}`, target: targetFor('cortex-m0plus') });
    const models = new CompiledModels([bundle]);
    const random = new Random(1);
    let cycles = 0;
    for (let run = 0; run < RUNS; run++) {
      const inputs = network.inputs.map((i) => {
        const numbers = Int32Array.from({ length: elements(network.values.get(i)!.shape) }, () =>
          random.int(-128, 127),
        );
        return [i, toBytes(numbers, 'int8')] as const;
      });
      cycles += models.run(bundle, new Map(inputs)).cost.cycles / RUNS;
    }
    return { cycles, flash: bundle.constantBytes };
  }) as [{ cycles: number; flash: number }, { cycles: number; flash: number }];
  const ratio = (exact.cycles / fast.cycles).toFixed(3);
  console.log(
    `| ${name} | ${grouped(Math.round(exact.cycles))} | ${grouped(Math.round(fast.cycles))} | ${ratio} | ${grouped(exact.flash)} | ${grouped(fast.flash)} |`,
  );
}
