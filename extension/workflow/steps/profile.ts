import { idleDataChoices } from '../../data/idle.ts';
import type { ModelInput } from '../../data/fit.ts';
import { Leavings, type LeftOut, leftOutText } from '../../data/leftOut.ts';
import { dataOptions, type DataOptions } from '../../data/options.ts';
import type { Sample } from '../../data/sample.ts';
import type { Graph } from '../../model/graph.ts';
import { needsSamples } from '../../quantize/already.ts';
import type { Ranges } from '../../quantize/ranges.ts';
import { requireSamples, samplesOf } from '../data/samples.ts';
import { runnerOf } from '../tasks/tasks.ts';
import { step, type StepContext } from './step.ts';

/** Samples, and what beside them is none. */
export interface FoundSamples {
  readonly samples: readonly Sample[];
  readonly leftOut: readonly LeftOut[];
}

/** What was measured, and with what. */
export interface Profile extends FoundSamples {
  readonly ranges: Ranges;
  /** Choices that change none of the samples. */
  readonly idle: readonly string[];
}

/**
 * Runs the float model over all samples and collects every value's range. A model that is quantized already needs none: its
 * ranges are measured over what samples there are.
 *
 * @param paths files and folders of samples, or the samples that were found there
 * @throws UserError `usage` when there are no samples, `input` when one cannot be read or has the wrong size
 */
export async function profile(
  graph: Graph,
  paths: readonly string[] | FoundSamples,
  options: DataOptions,
  context: StepContext = {},
): Promise<Profile> {
  const { signal } = context;
  return step(
    context,
    'profile',
    'samples',
    async (progress) => {
      const found = 'samples' in paths ? paths : await foundSamples(paths, graph, options, context);
      const { samples, leftOut } = found;
      if (needsSamples(graph)) requireSamples(samples, 'samples' in paths ? [] : paths, leftOut);
      if (samples.length === 0) return { ranges: new Map(), samples, leftOut, idle: [] };
      const model = { graph, samples, ...dataOptions(options) };
      const ranges = await runnerOf(context)('measureRanges', model, { signal, progress });
      return { ranges, samples, leftOut, idle: idleDataChoices(options, samples, graph.inputs) };
    },
    told,
  );
}

/** Finds the samples in files and folders. @throws UserError as `samplesOf` does */
export async function foundSamples(
  paths: readonly string[],
  { inputs }: { readonly inputs: readonly ModelInput[] },
  options: DataOptions,
  context: StepContext,
): Promise<FoundSamples> {
  const leavings = new Leavings();
  const samples = await samplesOf(paths, inputs, options, context, leavings);
  return { samples, leftOut: leavings.result() };
}

/** What was measured with, what was not, and which choices made no difference. */
function told({ samples, leftOut, idle }: Profile): string {
  const measured =
    samples.length === 0
      ? 'none are needed: the model is quantized'
      : `${samples.length} sample${samples.length === 1 ? '' : 's'}`;
  const unused = idle.length === 0 ? '' : `nothing to choose for: ${idle.join(', ')}`;
  return [measured, leftOutText(leftOut), unused].filter((part) => part !== '').join('; ');
}
