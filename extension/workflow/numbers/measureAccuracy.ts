import type { Answer } from '../../bundle/bundle.ts';
import { breather } from '../../common/breather.ts';
import type { WorkContext } from '../../common/work.ts';
import type { Graph } from '../../model/graph.ts';
import { measuredOutputs } from '../../model/positions.ts';
import type { QuantizedGraph } from '../../quantize/quantizedGraph.ts';
import { AccuracyMeter } from '../report/accuracy.ts';
import type { AccuracyMeasurement } from '../report/data.ts';
import type { EvaluatedSample } from './evaluatedSamples.ts';

export interface QuantizedSamples {
  readonly graph: Graph;
  readonly quantized: QuantizedGraph;
  readonly answer: Answer;
  readonly samples: readonly EvaluatedSample[];
}

/** Runs a quantized network over samples that the float network has been run over. @throws UserError `cancelled` */
export async function measureAccuracy(
  { graph, quantized, answer, samples }: QuantizedSamples,
  { signal, progress }: WorkContext = {},
): Promise<AccuracyMeasurement> {
  const meter = new AccuracyMeter(graph, quantized, answer, new Set(measuredOutputs(graph)));
  const breathe = breather(signal);
  for (const [i, { sample, reals }] of samples.entries()) {
    meter.add(sample, reals);
    progress?.(`${i + 1} of ${samples.length} samples`, (i + 1) / samples.length);
    await breathe();
  }
  return meter.result();
}
