import { IMAGE_MODES, type ImageOptions } from '../../image/options.ts';
import { elements, type Graph } from '../../model/graph.ts';
import { Profiler } from '../../quantize/profile.ts';
import type { Ranges } from '../../quantize/ranges.ts';

/**
 * Ranges good enough to see how large a network becomes, when there are no samples: those of a black, a white and a
 * striped picture. Sizes depend on them only a little; results computed with them would be wrong.
 */
export function roughRanges(graph: Graph, options: ImageOptions): Ranges {
  const [min, max] = IMAGE_MODES[options.mode];
  const profiler = new Profiler(graph);
  for (const pixel of [() => min, () => max, (i: number) => (i % 3 === 0 ? max : min)]) {
    profiler.add(
      new Map(
        graph.inputs.map(({ name, shape }) => [
          name,
          Float32Array.from({ length: elements(shape) }, (_, i) => pixel(i)),
        ]),
      ),
    );
  }
  return profiler.result();
}
