import type { Sentence } from '../../common/errors/sentence.ts';
import type { DebuggedNetwork, Numbers } from '../network/debuggedNetwork.ts';
import type { LayerState, TensorView } from '../network/networkWatch.ts';
import type { NetworkStop } from '../network/tensorSource.ts';
import type { MemoryRange } from '../server.ts';
import type { Standing } from '../target/standing.ts';

/** What the thread of a board under a debugger is started with (`workerData`). */
export interface BoardTask {
  /** Board id, such as `frdmke16z`. */
  readonly boardId: string;
  readonly firmware: Uint8Array;
  /** The network in the firmware, without the PC's, which computes on the other side; or why nothing is known of it. */
  readonly network: Omit<DebuggedNetwork, 'pc'> | Sentence | undefined;
}

/** What the thread says of its board once GDB can attach. */
export interface BoardReady {
  /** TCP port. */
  readonly port: number;
  /** The board's name. */
  readonly name: string;
  readonly memory: readonly MemoryRange[];
  /** The network's name, or why it cannot be followed. */
  readonly network: string | Sentence;
}

/** What can be asked of the network without the board. */
export interface NetworkSettings {
  readonly stopsAtDifference: boolean;
  readonly isPcSettled: boolean;
}

/** What the thread is asked. */
export interface BoardFunctions {
  /** @throws UserError `board` when the board is not simulated, `input` when the firmware cannot be loaded */
  start(): Promise<BoardReady>;
  send(bytes: Uint8Array): Promise<void>;
  monitor(line: string): Promise<string>;
  standing(): Promise<Standing>;
  networkSettings(): NetworkSettings;
  stopAtDifference(on: boolean): Promise<void>;
  layers(): Promise<readonly LayerState[]>;
  tensor(layer: number): Promise<TensorView>;
}

/** What the thread tells and asks. */
export interface HostFunctions {
  uart(bytes: Uint8Array): void;
  told(sentence: Sentence): void;
  /** Why the board stands; undefined when it runs. */
  networkStop(stop: NetworkStop | undefined): void;
  /** Makes the PC's network. @throws UserError as {@link DebuggedNetwork.pc} does */
  makePc(): Promise<void>;
  /** Computes with it. */
  compute(inputs: Numbers, states: Numbers): Promise<Numbers>;
}
