import type { Encoding } from '../../../../webview/shared/portSettings.ts';
import { CONTROL_CHARACTERS, type ControlKey, type Sendable } from '../../../../webview/shared/sends.ts';
import { bytesOf, echoOf } from '../../../serial/sendable.ts';

export interface SenderOptions {
  /** Sends bytes to the port. @throws UserError 'device' */
  readonly send: (bytes: Uint8Array) => Promise<void>;
  readonly encoding: () => Encoding;
  /** Shows what was sent in the log; undefined while there is no local echo. */
  readonly echo: () => ((text: string) => void) | undefined;
  readonly failed: (error: unknown) => void;
}

/** What is sent to a board: lines, and characters that are none. Failures are shown, not thrown. */
export class Sender {
  readonly #options: SenderOptions;

  constructor(options: SenderOptions) {
    this.#options = options;
  }

  async line(line: Sendable): Promise<void> {
    try {
      const encoding = this.#options.encoding();
      await this.#send(bytesOf(line, encoding), line.mode);
    } catch (error) {
      this.#options.failed(error);
    }
  }

  /** ETX, EOT or SUB, as a terminal sends them with Ctrl and a letter. */
  async control(key: ControlKey): Promise<void> {
    if (!Object.hasOwn(CONTROL_CHARACTERS, key)) return;
    try {
      await this.#send(Uint8Array.of(CONTROL_CHARACTERS[key]), 'text');
    } catch (error) {
      this.#options.failed(error);
    }
  }

  async #send(bytes: Uint8Array, mode: Sendable['mode']): Promise<void> {
    await this.#options.send(bytes);
    this.#options.echo()?.(echoOf(bytes, mode, this.#options.encoding()));
  }
}
