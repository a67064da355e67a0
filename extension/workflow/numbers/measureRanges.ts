import { breather } from '../../common/breather.ts';
import type { WorkContext } from '../../common/work.ts';
import type { DataOptions } from '../../data/options.ts';
import { SampleReader } from '../../data/reader.ts';
import type { Sample } from '../../data/sample.ts';
import type { Graph } from '../../model/graph.ts';
import { Profiler } from '../../quantize/profile.ts';
import type { Ranges } from '../../quantize/ranges.ts';

/** A model, what it is measured with, and how that becomes its input. */
export interface MeasuredModel extends DataOptions {
  readonly graph: Graph;
  readonly samples: readonly Sample[];
}

/**
 * Runs the float model over samples and collects every value's range.
 * @throws UserError `usage` when there are no samples, `input` when one cannot be read or has the wrong size, `cancelled`
 */
export async function measureRanges(
  { graph, samples, ...options }: MeasuredModel,
  { signal, progress }: WorkContext = {},
): Promise<Ranges> {
  const profiler = new Profiler(graph);
  const reader = new SampleReader(graph.inputs, options);
  const breathe = breather(signal);
  for (const [i, sample] of samples.entries()) {
    const steps = profiler.addStepwise(await reader.read(sample));
    while (!steps.next().done) await breathe();
    progress?.(`${i + 1} of ${samples.length} samples`, (i + 1) / samples.length);
    await breathe();
  }
  return profiler.result();
}
