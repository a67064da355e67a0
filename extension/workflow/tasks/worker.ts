import { parentPort } from 'node:worker_threads';
import { errorData, UserError } from '../../common/error.ts';
import { inPlace } from './tasks.ts';
import type { TaskMessage, TaskOrder } from './thread.ts';

/** A thread that does one task after another, as it is told. */
parentPort?.on('message', ({ name, input }: TaskOrder) => {
  const progress = (message: string, fraction?: number): void =>
    post({ type: 'progress', message, fraction });
  void inPlace(name, input, { progress }).then(
    (output) => post({ type: 'done', output }),
    (error: unknown) => {
      if (!(error instanceof UserError)) throw error;
      post({ type: 'error', error: errorData(error) });
    },
  );
});

function post(message: TaskMessage): void {
  parentPort?.postMessage(message);
}
