import './sendBar.css';
import { type ButtonControl, innerField, type ValueControl } from '../../controls.ts';
import { h } from '../../dom.ts';
import { t } from '../../l10n.ts';
import type { MonitorState, MonitorToHost } from '../../shared/messages/monitor.ts';
import { CONTROL_CHARACTERS, type ControlKey, type LineEnding, type SavedSend } from '../../shared/sends.ts';
import { choices, Select } from '../../select.ts';
import { tool } from '../tool.ts';
import { SavedSendsView } from './savedSends.ts';
import { SendOptions } from './sendOptions.ts';

const HISTORY = 50;

/** Which rows below the field are open. */
export interface SendRows {
  readonly options: boolean;
  readonly saved: boolean;
}

/** A line to send, with its ending; the arrow keys bring earlier ones back. Below it what else can be sent, and saved lines. */
export class SendBar {
  readonly element: HTMLElement;
  readonly #field: ValueControl;
  readonly #ending: Select;
  readonly #button: ButtonControl;
  readonly #options: SendOptions;
  readonly #saved: SavedSendsView;
  readonly #post: (message: MonitorToHost) => void;
  readonly #history: string[] = [];
  #state: MonitorState | undefined;
  #at = 0;

  constructor(post: (message: MonitorToHost) => void, rows: SendRows, onRows: (rows: SendRows) => void) {
    this.#post = post;
    this.#field = h('vscode-text-field' as 'input', {
      id: 'send-text',
      'aria-label': t('Text to send to the board'),
      onKeydown: (e: KeyboardEvent) => this.#onKey(e),
      onInput: () => this.#saved.setCanSave(this.#field.value !== ''),
    }) as HTMLElement as ValueControl;
    this.#ending = new Select('line-ending', t('Line ending'), (value) =>
      post({ type: 'lineEnding', value: value as LineEnding }),
    );
    this.#button = h(
      'vscode-button' as 'button',
      { id: 'send', appearance: 'secondary', onClick: () => this.#send() },
      t('Send'),
    ) as HTMLElement as ButtonControl;
    this.#options = new SendOptions(post);
    this.#saved = new SavedSendsView({
      post,
      onSave: () => this.#save(),
      onPick: (send) => this.#pick(send),
    });
    const now = { ...rows };
    const toggle = (
      row: keyof SendRows,
      button: HTMLButtonElement,
      element: HTMLElement,
    ): HTMLButtonElement => {
      const show = (): void => {
        button.setAttribute('aria-expanded', String(now[row]));
        element.hidden = !now[row];
      };
      button.setAttribute('aria-controls', element.id);
      button.addEventListener('click', () => {
        now[row] = !now[row];
        show();
        onRows({ ...now });
      });
      show();
      return button;
    };
    this.element = h(
      'div',
      { class: 'send' },
      h(
        'div',
        { class: 'send-line' },
        this.#field,
        this.#ending.element,
        this.#button,
        toggle(
          'saved',
          tool('show-saved', 'bookmark', t('Saved lines'), () => {}),
          this.#saved.element,
        ),
        toggle(
          'options',
          tool('show-send-options', 'more', t('How to send'), () => {}),
          this.#options.element,
        ),
      ),
      this.#saved.element,
      this.#options.element,
    );
  }

  update(state: MonitorState): void {
    this.#state = state;
    const connected = state.connection === 'connected';
    this.#field.disabled = !connected;
    this.#button.disabled = !connected;
    const placeholders = {
      text: t('Send to the board'),
      escaped: t('Text with \\n, \\t, \\xHH'),
      hex: t('Hexadecimal bytes, such as 01 7F'),
    };
    this.#field.setAttribute('placeholder', placeholders[state.sendMode]);
    this.#ending.update(
      choices([
        ['none', t('No ending')],
        ['lf', 'LF'],
        ['cr', 'CR'],
        ['crlf', 'CR LF'],
      ]),
      state.lineEnding,
    );
    this.#ending.setDisabled(state.sendMode === 'hex');
    this.#options.update(state);
    this.#saved.update(state, this.#field.value !== '');
  }

  #send(): void {
    if (this.#field.disabled) return;
    const text = this.#field.value;
    this.#post({ type: 'send', text });
    if (text !== '' && this.#history.at(-1) !== text) this.#history.push(text);
    if (this.#history.length > HISTORY) this.#history.shift();
    this.#at = this.#history.length;
    this.#show('');
    this.#field.focus();
  }

  #save(): void {
    if (!this.#state) return;
    const { sendMode: mode, lineEnding } = this.#state;
    this.#post({ type: 'saveSend', send: { text: this.#field.value, mode, lineEnding } });
  }

  #pick({ text, mode, lineEnding }: SavedSend): void {
    this.#post({ type: 'sendMode', value: mode });
    this.#post({ type: 'lineEnding', value: lineEnding });
    this.#show(text);
    this.#field.focus();
  }

  #show(text: string): void {
    this.#field.value = text;
    this.#saved.setCanSave(text !== '');
  }

  #onKey(event: KeyboardEvent): void {
    const control = this.#controlKey(event);
    if (control !== undefined) {
      event.preventDefault();
      event.stopPropagation(); // VS Code would copy, or undo
      this.#post({ type: 'control', key: control });
    } else if (event.key === 'Enter') {
      event.preventDefault();
      this.#send();
    } else if (event.key === 'ArrowUp' || event.key === 'ArrowDown') {
      event.preventDefault();
      this.#at = Math.min(this.#history.length, Math.max(0, this.#at + (event.key === 'ArrowUp' ? -1 : 1)));
      this.#show(this.#history[this.#at] ?? '');
    }
  }

  /** Ctrl with a letter that is a character for the board, where nothing is selected that it could be for. */
  #controlKey(event: KeyboardEvent): ControlKey | undefined {
    if (!event.ctrlKey || event.shiftKey || event.altKey || event.metaKey) return undefined;
    const field = innerField(this.#field);
    const key = event.key.toLowerCase();
    const isControl = Object.hasOwn(CONTROL_CHARACTERS, key) && field?.selectionStart === field?.selectionEnd;
    return isControl ? (key as ControlKey) : undefined;
  }
}
