import type { ErrorData } from '../../common/error.ts';
import type { Fault, SimulationOptions, SimulationResult } from './simulation.ts';

/** What the worker is started with (`workerData`). */
export type WorkerTask =
  | { readonly kind: 'run'; readonly options: RunTask; readonly cancel: SharedArrayBuffer }
  | { readonly kind: 'session'; readonly options: SessionTask };

export type RunTask = Omit<SimulationOptions, 'signal' | 'onUart'>;

export type SessionTask = Pick<SimulationOptions, 'boardId' | 'firmware' | 'patches'> & {
  readonly realTime: boolean;
};

/** From the worker. */
export type WorkerMessage =
  | { readonly type: 'uart'; readonly bytes: Uint8Array; readonly timeUs: number }
  | { readonly type: 'result'; readonly result: SimulationResult }
  /** A session is ready: the firmware is loaded. */
  | { readonly type: 'ready' }
  /** A session's firmware has stopped for good; `reset` starts it again. */
  | { readonly type: 'fault'; readonly fault: Fault }
  /** A UserError; anything else ends the worker with an error event. */
  | { readonly type: 'error'; readonly error: ErrorData };

/** To the worker of a session. */
export type SessionRequest =
  { readonly type: 'send'; readonly bytes: Uint8Array } | { readonly type: 'reset' };
