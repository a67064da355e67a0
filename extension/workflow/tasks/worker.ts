import { parentPort, workerData } from 'node:worker_threads';
import { errorData, UserError } from '../../common/error.ts';
import { inPlace } from './tasks.ts';
import type { TaskMessage, TaskOrder } from './thread.ts';

/** A thread that does one task, as `workerData` says. */
const { name, input } = workerData as TaskOrder;

void inPlace(name, input).then(
  (output) => post({ type: 'done', output }),
  (error: unknown) => {
    if (!(error instanceof UserError)) throw error;
    post({ type: 'error', error: errorData(error) });
  },
);

function post(message: TaskMessage): void {
  parentPort?.postMessage(message);
}
