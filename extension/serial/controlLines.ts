import type { ControlLines } from '../../webview/shared/portSettings.ts';

/** How long DTR/RTS or a break is held. */
const PULSE_MS = 100;

/** Sets all flags of a port at once. */
export type SetFlags = (flags: ControlLines & { readonly brk: boolean }) => Promise<void>;

/**
 * DTR, RTS and the break of a port, one change after the other. Whatever is done with them for a moment, they end as they were
 * set.
 */
export class LineControl {
  readonly #set: SetFlags;
  #lines: ControlLines;
  #last: Promise<void> = Promise.resolve();

  /** @param lines as the operating system has set them */
  constructor(set: SetFlags, lines: ControlLines) {
    this.#set = set;
    this.#lines = lines;
  }

  /** Holds the lines so from now on. */
  setLines(lines: ControlLines): Promise<void> {
    return this.#inTurn(async () => {
      await this.#set({ ...lines, brk: false });
      this.#lines = lines;
    });
  }

  /** Holds the transmit line low for longer than any character. */
  sendBreak(): Promise<void> {
    return this.#inTurn(() => this.#hold({ ...this.#lines, brk: true }));
  }

  /**
   * A pulse on DTR. Where it is held on, it goes off with RTS on, which resets boards with the circuit of an Arduino (by DTR's
   * edge) or of an ESP32 (while RTS alone is on). Where it is held off, it goes on: boards with DTR at their reset pin.
   */
  pulse(): Promise<void> {
    return this.#inTurn(() => {
      const { dtr, rts } = this.#lines;
      return this.#hold({ dtr: !dtr, rts: dtr || rts, brk: false });
    });
  }

  /** The flags for a moment; then the lines again, also when the port took only a part of the flags. */
  async #hold(flags: ControlLines & { readonly brk: boolean }): Promise<void> {
    try {
      await this.#set(flags);
      await new Promise((resolve) => setTimeout(resolve, PULSE_MS));
    } finally {
      await this.#set({ ...this.#lines, brk: false });
    }
  }

  #inTurn(work: () => Promise<void>): Promise<void> {
    const done = this.#last.then(work);
    this.#last = done.catch(() => undefined);
    return done;
  }
}
