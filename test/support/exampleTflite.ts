import { readFileSync } from 'node:fs';
import path from 'node:path';
import { productRoot } from '../../extension/common/resources.ts';
import { findSamples } from '../../extension/data/findSamples.ts';
import { loadSample } from '../../extension/workflow/data/samples.ts';
import { DEFAULT_CHOICES } from '../../extension/workflow/choices/choices.ts';
import type { Precision } from '../../extension/quantize/schemas.ts';
import { Profiler } from '../../extension/quantize/profile.ts';
import { importedOnnx } from './importedOnnx.ts';
import { integerTflite } from './integerTflite.ts';

/** The example network in integers, its ranges measured over the calibration images; in int8 examples/mnist/mnist.tflite. */
export async function exampleTflite(activations: Precision = 'int8'): Promise<Uint8Array> {
  const folder = path.join(productRoot, 'examples/mnist');
  const graph = importedOnnx(new Uint8Array(readFileSync(path.join(folder, 'mnist.onnx'))), {
    name: 'mnist',
  });
  const profiler = new Profiler(graph);
  for (const sample of await findSamples([path.join(folder, 'calibration')], {})) {
    profiler.add(await loadSample(graph.inputs, sample, DEFAULT_CHOICES));
  }
  return integerTflite(graph, profiler.result(), activations);
}
