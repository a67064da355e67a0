import type { Sentence } from '../../common/errors/sentence.ts';
import { Observable } from '../../common/observable.ts';
import { startThread } from '../../common/thread.ts';
import { ThreadLink } from '../../common/threadLink.ts';
import type { DebuggedNetwork, PcNetwork } from '../network/debuggedNetwork.ts';
import type { NetworkStop, TensorSource, TensorsOrWhyNot } from '../network/tensorSource.ts';
import type { Standing } from '../target/standing.ts';
import type { BoardFunctions, BoardReady, BoardTask, HostFunctions, NetworkSettings } from './protocol.ts';

export interface BoardThreadOptions extends Omit<BoardTask, 'network'> {
  /** The network in the firmware; or why nothing is known of it. */
  readonly network: DebuggedNetwork | Sentence | undefined;
  /** What the firmware sends, as it runs for the first time. */
  readonly onUart: (bytes: Uint8Array) => void;
  /** A sentence about what happens, such as a fault. */
  readonly onTold: (sentence: Sentence) => void;
  /** The simulator itself has failed. */
  readonly onFailed: (message: string) => void;
}

/** A simulated board under a debugger, in a thread of its own, with its GDB server. */
export interface BoardThread extends Omit<BoardReady, 'network'> {
  /** For who shows the network while the board stands. */
  readonly tensors: TensorsOrWhyNot;
  /** Bytes to the board's UART. */
  send(bytes: Uint8Array): void;
  /** Answers what follows GDB's `monitor`. @returns text for its user */
  monitor(line: string): Promise<string>;
  standing(): Promise<Standing>;
  /** Ends the thread. Idempotent; no callback after it. */
  close(): Promise<void>;
}

type Link = ThreadLink<HostFunctions, BoardFunctions>;

/**
 * Switches a simulated board on in a thread, halted at reset.
 * @throws UserError `board` when the board is not simulated, `input` when the firmware cannot be loaded
 */
export async function startBoardThread(options: BoardThreadOptions): Promise<BoardThread> {
  const { boardId, firmware, network, onUart, onTold, onFailed } = options;
  const worker = startThread({ name: 'debugWorker', source: 'debug/thread/worker.ts' }, {
    boardId,
    firmware,
    network: withoutPc(network),
  } satisfies BoardTask);
  let isOpen = true;
  const stop = new Observable<NetworkStop | undefined>({ found: undefined });
  const link: Link = new ThreadLink<HostFunctions, BoardFunctions>((message) => worker.postMessage(message), {
    uart: onUart,
    told: onTold,
    networkStop: (value) => stop.set(value),
    ...computing(network),
  });
  const close = async (): Promise<void> => {
    isOpen = false;
    link.end(new Error('The board is switched off.'));
    await worker.terminate();
  };
  worker.on('message', (message) => {
    if (isOpen) link.receive(message);
  });
  worker.on('error', (error) => {
    link.end(error);
    if (isOpen) onFailed(error.message);
  });
  try {
    const { network: known, ...ready } = await link.call('start');
    const tensors = typeof known === 'string' ? remoteTensors(known, stop, link) : known;
    return {
      ...ready,
      tensors,
      send: (bytes) => link.tell('send', bytes),
      monitor: (line) => link.call('monitor', line),
      standing: () => link.call('standing'),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

function withoutPc(network: BoardThreadOptions['network']): BoardTask['network'] {
  if (!network || 'template' in network) return network;
  const { name, placeholders, layers, states } = network;
  return { name, placeholders, layers, states };
}

/** The PC's network on this side: the thread asks for what it computes. */
function computing(network: BoardThreadOptions['network']): Pick<HostFunctions, 'makePc' | 'compute'> {
  let made: PcNetwork | undefined;
  return {
    makePc: async () => {
      if (network && 'pc' in network) made = await network.pc();
    },
    compute: async (inputs, states) => made!(inputs, states),
  };
}

/** The thread's network as those see it who show it. */
function remoteTensors(network: string, stop: Observable<NetworkStop | undefined>, link: Link): TensorSource {
  let settings: NetworkSettings = { stopsAtDifference: false, isPcSettled: false };
  /** Looks, behind what may change them, at the settings that are read without waiting. */
  const settled = async <T>(asked: Promise<T>): Promise<T> => {
    try {
      return await asked;
    } finally {
      settings = await link.call('networkSettings').catch(() => settings);
    }
  };
  return {
    network,
    stop,
    get stopsAtDifference() {
      return settings.stopsAtDifference;
    },
    get isPcSettled() {
      return settings.isPcSettled;
    },
    stopAtDifference: (on) => settled(link.call('stopAtDifference', on)),
    layers: () => settled(link.call('layers')),
    tensor: (layer) => settled(link.call('tensor', layer)),
  };
}
