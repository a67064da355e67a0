import { parentPort, workerData } from 'node:worker_threads';
import { errorData, UserError } from '../../common/error.ts';
import { BoardSession } from './boardSession.ts';
import { runFirmware } from './firmwareRun.ts';
import type { SessionRequest, WorkerMessage, WorkerTask } from './workerProtocol.ts';

/** The simulator's thread: one run, or one session, as `workerData` says. */
const task = workerData as WorkerTask;
const port = parentPort;
if (!port) throw new Error('worker.ts is the entry of a worker thread');

const post = (message: WorkerMessage): void => {
  port.postMessage(message);
};
const onUart = (bytes: Uint8Array, timeUs: number): void => {
  post({ type: 'uart', bytes, timeUs });
};

try {
  if (task.kind === 'run') {
    const cancel = new Int32Array(task.cancel);
    const result = runFirmware(task.options, () => Atomics.load(cancel, 0) !== 0, onUart);
    post({ type: 'result', result });
  } else {
    const session = new BoardSession(task.options, onUart, (fault) => {
      post({ type: 'fault', fault });
    });
    port.on('message', (request: SessionRequest) => {
      if (request.type === 'send') session.send(request.bytes);
      else session.reset();
    });
    session.start();
    post({ type: 'ready' });
  }
} catch (error) {
  if (!(error instanceof UserError)) throw error;
  post({ type: 'error', error: errorData(error) });
}
