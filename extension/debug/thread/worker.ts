import { parentPort, workerData } from 'node:worker_threads';
import { errorData, UserError } from '../../common/error.ts';
import { type GdbServer, startGdbServer } from '../server.ts';
import type { BoardTask, FromBoard, ToBoard } from './protocol.ts';

/** The thread of a board under a debugger: its GDB server, and what else is asked of it. */
const parent = parentPort;
if (!parent) throw new Error('worker.ts is the entry of a worker thread');

const post = (message: FromBoard): void => {
  parent.postMessage(message);
};

let sent: number[] = [];
/** Not every byte becomes a message: those of a slice go together. */
const onUart = (byte: number): void => {
  if (sent.push(byte) > 1) return;
  setImmediate(() => {
    post({ type: 'uart', bytes: Uint8Array.from(sent) });
    sent = [];
  });
};

async function answer(server: GdbServer, message: ToBoard): Promise<void> {
  switch (message.type) {
    case 'send':
      return server.send(message.bytes);
    case 'monitor':
      return post({ type: 'monitored', id: message.id, text: await server.monitor(message.line) });
    case 'standing':
      return post({ type: 'standing', id: message.id, standing: await server.standing() });
  }
}

async function start({ boardId, firmware }: BoardTask): Promise<void> {
  const server = await startGdbServer({
    boardId,
    firmware,
    onUart,
    tell: (sentence) => post({ type: 'told', sentence }),
  });
  parent!.on('message', (message: ToBoard) => void answer(server, message));
  const { port, name, memory } = server;
  post({ type: 'ready', port, name, memory });
}

start(workerData as BoardTask).catch((error: unknown) => {
  if (!(error instanceof UserError)) throw error;
  post({ type: 'error', error: errorData(error) });
});
