import './connectionBar.css';
import type { ButtonControl, ValueControl } from '../controls.ts';
import { h } from '../dom.ts';
import { t } from '../l10n.ts';
import type { MonitorState, MonitorToHost, PortItem } from '../shared/messages/monitor.ts';
import {
  DATA_BITS,
  FLOW_CONTROLS,
  isBaudRate,
  PARITIES,
  STOP_BITS,
  type DataBits,
  type FlowControl,
  type Parity,
  type PortSettings,
  type StopBits,
} from '../shared/portSettings.ts';
import { choices, Select } from '../select.ts';
import { field } from './port/field.ts';
import { PortMannersView } from './port/portManners.ts';
import { tool } from './tool.ts';

const BAUD_RATES = [
  1200, 2400, 4800, 9600, 19_200, 38_400, 57_600, 115_200, 230_400, 460_800, 921_600, 1_000_000, 2_000_000,
];
const CUSTOM = 'custom';
/** No port is called so. */
const OTHER = 'other:';

/** Port, baud rate, more settings, connect and reset, and how the connection is. */
export class ConnectionBar {
  readonly element: HTMLElement;
  readonly #post: (message: MonitorToHost) => void;
  readonly #port: Select;
  readonly #portField: HTMLElement;
  /** In place of the choice where there is none. */
  readonly #onlyPort: HTMLElement;
  readonly #baud: Select;
  readonly #custom: ValueControl;
  readonly #dataBits: Select;
  readonly #parity: Select;
  readonly #stopBits: Select;
  readonly #flowControl: Select;
  readonly #manners: PortMannersView;
  /** Settings that only real ports have. */
  readonly #lineSettings: HTMLElement;
  readonly #more: HTMLElement;
  readonly #moreButton: HTMLButtonElement;
  readonly #serialOnly: HTMLElement;
  readonly #connect: ButtonControl;
  readonly #reset: HTMLButtonElement;
  readonly #status: HTMLElement;
  readonly #dot: HTMLElement;
  #state: MonitorState | undefined;
  #editingBaud = false;

  constructor(post: (message: MonitorToHost) => void) {
    this.#post = post;
    this.#port = new Select('port', t('Port'), (id) => this.#onPort(id));
    this.#baud = new Select('baud', t('Baud rate'), (value) => this.#onBaud(value));
    this.#custom = h('vscode-text-field' as 'input', {
      id: 'custom-baud',
      'aria-label': t('Custom baud rate'),
      placeholder: t('Baud rate'),
      hidden: true,
      onKeydown: (e: KeyboardEvent) => {
        if (e.key === 'Enter') this.#takeCustomBaud();
        else if (e.key === 'Escape') this.#showCustom(false);
      },
      onBlur: () => this.#takeCustomBaud(),
    }) as HTMLElement as ValueControl;
    this.#dataBits = new Select('data-bits', t('Data bits'), (v) =>
      this.#set({ dataBits: Number(v) as DataBits }),
    );
    this.#parity = new Select('parity', t('Parity'), (v) => this.#set({ parity: v as Parity }));
    this.#stopBits = new Select('stop-bits', t('Stop bits'), (v) =>
      this.#set({ stopBits: Number(v) as StopBits }),
    );
    this.#flowControl = new Select('flow-control', t('Flow control'), (v) =>
      this.#set({ flowControl: v as FlowControl }),
    );
    this.#manners = new PortMannersView(post);
    this.#connect = h(
      'vscode-button' as 'button',
      { id: 'connect', onClick: () => post({ type: this.#wantsConnect() ? 'connect' : 'disconnect' }) },
      t('Connect'),
    ) as HTMLElement as ButtonControl;
    this.#reset = tool('reset', 'restart', t('Reset the board'), () => post({ type: 'reset' }));
    this.#moreButton = tool('more', 'more', t('More settings'), () => this.#toggleMore());
    this.#moreButton.setAttribute('aria-expanded', 'false');
    this.#moreButton.setAttribute('aria-controls', 'more-settings');
    this.#lineSettings = h(
      'div',
      { class: 'more' },
      field(t('Data bits'), this.#dataBits.element),
      field(t('Parity'), this.#parity.element),
      field(t('Stop bits'), this.#stopBits.element),
      field(t('Flow control'), this.#flowControl.element),
    );
    this.#more = h(
      'div',
      { id: 'more-settings', class: 'more', role: 'group', 'aria-label': t('More settings'), hidden: true },
      this.#lineSettings,
      ...this.#manners.elements,
    );
    this.#status = h('span', { class: 'status-text', role: 'status' });
    this.#dot = h('span', { class: 'dot idle', 'aria-hidden': 'true' });
    this.#portField = field(
      t('Port'),
      this.#port.element,
      tool('refresh', 'refresh', t('Look for ports again'), () => post({ type: 'refresh' })),
    );
    this.#onlyPort = h('span', { class: 'only-port' });
    this.#serialOnly = h('div', { class: 'serial-only' }, field(t('Baud'), this.#baud.element, this.#custom));
    this.element = h(
      'div',
      { class: 'connection', role: 'toolbar', 'aria-label': t('Connection') },
      this.#portField,
      this.#onlyPort,
      this.#serialOnly,
      this.#moreButton,
      h('div', { class: 'connect-group' }, this.#connect, this.#reset),
      h('div', { class: 'status' }, this.#dot, this.#status),
      this.#more,
    );
  }

  update(state: MonitorState): void {
    this.#state = state;
    this.#port.update(
      [
        { label: t('Serial ports'), choices: state.ports.filter((p) => !p.simulated).map(portChoice) },
        { label: t('Simulated boards'), choices: state.ports.filter((p) => p.simulated).map(portChoice) },
        { label: undefined, choices: [{ value: OTHER, text: t('Other…') }] },
      ],
      state.port ?? '',
    );
    this.#portField.hidden = state.isOnlyPort;
    this.#onlyPort.hidden = !state.isOnlyPort;
    this.#onlyPort.textContent = state.ports.find((p) => p.id === state.port)?.label ?? state.port ?? '';
    const simulated = state.ports.find((p) => p.id === state.port)?.simulated ?? false;
    this.#serialOnly.hidden = simulated;
    this.#lineSettings.hidden = simulated;
    this.#manners.update(state, simulated);
    this.#updateSettings(state.settings);
    const connected = state.connection === 'connected';
    const wantsConnect = this.#wantsConnect();
    this.#connect.textContent = wantsConnect ? t('Connect') : connected ? t('Disconnect') : t('Stop');
    this.#connect.setAttribute('appearance', wantsConnect ? 'primary' : 'secondary');
    this.#connect.disabled = wantsConnect && (state.port === undefined || !state.trusted);
    this.#reset.disabled = !connected;
    this.#dot.className = `dot ${state.connection}`;
    if (this.#status.textContent !== state.status) this.#status.textContent = state.status; // spoken once
    this.#status.title = state.status;
  }

  #wantsConnect(): boolean {
    return this.#state === undefined || this.#state.connection === 'idle';
  }

  #updateSettings(settings: PortSettings): void {
    const names: Readonly<Record<Parity, string>> = {
      none: t('None'),
      even: t('Even'),
      odd: t('Odd'),
      mark: t('Mark'),
      space: t('Space'),
    };
    const rates = [...new Set([...BAUD_RATES, settings.baudRate])].sort((a, b) => a - b);
    this.#baud.update(
      choices([...rates.map(same), [CUSTOM, t('Custom…')]]),
      this.#editingBaud ? CUSTOM : String(settings.baudRate),
    );
    this.#dataBits.update(choices(DATA_BITS.map(same)), String(settings.dataBits));
    this.#parity.update(choices(PARITIES.map((parity) => [parity, names[parity]])), settings.parity);
    this.#stopBits.update(choices(STOP_BITS.map(same)), String(settings.stopBits));
    const flows: Readonly<Record<FlowControl, string>> = {
      none: t('None'),
      rtscts: 'RTS/CTS',
      xonxoff: 'XON/XOFF',
    };
    this.#flowControl.update(choices(FLOW_CONTROLS.map((f) => [f, flows[f]])), settings.flowControl);
  }

  #set(change: Partial<PortSettings>): void {
    if (this.#state) this.#post({ type: 'settings', settings: { ...this.#state.settings, ...change } });
  }

  #onPort(id: string): void {
    if (id !== OTHER) return this.#post({ type: 'selectPort', id });
    if (this.#state) this.update(this.#state); // shows the port there is until another one is given
    this.#post({ type: 'otherPort' });
  }

  #onBaud(value: string): void {
    if (value === CUSTOM) this.#showCustom(true);
    else this.#set({ baudRate: Number(value) });
  }

  #showCustom(show: boolean): void {
    if (show === this.#editingBaud) return;
    this.#editingBaud = show;
    this.#custom.hidden = !show;
    this.#baud.element.hidden = show;
    if (show) {
      this.#custom.value = String(this.#state?.settings.baudRate ?? '');
      this.#custom.focus();
    } else if (this.#state) {
      this.#updateSettings(this.#state.settings);
      document.getElementById('baud')?.focus();
    }
  }

  #takeCustomBaud(): void {
    if (!this.#editingBaud) return;
    const rate = Number(this.#custom.value);
    if (isBaudRate(rate)) this.#set({ baudRate: rate });
    this.#showCustom(false);
  }

  #toggleMore(): void {
    const open = this.#moreButton.getAttribute('aria-expanded') !== 'true';
    this.#moreButton.setAttribute('aria-expanded', String(open));
    this.#more.hidden = !open;
  }
}

function portChoice(port: PortItem): { value: string; text: string; title: string | undefined } {
  return {
    value: port.id,
    text: port.detail === undefined ? port.label : `${port.label} – ${port.detail}`,
    title: port.detail,
  };
}

/** A number of a drop-down, shown as it is. */
function same(value: number): readonly [value: string, text: string] {
  return [String(value), String(value)];
}
