import type { Handlers } from '../dap/connection.ts';
import type { Target } from '../target.ts';

type RunRequest = 'continue' | 'pause' | 'next' | 'stepIn' | 'stepOut' | 'stepBack' | 'reverseContinue';

/** Requests that let the board run, forward or back, or stop it. @param leave what was shown of the stop is over */
export function runHandlers(target: () => Target, leave: () => void): Pick<Handlers, RunRequest> {
  const resume = async (command: string, isBack = false): Promise<void> => {
    const { steps, breakpoints } = target();
    leave();
    await steps.resume(command, isBack, breakpoints.haveLogs);
  };
  return {
    continue: async () => {
      await resume('-exec-continue');
      return { allThreadsContinued: true };
    },
    pause: () => target().execution.pause(),
    next: ({ granularity }) =>
      resume(granularity === 'instruction' ? '-exec-next-instruction' : '-exec-next'),
    stepIn: ({ granularity }) =>
      resume(granularity === 'instruction' ? '-exec-step-instruction' : '-exec-step'),
    stepOut: () => resume('-exec-finish'),
    stepBack: ({ granularity }) =>
      resume(granularity === 'instruction' ? '-exec-step-instruction' : '-exec-next', true),
    reverseContinue: () => resume('-exec-continue', true),
  };
}
