import { cancelled, type ErrorData, errorOf, throwIfCancelled } from '../../common/error.ts';
import { say } from '../../common/errors/sentence.ts';
import { startThread } from '../../common/thread.ts';
import { tooLarge } from '../../model/import/refusal.ts';
import type { TaskInput, TaskName, TaskOutput, TaskRunner } from './tasks.ts';

/** What a thread is started with. */
export interface TaskOrder<K extends TaskName = TaskName> {
  readonly name: K;
  readonly input: TaskInput<K>;
}

/** What it answers; anything but a UserError ends it with an error event. */
export type TaskMessage =
  | { readonly type: 'done'; readonly output: TaskOutput<TaskName> }
  | { readonly type: 'error'; readonly error: ErrorData };

/** What a task may take. */
export interface Bounds {
  readonly ms: number;
  /** Of what JavaScript keeps, in MB; the importers bound the numbers of a model themselves. */
  readonly heapMb: number;
}

/** What nobody waits for; models for microcontrollers take a thousandth of both. */
const BOUNDS: Bounds = { ms: 120_000, heapMb: 2048 };

/**
 * Runs each task in a thread of its own, so that whatever a model does to it, the program that asked goes on: a task that
 * exceeds its bounds is ended, and so is one whose signal fires.
 */
export function tasksInThread(bounds: Bounds = BOUNDS): TaskRunner {
  return async <K extends TaskName>(name: K, input: TaskInput<K>, signal?: AbortSignal) => {
    throwIfCancelled(signal);
    const order: TaskOrder<K> = { name, input };
    const entry = { name: 'taskWorker', source: 'workflow/tasks/worker.ts' };
    const thread = startThread(entry, order, { maxOldGenerationSizeMb: bounds.heapMb });
    let timer: NodeJS.Timeout | undefined;
    let onAbort: () => void = () => undefined;
    try {
      return await new Promise<TaskOutput<K>>((resolve, reject) => {
        onAbort = () => reject(cancelled());
        signal?.addEventListener('abort', onAbort);
        timer = setTimeout(() => reject(tooSlow(bounds)), bounds.ms);
        thread.on('message', (message: TaskMessage) => {
          if (message.type === 'done') resolve(message.output as TaskOutput<K>);
          else reject(errorOf(message.error));
        });
        thread.on('error', (error: NodeJS.ErrnoException) => {
          reject(error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? tooBig(bounds) : error);
        });
        thread.on('exit', (code) => reject(new Error(`the thread of ${name} ended with code ${code}`)));
      });
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
      await thread.terminate();
    }
  };
}

function tooSlow({ ms }: Bounds): Error {
  return tooLarge(say`The model keeps this computer busy for more than ${ms / 1000} seconds.`);
}

function tooBig({ heapMb }: Bounds): Error {
  return tooLarge(say`The model takes more than ${heapMb} MB of memory to work on.`);
}
