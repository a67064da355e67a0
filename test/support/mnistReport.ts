import { readFileSync } from 'node:fs';
import path from 'node:path';
import { findBoard } from '../../extension/board/catalogue.ts';
import { findSamples } from '../../extension/data/findSamples.ts';
import { importedOnnx } from './importedOnnx.ts';
import type { Graph } from '../../extension/model/graph.ts';
import { compileBundle } from '../../extension/compiler/compile.ts';
import { DEFAULT_QUANTIZE_OPTIONS } from '../../extension/quantize/options.ts';
import { profile } from '../../extension/quantize/profile.ts';
import { quantize } from '../../extension/quantize/quantize.ts';
import { productRoot } from '../../extension/common/resources.ts';
import { AccuracyMeter, type AccuracySample } from '../../extension/workflow/report/accuracy.ts';
import type { ReportParts } from '../../extension/workflow/report/data.ts';
import { loadSample } from '../../extension/workflow/data/samples.ts';
import { DEFAULT_CHOICES } from '../../extension/workflow/choices/choices.ts';
import { targetFor } from '../../extension/compiler/target/targets.ts';

const example = path.join(productRoot, 'examples', 'mnist');

/** The example model as the importer gives it. */
export function mnistGraph(): Graph {
  return importedOnnx(readFileSync(path.join(example, 'mnist.onnx')), { name: 'mnist' });
}

/** The example's 20 sample digits with their labels. */
export async function mnistSamples(graph: Graph): Promise<AccuracySample[]> {
  const found = await findSamples([path.join(example, 'samples')]);
  return Promise.all(
    found.map(async (s) => ({
      name: path.basename(s.path),
      label: Number(s.label),
      inputs: await loadSample(graph.inputs, s, DEFAULT_CHOICES),
    })),
  );
}

/** All parts of a report that need no toolchain: quantized, compiled to C, accuracy over the sample digits. */
export async function mnistParts(): Promise<
  Required<Pick<ReportParts, 'ranges' | 'quantized' | 'bundle'>> & ReportParts
> {
  const graph = mnistGraph();
  const samples = await mnistSamples(graph);
  const ranges = profile(
    graph,
    samples.map((s) => s.inputs),
  );
  const quantized = quantize(graph, ranges, DEFAULT_QUANTIZE_OPTIONS);
  const bundle = compileBundle(quantized, {
    name: 'mnist',
    target: targetFor('cortex-m0plus', 8192),
  });
  const meter = new AccuracyMeter(graph, quantized, { task: 'classify' });
  for (const sample of samples) meter.add(sample);
  return {
    graph,
    ranges,
    quantized,
    bundle,
    board: findBoard('frdmke16z'),
    file: { name: 'mnist.onnx', bytes: 8820 },
    accuracy: meter.result(),
  };
}
