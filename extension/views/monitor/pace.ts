/** Pause between two updates of a page: 20 a second look continuous. */
const UPDATE_MS = 50;

/**
 * When a page gets its next update: at most 20 times a second and never before it has drawn the last one. However fast bytes come, the
 * page has little to do.
 */
export class Pace {
  readonly #send: () => void;
  #isOn = false;
  #timer: NodeJS.Timeout | undefined;
  #lastSent = 0;
  /** An update was sent and not yet drawn. */
  #awaiting = false;
  #changed = false;

  constructor(send: () => void) {
    this.#send = send;
  }

  /** Sends now, and from now on. */
  now(): void {
    this.#isOn = true;
    this.#sendNow();
  }

  /** There is something new to be sent. */
  touch(): void {
    this.#changed = true;
    if (!this.#awaiting) this.#schedule();
  }

  /** The page has put the last update on screen. */
  drawn(): void {
    this.#awaiting = false;
    if (this.#changed) this.#schedule();
  }

  /** Nobody looks: nothing is sent until `now`. */
  stop(): void {
    this.#isOn = false;
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #schedule(): void {
    if (this.#timer !== undefined || !this.#isOn) return;
    const wait = Math.max(0, this.#lastSent + UPDATE_MS - performance.now());
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#sendNow();
    }, wait);
  }

  #sendNow(): void {
    this.#changed = false;
    this.#awaiting = true;
    this.#lastSent = performance.now();
    this.#send();
  }
}
