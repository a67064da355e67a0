import { normalized, normalizersOf } from '../../data/normalize/normalizer.ts';
import type { DataOptions } from '../../data/options.ts';
import { IMAGE_MODES } from '../../image/options.ts';
import { elements, type Graph } from '../../model/graph.ts';
import { Profiler } from '../../quantize/profile.ts';
import type { Ranges } from '../../quantize/ranges.ts';

/**
 * Ranges good enough to see how large a network becomes, when there are no samples: those of a black, a white and a
 * striped picture. Sizes depend on them only a little; results computed with them would be wrong.
 */
export function roughRanges(graph: Graph, options: Pick<DataOptions, 'image' | 'normalize'>): Ranges {
  const [min, max] = IMAGE_MODES[options.image.mode];
  const normalizers = normalizersOf(graph.inputs, options);
  const profiler = new Profiler(graph);
  for (const pixel of [() => min, () => max, (i: number) => (i % 3 === 0 ? max : min)]) {
    profiler.add(
      new Map(
        graph.inputs.map(({ name, shape }) => {
          const values = Float32Array.from({ length: elements(shape) }, (_, i) => pixel(i));
          const normalizer = normalizers.get(name);
          return [name, normalizer ? normalized(values, normalizer) : values];
        }),
      ),
    );
  }
  return profiler.result();
}
