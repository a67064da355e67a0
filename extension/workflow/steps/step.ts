import { throwIfCancelled } from '../../common/error.ts';
import type { Progress } from '../../common/work.ts';
import type { TaskRunner } from '../tasks/tasks.ts';

/** The steps of a port, in their order, and those of other commands. */
export type StepName =
  | 'inspect'
  | 'profile'
  | 'compile'
  | 'threshold'
  | 'input'
  | 'generate'
  | 'build'
  | 'run'
  | 'compare'
  | 'check'
  | 'explore'
  | 'validate';

export interface StepEvent {
  readonly step: StepName;
  readonly state: 'start' | 'progress' | 'done';
  /** What is being done, or was: a few words without an end, such as `100 samples`. */
  readonly message: string;
  /** Share that is done, 0..1, where it is known. */
  readonly fraction?: number;
}

/** What every step takes besides its own arguments. */
export interface StepContext {
  /** Runs computations that may take long; without one they run in place, and hold up whatever else does. */
  readonly tasks?: TaskRunner | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onStep?: ((event: StepEvent) => void) | undefined;
  /** Log of tools' output and details that nobody needs when all goes well. */
  readonly log?: ((line: string) => void) | undefined;
}

/** Runs one step between its `start` and `done` events; `done` says what `tell` makes of the result. */
export async function step<T>(
  context: StepContext,
  name: StepName,
  starting: string,
  work: (progress: Progress) => Promise<T> | T,
  tell: (result: T) => string,
): Promise<T> {
  throwIfCancelled(context.signal);
  context.onStep?.({ step: name, state: 'start', message: starting });
  const result = await work((message, fraction) =>
    context.onStep?.({
      step: name,
      state: 'progress',
      message,
      ...(fraction === undefined ? {} : { fraction }),
    }),
  );
  throwIfCancelled(context.signal);
  context.onStep?.({ step: name, state: 'done', message: tell(result) });
  return result;
}
