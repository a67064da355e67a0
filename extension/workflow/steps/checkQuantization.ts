import { english } from '../../common/errors/sentence.ts';
import { nearness } from '../compare/closeness.ts';
import type { CheckedNetwork, QuantizationCheck } from '../numbers/checkNetwork.ts';
import { runnerOf } from '../tasks/tasks.ts';
import { step, type StepContext } from './step.ts';

/** Says how near the quantized network stays to the float one over the samples; see `checkNetwork`. */
export async function checkQuantization(
  network: CheckedNetwork,
  context: StepContext = {},
): Promise<QuantizationCheck> {
  return step(
    context,
    'check',
    'the quantized network',
    (progress) => runnerOf(context)('checkNetwork', network, { signal: context.signal, progress }),
    ({ closeness }) => english(nearness(closeness)),
  );
}
