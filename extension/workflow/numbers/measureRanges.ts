import { breather } from '../../common/breather.ts';
import type { WorkContext } from '../../common/work.ts';
import type { ImageOptions } from '../../image/options.ts';
import type { Graph } from '../../model/graph.ts';
import { Profiler } from '../../quantize/profile.ts';
import type { Ranges } from '../../quantize/ranges.ts';
import { loadImage } from '../data/samples.ts';

export interface MeasuredModel {
  readonly graph: Graph;
  /** Picture files. */
  readonly files: readonly string[];
  readonly image: ImageOptions;
}

/**
 * Runs the float model over pictures and collects every value's range.
 * @throws UserError `usage` when there are no pictures, `input` when one cannot be read or has the wrong size, `cancelled`
 */
export async function measureRanges(
  { graph, files, image }: MeasuredModel,
  { signal, progress }: WorkContext = {},
): Promise<Ranges> {
  const profiler = new Profiler(graph);
  const breathe = breather(signal);
  for (const [i, file] of files.entries()) {
    const steps = profiler.addStepwise(await loadImage(graph, file, image));
    while (!steps.next().done) await breathe();
    progress?.(`${i + 1} of ${files.length} images`, (i + 1) / files.length);
    await breathe();
  }
  return profiler.result();
}
