import { findSamples, type Sample } from '../../image/samples.ts';
import type { ImageOptions } from '../../image/options.ts';
import { isIntegerGraph } from '../../model/formats/tflite/integers.ts';
import type { Graph } from '../../model/graph.ts';
import type { Ranges } from '../../quantize/ranges.ts';
import { requireSamples } from '../data/samples.ts';
import { runnerOf } from '../tasks/tasks.ts';
import { step, type StepContext } from './step.ts';

export interface Profile {
  readonly ranges: Ranges;
  /** The images it was measured with. */
  readonly samples: readonly Sample[];
}

/**
 * Runs the float model over all sample images and collects every value's range. A model that is quantized already needs none: its
 * ranges are measured over what images there are.
 *
 * @param images files and folders
 * @throws UserError `usage` when there are no images, `input` when one cannot be read or has the wrong size
 */
export async function profile(
  graph: Graph,
  images: readonly string[],
  image: ImageOptions,
  context: StepContext = {},
): Promise<Profile> {
  const { signal } = context;
  return step(
    context,
    'profile',
    'sample images',
    async (progress) => {
      const samples = isIntegerGraph(graph)
        ? await findSamples(images, { signal })
        : await requireSamples(images, signal);
      if (samples.length === 0) return { ranges: new Map(), samples };
      const files = samples.map((s) => s.path);
      const ranges = await runnerOf(context)('measureRanges', { graph, files, image }, { signal, progress });
      return { ranges, samples };
    },
    ({ samples }) =>
      samples.length === 0
        ? 'none are needed: the model is quantized'
        : `${samples.length} image${samples.length === 1 ? '' : 's'}`,
  );
}
