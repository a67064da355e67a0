import type { ErrorData } from '../../common/error.ts';
import type { Sentence } from '../../common/errors/sentence.ts';
import type { MemoryRange } from '../server.ts';
import type { Standing } from '../target/standing.ts';

/** What the thread of a board under a debugger is started with (`workerData`). */
export interface BoardTask {
  /** Board id, such as `frdmke16z`. */
  readonly boardId: string;
  readonly firmware: Uint8Array;
}

/** From the thread. */
export type FromBoard =
  /** GDB can attach. */
  | {
      readonly type: 'ready';
      readonly port: number;
      readonly name: string;
      readonly memory: readonly MemoryRange[];
    }
  | { readonly type: 'uart'; readonly bytes: Uint8Array }
  | { readonly type: 'told'; readonly sentence: Sentence }
  | { readonly type: 'monitored'; readonly id: number; readonly text: string }
  | { readonly type: 'standing'; readonly id: number; readonly standing: Standing }
  /** A UserError; anything else ends the thread with an error event. */
  | { readonly type: 'error'; readonly error: ErrorData };

/** To the thread; what has an id is answered with it. */
export type ToBoard =
  | { readonly type: 'send'; readonly bytes: Uint8Array }
  | { readonly type: 'monitor'; readonly id: number; readonly line: string }
  | { readonly type: 'standing'; readonly id: number };
