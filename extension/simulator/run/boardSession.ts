import { Machine } from '../machine/machine.ts';
import { patchImage, readImage } from '../firmware/image.ts';
import type { Fault } from './simulation.ts';
import { UartChunks } from './uartChunks.ts';
import type { SessionTask } from './workerProtocol.ts';

/** Simulated time run at once. */
const SLICE_MS = 10;
/** A host that falls behind by more does not try to catch up. */
const MOST_LAG_MS = 100;

/** A board that runs until its thread ends, beside the thread's event loop: a slice, then whatever came in meanwhile. */
export class BoardSession {
  readonly #machine: Machine;
  readonly #chunks: UartChunks;
  readonly #realTime: boolean;
  readonly #onFault: (fault: Fault) => void;
  #timer: NodeJS.Timeout | undefined;
  #running = false;
  /** Wall-clock time at which simulated time was 0. */
  #epoch = 0;

  /** @throws UserError for a board that is not simulated and firmware that cannot be loaded. */
  constructor(
    task: SessionTask,
    onUart: (bytes: Uint8Array, timeUs: number) => void,
    onFault: (fault: Fault) => void,
  ) {
    this.#machine = new Machine(task.boardId);
    this.#machine.load(patchImage(readImage(task.firmware), task.patches ?? []));
    this.#machine.checkBootable();
    this.#chunks = new UartChunks(onUart);
    this.#machine.onUart = (byte, timeUs) => {
      this.#chunks.push(byte, timeUs);
    };
    // who watches is the debugger whose console firmware may print on
    this.#machine.startSemihosting();
    this.#realTime = task.realTime;
    this.#onFault = onFault;
  }

  start(): void {
    this.#running = true;
    this.#epoch = performance.now() - this.#machine.timeUs / 1000;
    this.#schedule(0);
  }

  /** Bytes for the board's receiver. */
  send(bytes: Uint8Array): void {
    this.#machine.send(bytes);
    if (this.#running && this.#timer === undefined) this.start();
  }

  /** Power off and on. */
  reset(): void {
    this.#chunks.flush();
    this.#machine.powerOn();
    if (this.#timer) clearTimeout(this.#timer);
    this.start();
  }

  #schedule(delayMs: number): void {
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#slice();
    }, delayMs);
  }

  #slice(): void {
    const machine = this.#machine;
    const stop = machine.run((machine.board.coreClockHz * SLICE_MS) / 1000);
    this.#chunks.flush();
    if (stop === 'fault') {
      this.#running = false;
      if (machine.fault) this.#onFault(machine.fault);
      return;
    }
    // nothing but input can go on from here: the next send() starts the clock again
    if (stop === 'idle' && machine.isAtRest) return;
    // work may go as fast as the host can; waiting takes its time
    const paced = this.#realTime || machine.idleSince !== undefined;
    const ahead = machine.timeUs / 1000 - (performance.now() - this.#epoch);
    if (ahead < -MOST_LAG_MS || !paced) this.#epoch = performance.now() - machine.timeUs / 1000;
    this.#schedule(paced ? Math.max(0, ahead) : 0);
  }
}
