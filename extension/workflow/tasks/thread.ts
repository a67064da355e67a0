import type { Worker } from 'node:worker_threads';
import { cancelled, type ErrorData, errorOf, throwIfCancelled, UserError } from '../../common/error.ts';
import { say, type Sentence } from '../../common/errors/sentence.ts';
import { startThread } from '../../common/thread.ts';
import type { WorkContext } from '../../common/work.ts';
import { tooLarge } from '../../model/import/refusal.ts';
import type { TaskInput, TaskName, TaskOutput, TaskRunner } from './tasks.ts';

/** What a thread is sent. */
export interface TaskOrder<K extends TaskName = TaskName> {
  readonly name: K;
  readonly input: TaskInput<K>;
}

/** What it says; anything but a UserError ends it with an error event. */
export type TaskMessage =
  | { readonly type: 'progress'; readonly message: string; readonly fraction?: number | undefined }
  | { readonly type: 'done'; readonly output: TaskOutput<TaskName> }
  | { readonly type: 'error'; readonly error: ErrorData };

/** What a task may take. */
export interface Bounds {
  /** Until it ends, or tells of its progress. */
  readonly ms: number;
  /** Of what JavaScript keeps, in MB; the importers bound the numbers of a model themselves. */
  readonly heapMb: number;
}

/** What nobody waits for; models for microcontrollers take a thousandth of both. */
const BOUNDS: Bounds = { ms: 120_000, heapMb: 2048 };

/** How long a thread that has done its task waits for the next: a step of a port follows another. */
const IDLE_MS = 5000;

/**
 * Runs each task in a thread, so that whatever a model does to it, the program that asked goes on: a task that exceeds its
 * bounds is ended with its thread, and so is one whose signal fires. A thread that has done its task is given the next.
 */
export function tasksInThread(bounds: Bounds = BOUNDS): TaskRunner {
  const idle = new IdleThreads();
  return async <K extends TaskName>(
    name: K,
    input: TaskInput<K>,
    { signal, progress }: WorkContext = {},
  ): Promise<TaskOutput<K>> => {
    throwIfCancelled(signal);
    const thread = idle.take() ?? start(bounds);
    const order: TaskOrder<K> = { name, input };
    let timer: NodeJS.Timeout | undefined;
    let onAbort: () => void = () => undefined;
    let isFree = false;
    try {
      return await new Promise<TaskOutput<K>>((resolve, reject) => {
        onAbort = () => reject(cancelled());
        signal?.addEventListener('abort', onAbort);
        timer = setTimeout(() => reject(tooSlow(name, bounds)), bounds.ms);
        thread.on('message', (message: TaskMessage) => {
          switch (message.type) {
            case 'progress':
              timer?.refresh();
              progress?.(message.message, message.fraction);
              break;
            case 'done':
              isFree = true;
              resolve(message.output as TaskOutput<K>);
              break;
            case 'error':
              isFree = true;
              reject(errorOf(message.error));
          }
        });
        thread.on('error', (error: NodeJS.ErrnoException) => {
          reject(error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? tooBig(name, bounds) : error);
        });
        thread.on('exit', (code) => reject(new Error(`the thread of ${name} ended with code ${code}`)));
        thread.postMessage(order);
      });
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
      stopListening(thread);
      if (isFree) idle.put(thread);
      else await thread.terminate();
    }
  };
}

function start({ heapMb }: Bounds): Worker {
  const entry = { name: 'taskWorker', source: 'workflow/tasks/worker.ts' };
  return startThread(entry, undefined, { maxOldGenerationSizeMb: heapMb });
}

/** Takes away what listens to a thread. Not whatever listens: its own way of receiving messages would go, too. */
function stopListening(thread: Worker): void {
  for (const event of ['message', 'error', 'exit']) thread.removeAllListeners(event);
}

/** Threads that wait for a task. None of them keeps the program running, and none waits long. */
class IdleThreads {
  readonly #threads = new Map<Worker, NodeJS.Timeout>();

  put(thread: Worker): void {
    const drop = (): void => void this.#threads.delete(thread);
    thread.on('error', drop);
    thread.on('exit', drop);
    thread.unref();
    const end = setTimeout(() => void thread.terminate(), IDLE_MS);
    this.#threads.set(thread, end.unref());
  }

  /** The one that has waited shortest; undefined when none waits. */
  take(): Worker | undefined {
    const last = [...this.#threads].at(-1);
    if (!last) return undefined;
    const [thread, end] = last;
    this.#threads.delete(thread);
    clearTimeout(end);
    stopListening(thread);
    thread.ref();
    return thread;
  }
}

/** What a task works on, where it is not the model. */
const SUBJECT: Partial<Record<TaskName, 'sdk' | 'data'>> = {
  describeBoards: 'sdk',
  samplesIn: 'data',
  loadSample: 'data',
  measureMoments: 'data',
};

function tooSlow(task: TaskName, { ms }: Bounds): Error {
  const seconds = ms / 1000;
  const subject = SUBJECT[task];
  if (subject === 'sdk') {
    return sdkTooLarge(say`The SDK keeps this computer busy for more than ${seconds} seconds.`);
  }
  if (subject === 'data') {
    return dataTooLarge(say`The samples keep this computer busy for more than ${seconds} seconds.`);
  }
  return tooLarge(say`The model keeps this computer busy for more than ${seconds} seconds.`);
}

function tooBig(task: TaskName, { heapMb }: Bounds): Error {
  const subject = SUBJECT[task];
  if (subject === 'sdk') return sdkTooLarge(say`The SDK takes more than ${heapMb} MB of memory to read.`);
  if (subject === 'data') {
    return dataTooLarge(say`The samples take more than ${heapMb} MB of memory to read.`);
  }
  return tooLarge(say`The model takes more than ${heapMb} MB of memory to work on.`);
}

function dataTooLarge(sentence: Sentence): UserError {
  return new UserError('input', sentence, say`Give fewer samples, or smaller files.`);
}

function sdkTooLarge(sentence: Sentence): UserError {
  return new UserError('input', sentence, say`Choose an SDK of NXP's, as it comes.`);
}
