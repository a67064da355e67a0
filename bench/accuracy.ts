/**
 * How near int8 and int16 come to the float network: signal to quantization noise of the first output, in dB, over the samples
 * that ranges were measured with, so that nothing saturates. The example network with its digits, and networks of real size with random weights and data.
 *
 *     npx tsx bench/accuracy.ts
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { productRoot } from '../extension/common/resources.ts';
import { findSamples } from '../extension/data/findSamples.ts';
import { DEFAULT_CHOICES } from '../extension/workflow/choices/choices.ts';
import type { Graph } from '../extension/model/graph.ts';
import { loadSample } from '../extension/workflow/data/samples.ts';
import { importedOnnx } from '../test/support/importedOnnx.ts';
import { NETWORKS } from '../test/support/networks.ts';
import { Random } from '../test/support/random.ts';
import { randomInputs } from '../test/support/randomGraph.ts';
import { outputSqnr } from '../test/support/sqnr.ts';

type Inputs = Map<string, Float32Array>;

const SAMPLES = 20;

console.log('| network | int8 | int16 |\n| --- | ---: | ---: |');
const example = path.join(productRoot, 'examples', 'mnist');
const digits = importedOnnx(readFileSync(path.join(example, 'mnist.onnx')), { name: 'mnist' });
line('the example', digits, await images(digits, 'calibration'));
for (const [name, make] of Object.entries(NETWORKS)) {
  const random = new Random(1);
  const graph = make(random);
  line(
    name,
    graph,
    Array.from({ length: SAMPLES }, () => randomInputs(graph, random)),
  );
}

function line(name: string, graph: Graph, samples: readonly Inputs[]): void {
  const [int8, int16] = (['int8', 'int16'] as const).map((precision) =>
    outputSqnr(graph, { precision }, samples).toFixed(1),
  );
  console.log(`| ${name} | ${int8} dB | ${int16} dB |`);
}

async function images(graph: Graph, folder: string): Promise<Inputs[]> {
  const found = await findSamples([path.join(example, folder)]);
  return Promise.all(found.map(async (s) => new Map(await loadSample(graph.inputs, s, DEFAULT_CHOICES))));
}
