import { UserError, throwIfCancelled } from '../common/error.ts';
import { say } from '../common/errors/sentence.ts';
import { evaluateStepwise } from '../model/evaluate.ts';
import { innerNames } from '../model/evaluate/recurrent.ts';
import { type Floats, statesAfter } from '../model/evaluate/states.ts';
import type { Graph } from '../model/graph.ts';
import { RangeCollector, type Ranges } from './ranges.ts';

export interface ProfileOptions {
  readonly signal?: AbortSignal;
  /** Called after each sample with the number done so far. */
  readonly onSample?: (done: number) => void;
}

/** Collects ranges sample by sample, for callers that must let others run in between. */
export class Profiler {
  readonly #graph: Graph;
  readonly #collectors: ReadonlyMap<string, RangeCollector>;
  /** What the last sample left behind: samples follow one another as in a stream. */
  #states: Floats = new Map();
  #done = 0;

  constructor(graph: Graph) {
    this.#graph = graph;
    this.#collectors = new Map(measuredNames(graph).map((name) => [name, new RangeCollector()]));
  }

  /** Runs the float graph over one sample: placeholder name -> float32 data in the placeholder's shape. */
  add(sample: ReadonlyMap<string, Float32Array>): void {
    const steps = this.addStepwise(sample);
    while (!steps.next().done);
  }

  /** As `add`, a node a step. A sample that is not finished counts for nothing. */
  *addStepwise(sample: ReadonlyMap<string, Float32Array>): Generator<void, void> {
    const inner: [name: string, extremes: Float32Array][] = [];
    const values = yield* evaluateStepwise(
      this.#graph,
      sample,
      (...told) => void inner.push(told),
      this.#states,
    );
    for (const name of this.#graph.values.keys()) this.#collectors.get(name)!.add(values.get(name)!);
    for (const [name, extremes] of inner) this.#collectors.get(name)!.add(extremes);
    this.#states = statesAfter(this.#graph, values);
    this.#done++;
  }

  /** @throws UserError `usage` when there was no sample */
  result(): Ranges {
    if (this.#done === 0) {
      throw new UserError(
        'usage',
        say`No samples were given, so the ranges of the activations cannot be measured.`,
        { do: 'giveSamples' },
      );
    }
    return new Map([...this.#collectors].map(([name, c]) => [name, c.result()]));
  }
}

/** What is measured of a graph: every value, and what recurrent layers keep inside. */
export function measuredNames(graph: Graph): string[] {
  const inner = graph.nodes.flatMap((node) => (node.kind === 'recurrent' ? innerNames(node) : []));
  return [...new Set([...graph.values.keys(), ...inner])];
}

/**
 * Runs the float graph over all samples and collects the range and histogram of every value.
 *
 * @param samples one map per sample, placeholder name -> float32 data in the placeholder's shape
 * @throws UserError `usage` when there is no sample
 */
export function profile(
  graph: Graph,
  samples: Iterable<ReadonlyMap<string, Float32Array>>,
  options: ProfileOptions = {},
): Ranges {
  const profiler = new Profiler(graph);
  let done = 0;
  for (const sample of samples) {
    throwIfCancelled(options.signal);
    profiler.add(sample);
    options.onSample?.(++done);
  }
  return profiler.result();
}
