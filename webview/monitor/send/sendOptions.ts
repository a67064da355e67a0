import type { CheckControl } from '../../controls.ts';
import { h } from '../../dom.ts';
import { t } from '../../l10n.ts';
import { choices, Select } from '../../select.ts';
import type { MonitorState, MonitorToHost } from '../../shared/messages/monitor.ts';
import { CONTROL_CHARACTERS, type ControlKey, type SendMode } from '../../shared/sends.ts';
import { field } from '../port/field.ts';

/** How lines are sent, and what is no line: a row below the send field. */
export class SendOptions {
  readonly element: HTMLElement;
  readonly #mode: Select;
  readonly #echo: CheckControl;
  readonly #controls: readonly HTMLButtonElement[];

  constructor(post: (message: MonitorToHost) => void) {
    this.#mode = new Select('send-mode', t('What a line is sent as'), (value) =>
      post({ type: 'sendMode', value: value as SendMode }),
    );
    this.#echo = h(
      'vscode-checkbox' as 'input',
      {
        id: 'echo',
        title: t('Shows what is sent in the log; saved logs have received bytes only'),
        onChange: () => post({ type: 'echo', on: this.#echo.checked }),
      },
      t('Local echo'),
    ) as HTMLElement as CheckControl;
    const titles: Readonly<Record<ControlKey, string>> = {
      c: t('Send ETX (byte 3): interrupts. Also Ctrl+C in the field, with nothing selected'),
      d: t('Send EOT (byte 4): ends input. Also Ctrl+D in the field, with nothing selected'),
      z: t('Send SUB (byte 26): suspends. Also Ctrl+Z in the field, with nothing selected'),
    };
    this.#controls = (Object.keys(CONTROL_CHARACTERS) as ControlKey[]).map((key) =>
      h(
        'button',
        {
          id: `control-${key}`,
          class: 'tool labelled',
          type: 'button',
          title: titles[key],
          onClick: () => post({ type: 'control', key }),
        },
        `Ctrl+${key.toUpperCase()}`,
      ),
    );
    this.element = h(
      'div',
      { id: 'send-options', class: 'send-row', role: 'group', 'aria-label': t('How to send'), hidden: true },
      field(t('Send as'), this.#mode.element),
      this.#echo,
      field(t('Characters'), ...this.#controls),
    );
  }

  update({ sendMode, echo, connection }: MonitorState): void {
    this.#mode.update(
      choices([
        ['text', t('Text')],
        ['escaped', t('Text with \\n, \\t, \\xHH')],
        ['hex', t('Hexadecimal bytes')],
      ]),
      sendMode,
    );
    this.#echo.checked = echo;
    for (const button of this.#controls) button.disabled = connection !== 'connected';
  }
}
