import { parentPort, workerData } from 'node:worker_threads';
import { ThreadLink } from '../../common/threadLink.ts';
import type { TensorSource } from '../network/tensorSource.ts';
import { type GdbServer, startGdbServer } from '../server.ts';
import type { BoardFunctions, BoardReady, BoardTask, HostFunctions } from './protocol.ts';

/** The thread of a board under a debugger: its GDB server, and what else is asked of it. */
const parent = parentPort;
if (!parent) throw new Error('worker.ts is the entry of a worker thread');
const task = workerData as BoardTask;

let server: GdbServer | undefined;
const board = (): GdbServer => {
  if (!server) throw new Error('the board is not switched on');
  return server;
};
const tensors = (): TensorSource => {
  const source = board().tensors;
  if ('template' in source) throw new Error('the network is not known');
  return source;
};

const own: BoardFunctions = {
  start: async () => {
    server = await startGdbServer({
      ...task,
      onUart,
      tell: (sentence) => link.tell('told', sentence),
      network: task.network && ('template' in task.network ? task.network : { ...task.network, pc }),
    });
    return ready(server);
  },
  send: (bytes) => board().send(bytes),
  monitor: (line) => board().monitor(line),
  standing: () => board().standing(),
  networkSettings: () => {
    const { stopsAtDifference, isPcSettled } = tensors();
    return { stopsAtDifference, isPcSettled };
  },
  stopAtDifference: (on) => tensors().stopAtDifference(on),
  layers: () => tensors().layers(),
  tensor: (layer) => tensors().tensor(layer),
};
const link = new ThreadLink<BoardFunctions, HostFunctions>((message) => parent.postMessage(message), own);
parent.on('message', (message) => link.receive(message));

function ready({ port, name, memory, tensors: source }: GdbServer): BoardReady {
  if ('template' in source) return { port, name, memory, network: source };
  source.stop.onChange((stop) => link.tell('networkStop', stop));
  return { port, name, memory, network: source.network };
}

/** The PC's network computes on the other side, with what that has of tasks and models. */
async function pc() {
  await link.call('makePc');
  return (...given: Parameters<HostFunctions['compute']>) => link.call('compute', ...given);
}

let sent: number[] = [];
/** Not every byte becomes a message: those of a slice go together. */
function onUart(byte: number): void {
  if (sent.push(byte) > 1) return;
  setImmediate(() => {
    link.tell('uart', Uint8Array.from(sent));
    sent = [];
  });
}
