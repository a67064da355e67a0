import type { DataOptions } from '../../data/options.ts';
import type { Sample } from '../../data/sample.ts';
import type { Graph } from '../../model/graph.ts';
import { needsSamples } from '../../quantize/already.ts';
import type { Ranges } from '../../quantize/ranges.ts';
import { requireSamples, samplesOf } from '../data/samples.ts';
import { runnerOf } from '../tasks/tasks.ts';
import { step, type StepContext } from './step.ts';

export interface Profile {
  readonly ranges: Ranges;
  /** What it was measured with. */
  readonly samples: readonly Sample[];
}

/**
 * Runs the float model over all samples and collects every value's range. A model that is quantized already needs none: its
 * ranges are measured over what samples there are.
 *
 * @param paths files and folders of samples
 * @throws UserError `usage` when there are no samples, `input` when one cannot be read or has the wrong size
 */
export async function profile(
  graph: Graph,
  paths: readonly string[],
  options: DataOptions,
  context: StepContext = {},
): Promise<Profile> {
  const { signal } = context;
  return step(
    context,
    'profile',
    'samples',
    async (progress) => {
      const samples = await samplesOf(paths, graph.inputs, options, context);
      if (needsSamples(graph)) requireSamples(samples, paths);
      if (samples.length === 0) return { ranges: new Map(), samples };
      const model = { graph, samples, image: options.image, sound: options.sound };
      const ranges = await runnerOf(context)('measureRanges', model, { signal, progress });
      return { ranges, samples };
    },
    ({ samples }) =>
      samples.length === 0
        ? 'none are needed: the model is quantized'
        : `${samples.length} sample${samples.length === 1 ? '' : 's'}`,
  );
}
