import { errorOf } from '../../common/error.ts';
import type { Sentence } from '../../common/errors/sentence.ts';
import { startThread } from '../../common/thread.ts';
import type { MemoryRange } from '../server.ts';
import type { Standing } from '../target/standing.ts';
import type { BoardTask, FromBoard, ToBoard } from './protocol.ts';

export interface BoardThreadEvents {
  /** What the firmware sends, as it runs for the first time. */
  readonly onUart: (bytes: Uint8Array) => void;
  /** A sentence about what happens, such as a fault. */
  readonly onTold: (sentence: Sentence) => void;
  /** The simulator itself has failed. */
  readonly onFailed: (message: string) => void;
}

/** A simulated board under a debugger, in a thread of its own, with its GDB server. */
export interface BoardThread {
  /** TCP port on this computer that GDB attaches to. */
  readonly port: number;
  /** The board's name. */
  readonly name: string;
  readonly memory: readonly MemoryRange[];
  /** Bytes to the board's UART. */
  send(bytes: Uint8Array): void;
  /** Answers what follows GDB's `monitor`. @returns text for its user */
  monitor(line: string): Promise<string>;
  standing(): Promise<Standing>;
  /** Ends the thread. Idempotent; no callback after it. */
  close(): Promise<void>;
}

/**
 * Switches a simulated board on in a thread, halted at reset.
 * @throws UserError `board` when the board is not simulated, `input` when the firmware cannot be loaded
 */
export async function startBoardThread(task: BoardTask, events: BoardThreadEvents): Promise<BoardThread> {
  const worker = startThread({ name: 'debugWorker', source: 'debug/thread/worker.ts' }, task);
  const questions = new Map<number, (answer: FromBoard) => void>();
  let asked = 0;
  let isOpen = true;
  const post = (message: ToBoard): void => {
    if (isOpen) worker.postMessage(message);
  };
  const close = async (): Promise<void> => {
    isOpen = false;
    await worker.terminate();
  };
  const ask = (question: (id: number) => ToBoard): Promise<FromBoard> =>
    new Promise((resolve) => {
      const id = ++asked;
      questions.set(id, resolve);
      post(question(id));
    });

  let ready: Extract<FromBoard, { type: 'ready' }>;
  try {
    ready = await new Promise((resolve, reject) => {
      worker.on('message', (message: FromBoard) => {
        if (!isOpen) return;
        switch (message.type) {
          case 'ready':
            resolve(message);
            break;
          case 'uart':
            events.onUart(message.bytes);
            break;
          case 'told':
            events.onTold(message.sentence);
            break;
          case 'error':
            reject(errorOf(message.error));
            break;
          default:
            questions.get(message.id)?.(message);
            questions.delete(message.id);
        }
      });
      worker.on('error', (error) => {
        reject(error);
        if (isOpen) events.onFailed(error.message);
      });
    });
  } catch (error) {
    await close();
    throw error;
  }
  return {
    port: ready.port,
    name: ready.name,
    memory: ready.memory,
    send: (bytes) => post({ type: 'send', bytes }),
    monitor: async (line) => {
      const answer = await ask((id) => ({ type: 'monitor', id, line }));
      return answer.type === 'monitored' ? answer.text : '';
    },
    standing: async () => {
      const answer = await ask((id) => ({ type: 'standing', id }));
      if (answer.type !== 'standing') throw new Error('another question was answered');
      return answer.standing;
    },
    close,
  };
}
