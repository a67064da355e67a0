import type { Answer } from '../../bundle/bundle.ts';
import type { ReconstructedSamples } from '../numbers/measureThreshold.ts';
import { runnerOf } from '../tasks/tasks.ts';
import { step, type StepContext } from './step.ts';

/**
 * The answer with its threshold: of an anomaly for which nobody chose one it is measured, see `measureThreshold`; where there is no
 * sample there is none.
 *
 * @throws UserError `input`, `cancelled`
 */
export async function withThreshold(
  answer: Answer,
  network: ReconstructedSamples,
  context: StepContext,
): Promise<Answer> {
  if (answer.task !== 'anomaly' || answer.threshold || network.samples.length === 0) return answer;
  const { signal } = context;
  return step(
    context,
    'threshold',
    'of usual samples',
    async (progress) => ({
      ...answer,
      threshold: await runnerOf(context)('measureThreshold', network, { signal, progress }),
    }),
    ({ threshold }) =>
      `reconstruction error ${threshold.value.toPrecision(4)}, above 99 % of ${threshold.samples} samples`,
  );
}
