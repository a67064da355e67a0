import { errorOf } from '../../common/error.ts';
import { startWorker } from './run.ts';
import type { Fault, SimulationOptions } from './simulation.ts';
import type { SessionRequest, WorkerMessage } from './workerProtocol.ts';

export interface SimulatedBoardOptions {
  /** Board id, such as `frdmke16z`. */
  readonly boardId: string;
  /** ELF, Intel HEX or raw binary image. */
  readonly firmware: Uint8Array;
  readonly patches?: SimulationOptions['patches'];
  /** Never faster than the real board (default true); else only waiting takes its time. */
  readonly realTime?: boolean;
  /** UART bytes, a line at a time, with the simulated time since power-on in microseconds. */
  readonly onUart: (bytes: Uint8Array, timeUs: number) => void;
  /** The firmware has ended in a fault; `reset` starts it again. Also when the simulator itself fails. */
  readonly onStop: (stop: SimulatedBoardStop) => void;
}

export type SimulatedBoardStop =
  | { readonly reason: 'fault'; readonly fault: Fault }
  | { readonly reason: 'error'; readonly message: string };

/** A simulated board that is switched on. */
export interface SimulatedBoardSession {
  /** Bytes to the board's UART; they arrive at its baud rate. */
  send(bytes: Uint8Array): void;
  /** Switches it off and on again. */
  reset(): void;
  /** Switches it off and ends its thread. Idempotent; no callback after it. */
  close(): Promise<void>;
}

/**
 * Switches a simulated board on, in a worker thread, and leaves it running: what the serial monitor talks to.
 * @throws UserError `board` when the board is not simulated, `input` when the firmware cannot be loaded.
 */
export async function openSimulatedBoard(options: SimulatedBoardOptions): Promise<SimulatedBoardSession> {
  const { boardId, firmware, patches, realTime = true, onUart, onStop } = options;
  const worker = startWorker({
    kind: 'session',
    options: { boardId, firmware, realTime, ...(patches ? { patches } : {}) },
  });
  let open = true;
  const close = async (): Promise<void> => {
    open = false;
    await worker.terminate();
  };
  try {
    await new Promise<void>((resolve, reject) => {
      worker.on('message', (message: WorkerMessage) => {
        if (!open) return;
        switch (message.type) {
          case 'ready':
            resolve();
            break;
          case 'uart':
            onUart(message.bytes, message.timeUs);
            break;
          case 'fault':
            onStop({ reason: 'fault', fault: message.fault });
            break;
          case 'error':
            reject(errorOf(message.error));
            break;
          default:
        }
      });
      worker.on('error', (error) => {
        reject(error);
        if (open) onStop({ reason: 'error', message: error.message });
      });
    });
  } catch (error) {
    await close();
    throw error;
  }
  const request = (message: SessionRequest): void => {
    if (open) worker.postMessage(message);
  };
  return {
    send: (bytes) => {
      request({ type: 'send', bytes });
    },
    reset: () => {
      request({ type: 'reset' });
    },
    close,
  };
}
