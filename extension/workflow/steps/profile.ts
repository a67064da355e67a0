import type { Sample } from '../../image/samples.ts';
import type { ImageOptions } from '../../image/options.ts';
import type { Graph } from '../../model/graph.ts';
import { Profiler } from '../../quantize/profile.ts';
import type { Ranges } from '../../quantize/ranges.ts';
import { loadImage, requireSamples } from './samples.ts';
import { breather, step, type StepContext } from './step.ts';

export interface Profile {
  readonly ranges: Ranges;
  /** The images it was measured with. */
  readonly samples: readonly Sample[];
}

/**
 * Runs the float model over all sample images and collects every value's range.
 *
 * @param images files and folders
 * @throws UserError `usage` when there are no images, `input` when one cannot be read or has the wrong size
 */
export async function profile(
  graph: Graph,
  images: readonly string[],
  options: ImageOptions,
  context: StepContext = {},
): Promise<Profile> {
  return step(
    context,
    'profile',
    'sample images',
    async (progress) => {
      const samples = await requireSamples(images, context.signal);
      const profiler = new Profiler(graph);
      const breathe = breather(context.signal);
      for (const [i, sample] of samples.entries()) {
        const image = await loadImage(graph, sample.path, options);
        const steps = profiler.addStepwise(image);
        while (!steps.next().done) await breathe();
        progress(`${i + 1} of ${samples.length} images`, (i + 1) / samples.length);
        await breathe();
      }
      return { ranges: profiler.result(), samples };
    },
    ({ samples }) => `${samples.length} image${samples.length === 1 ? '' : 's'}`,
  );
}
