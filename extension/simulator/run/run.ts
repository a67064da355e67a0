import type { Worker } from 'node:worker_threads';
import { errorOf } from '../../common/error.ts';
import { startThread } from '../../common/thread.ts';
import type { SimulationOptions, SimulationResult } from './simulation.ts';
import type { WorkerMessage, WorkerTask } from './workerProtocol.ts';

/** How long a cancelled worker may take to answer before it is ended. */
const CANCEL_GRACE_MS = 1000;

/**
 * Boots firmware on a simulated board in a worker thread and runs it until a report is printed (`untilReport`), it has
 * nothing left to do, it faults, the cycle limit is reached or the signal fires; see {@link SimulationResult.stop}.
 * @throws UserError `board` when the board is not simulated, `input` when the firmware is damaged, does not fit or has
 *   no vector table, or a patch's symbol is not there.
 */
export async function simulate(options: SimulationOptions): Promise<SimulationResult> {
  const { signal, onUart, ...task } = options;
  const cancel = new SharedArrayBuffer(4);
  const flag = new Int32Array(cancel);
  const printed: Uint8Array[] = [];
  const cancelled = (): SimulationResult => ({
    stop: 'cancelled',
    fault: undefined,
    cycles: 0,
    instructions: 0,
    timeUs: 0,
    stackBytes: 0,
    uart: Buffer.concat(printed),
    symbols: undefined,
  });
  if (signal?.aborted) return cancelled();

  const worker = startWorker({ kind: 'run', options: task, cancel });
  let grace: NodeJS.Timeout | undefined;
  let onAbort: () => void = () => undefined;
  try {
    return await new Promise<SimulationResult>((resolve, reject) => {
      onAbort = () => {
        Atomics.store(flag, 0, 1);
        // a worker still busy with starting does not look at the flag
        grace = setTimeout(() => {
          resolve(cancelled());
        }, CANCEL_GRACE_MS);
      };
      signal?.addEventListener('abort', onAbort);
      worker.on('message', (message: WorkerMessage) => {
        switch (message.type) {
          case 'uart':
            printed.push(message.bytes);
            onUart?.(message.bytes, message.timeUs);
            break;
          case 'result':
            resolve(message.result);
            break;
          case 'error':
            reject(errorOf(message.error));
            break;
          default:
        }
      });
      worker.on('error', reject);
      worker.on('exit', (code) => {
        reject(new Error(`the simulator's thread ended with code ${code}`));
      });
    });
  } finally {
    clearTimeout(grace);
    signal?.removeEventListener('abort', onAbort);
    await worker.terminate();
  }
}

/** Starts the simulator's thread. */
export function startWorker(task: WorkerTask): Worker {
  return startThread({ name: 'simulatorWorker', source: 'simulator/run/worker.ts' }, task);
}
