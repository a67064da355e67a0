import { LINE_ENDINGS, type SavedSend, SEND_MODES, type Sendable } from '../../../../webview/shared/sends.ts';
import { Observable } from '../../../common/observable.ts';

const MOST_SENDS = 100;
const LONGEST_NAME = 80;
const LONGEST_TEXT = 4096;

/** Where the lines are kept over a reload of the window. */
export interface SavedSendsMemory {
  get(): readonly SavedSend[] | undefined;
  set(sends: readonly SavedSend[]): void;
}

/** The lines to send that a workspace keeps under names, for all its monitors, in the order they were saved. */
export class SavedSends {
  readonly #memory: SavedSendsMemory;
  readonly #sends: Observable<readonly SavedSend[]>;

  constructor(memory: SavedSendsMemory) {
    this.#memory = memory;
    this.#sends = new Observable(memory.get() ?? []);
  }

  get all(): readonly SavedSend[] {
    return this.#sends.value;
  }

  onChange(listener: () => void): { dispose(): void } {
    return this.#sends.onChange(listener);
  }

  find(id: number): SavedSend | undefined {
    return this.all.find((send) => send.id === id);
  }

  /** Keeps a line, at first under its own text; what is too long, or too many, is not kept. */
  save({ text, mode, lineEnding }: Sendable): void {
    const isGood = SEND_MODES.includes(mode) && LINE_ENDINGS.includes(lineEnding);
    if (!isGood || text === '' || text.length > LONGEST_TEXT || this.all.length >= MOST_SENDS) return;
    const id = this.all.reduce((most, send) => Math.max(most, send.id), 0) + 1;
    this.#keep([...this.all, { id, name: nameOf(text), text, mode, lineEnding }]);
  }

  /** An empty name is its text again. */
  rename(id: number, name: string): void {
    this.#keep(
      this.all.map((send) => (send.id === id ? { ...send, name: nameOf(name) || nameOf(send.text) } : send)),
    );
  }

  remove(id: number): void {
    this.#keep(this.all.filter((send) => send.id !== id));
  }

  #keep(sends: readonly SavedSend[]): void {
    this.#memory.set(sends);
    this.#sends.set(sends);
  }
}

function nameOf(text: string): string {
  return text.trim().slice(0, LONGEST_NAME);
}
