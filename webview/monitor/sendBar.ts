import './sendBar.css';
import type { ButtonControl, ValueControl } from '../controls.ts';
import { h } from '../dom.ts';
import { t } from '../l10n.ts';
import type { LineEnding, MonitorState, MonitorToHost } from '../shared/messages/monitor.ts';
import { choices, Select } from '../select.ts';

const HISTORY = 50;

/** A line to send, with its ending; the arrow keys bring earlier ones back. */
export class SendBar {
  readonly element: HTMLElement;
  readonly #field: ValueControl;
  readonly #ending: Select;
  readonly #button: ButtonControl;
  readonly #post: (message: MonitorToHost) => void;
  readonly #history: string[] = [];
  #at = 0;

  constructor(post: (message: MonitorToHost) => void) {
    this.#post = post;
    this.#field = h('vscode-text-field' as 'input', {
      id: 'send-text',
      placeholder: t('Send to the board'),
      'aria-label': t('Text to send to the board'),
      onKeydown: (e: KeyboardEvent) => this.#onKey(e),
    }) as HTMLElement as ValueControl;
    this.#ending = new Select('line-ending', t('Line ending'), (value) =>
      post({ type: 'lineEnding', value: value as LineEnding }),
    );
    this.#button = h(
      'vscode-button' as 'button',
      { id: 'send', appearance: 'secondary', onClick: () => this.#send() },
      t('Send'),
    ) as HTMLElement as ButtonControl;
    this.element = h('div', { class: 'send' }, this.#field, this.#ending.element, this.#button);
  }

  update(state: MonitorState): void {
    const connected = state.connection === 'connected';
    this.#field.disabled = !connected;
    this.#button.disabled = !connected;
    this.#ending.update(
      choices([
        ['none', t('No ending')],
        ['lf', 'LF'],
        ['cr', 'CR'],
        ['crlf', 'CR LF'],
      ]),
      state.lineEnding,
    );
  }

  #send(): void {
    if (this.#field.disabled) return;
    const text = this.#field.value;
    this.#post({ type: 'send', text });
    if (text !== '' && this.#history.at(-1) !== text) this.#history.push(text);
    if (this.#history.length > HISTORY) this.#history.shift();
    this.#at = this.#history.length;
    this.#field.value = '';
    this.#field.focus();
  }

  #onKey(event: KeyboardEvent): void {
    if (event.key === 'Enter') {
      event.preventDefault();
      this.#send();
    } else if (event.key === 'ArrowUp' || event.key === 'ArrowDown') {
      event.preventDefault();
      this.#at = Math.min(this.#history.length, Math.max(0, this.#at + (event.key === 'ArrowUp' ? -1 : 1)));
      this.#field.value = this.#history[this.#at] ?? '';
    }
  }
}
