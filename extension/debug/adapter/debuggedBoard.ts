import type { TensorsOrWhyNot } from '../network/tensorSource.ts';

/** A board under a debugger, as others than the debugger see it. */
export interface DebuggedBoard {
  /** Board id, such as `frdmke16z`. */
  readonly id: string;
  readonly name: string;
  /** Listens to the UART: first to what has been sent until now, as far as it is kept. Dispose the answer to stop. */
  onUart(listener: (bytes: Uint8Array) => void): { dispose(): void };
  /** Bytes to the board's UART. */
  send(bytes: Uint8Array): void;
  /** The network in its firmware, for who shows it; or why nothing is known of it. */
  readonly tensors: TensorsOrWhyNot;
  /** Begins again at reset. */
  restart(): Promise<void>;
}

/** The most bytes that are kept for who listens later. */
const MOST_KEPT = 64 * 1024;

/** What a board has sent, for any number of listeners. */
export class UartLog {
  readonly #listeners = new Set<(bytes: Uint8Array) => void>();
  #kept: Uint8Array[] = [];
  #keptBytes = 0;

  push(bytes: Uint8Array): void {
    this.#kept.push(bytes);
    this.#keptBytes += bytes.length;
    while (this.#keptBytes > MOST_KEPT) this.#keptBytes -= this.#kept.shift()!.length;
    for (const listener of [...this.#listeners]) listener(bytes);
  }

  listen(listener: (bytes: Uint8Array) => void): { dispose(): void } {
    for (const bytes of this.#kept) listener(bytes);
    this.#listeners.add(listener);
    return { dispose: () => this.#listeners.delete(listener) };
  }
}
