import path from 'node:path';
import { breather } from '../../common/breather.ts';
import type { WorkContext } from '../../common/work.ts';
import { SampleReader } from '../../data/reader.ts';
import { type Sample, sampleName } from '../../data/sample.ts';
import type { DataOptions } from '../../data/options.ts';
import { evaluate } from '../../model/evaluate.ts';
import type { Graph } from '../../model/graph.ts';
import { measuredOutputs } from '../../model/positions.ts';
import { classNumber } from '../data/labels.ts';
import type { AccuracySample } from '../report/accuracy.ts';

/** A sample and what the float network makes of it, which no choice of quantization changes. */
export interface EvaluatedSample {
  readonly sample: AccuracySample;
  /** Values of the float network by name: its outputs, and what tells how far they are from others. */
  readonly reals: ReadonlyMap<string, Float32Array>;
}

export interface SamplesToEvaluate extends DataOptions {
  readonly graph: Graph;
  readonly samples: readonly Sample[];
  /** Names of the classes, by which a sample's label is told. */
  readonly labels: readonly string[];
}

/**
 * Runs the float network over samples, once for all that is compared with it. Their numbers lie in memory that threads share.
 * @throws UserError `input` when a sample cannot be read or has the wrong size, `cancelled`
 */
export async function evaluatedSamples(
  { graph, samples, labels, ...options }: SamplesToEvaluate,
  { signal, progress }: WorkContext = {},
): Promise<EvaluatedSample[]> {
  const reader = new SampleReader(graph.inputs, options);
  const breathe = breather(signal);
  const done: EvaluatedSample[] = [];
  for (const one of samples) {
    const sample = await readSample(one, reader, labels);
    const reals = outputsOf(graph, evaluate(graph, sample.inputs));
    done.push({ sample: { ...sample, inputs: shared(sample.inputs) }, reals: shared(reals) });
    progress?.(`${done.length} of ${samples.length} samples`, done.length / samples.length);
    await breathe();
  }
  return done;
}

/** A sample with what it shows. @throws UserError as `SampleReader.read` does */
export async function readSample(
  sample: Sample,
  reader: SampleReader,
  labels: readonly string[],
): Promise<AccuracySample> {
  return {
    name: path.basename(sampleName(sample)),
    label: classNumber(sample.label, labels),
    inputs: await reader.read(sample),
  };
}

/** Of a float network's values those that a quantized one is judged by. */
export function outputsOf(graph: Graph, reals: ReadonlyMap<string, Float32Array>): Map<string, Float32Array> {
  return new Map([...graph.outputs, ...measuredOutputs(graph)].map((name) => [name, reals.get(name)!]));
}

/** The same numbers where a message to another thread does not copy them. */
function shared(arrays: ReadonlyMap<string, Float32Array>): Map<string, Float32Array> {
  return new Map(
    [...arrays].map(([name, values]) => {
      const copy = new Float32Array(new SharedArrayBuffer(values.byteLength));
      copy.set(values);
      return [name, copy];
    }),
  );
}
