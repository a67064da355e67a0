import { availableParallelism } from 'node:os';
import { inParallel } from '../../common/inParallel.ts';
import type { WorkContext } from '../../common/work.ts';
import type { Outcomes, SimulatedValidation } from '../numbers/simulatedAnswers.ts';
import { runnerOf, type TaskRunner } from '../tasks/tasks.ts';

/** Samples that a simulated board is switched on for at least. */
const LEAST_SAMPLES = 25;

/**
 * As `simulatedAnswers`, by as many simulated boards as the computer has processors, each with its part of the samples. Once one fails,
 * the others are ended.
 * @throws UserError as `simulatedAnswers` does
 */
export async function simulatedInParallel(
  validation: SimulatedValidation,
  { signal, progress, tasks }: WorkContext & { readonly tasks?: TaskRunner | undefined } = {},
): Promise<Outcomes> {
  const { samples } = validation;
  const boards = Math.max(1, Math.min(availableParallelism(), Math.floor(samples.length / LEAST_SAMPLES)));
  const size = Math.ceil(samples.length / boards);
  const parts = Array.from({ length: boards }, (_, i) => samples.slice(i * size, (i + 1) * size));
  const found = new Array<Outcomes>(boards);
  const shares = new Array<number>(boards).fill(0);
  const failed = new AbortController();
  const ends = signal ? AbortSignal.any([signal, failed.signal]) : failed.signal;
  await inParallel(parts, boards, async (part, i) => {
    const tell = (_: string, share = 0): void => {
      shares[i] = share * part.length;
      const done = Math.round(shares.reduce((n, s) => n + s, 0));
      progress?.(`${done} of ${samples.length} samples`, done / samples.length);
    };
    try {
      const work = { signal: ends, progress: tell };
      found[i] = await runnerOf({ tasks })('simulateAnswers', { ...validation, samples: part }, work);
    } catch (e) {
      failed.abort();
      throw e;
    }
  });
  return {
    outcomes: found.flatMap((f) => f.outcomes),
    retransmissions: found.reduce((n, f) => n + f.retransmissions, 0),
    resets: found.reduce((n, f) => n + f.resets, 0),
  };
}
