import type { CheckControl } from '../../controls.ts';
import { h } from '../../dom.ts';
import { t } from '../../l10n.ts';
import { choices, Select } from '../../select.ts';
import type { MonitorState, MonitorToHost } from '../../shared/messages/monitor.ts';
import { type ControlLines, type Encoding, ENCODINGS, type PortManners } from '../../shared/portSettings.ts';
import { field } from './field.ts';

const NAMES: Readonly<Record<Encoding, string>> = { 'utf-8': 'UTF-8', 'latin-1': 'Latin-1' };

/** What is done with a port that is open: its encoding, and on real ones its lines, the break, and a reset at once. */
export class PortMannersView {
  readonly elements: readonly HTMLElement[];
  readonly #post: (message: MonitorToHost) => void;
  readonly #encoding: Select;
  readonly #dtr: HTMLButtonElement;
  readonly #rts: HTMLButtonElement;
  readonly #break: HTMLButtonElement;
  readonly #resetOnConnect: CheckControl;
  readonly #serialOnly: HTMLElement;
  #manners: PortManners | undefined;

  constructor(post: (message: MonitorToHost) => void) {
    this.#post = post;
    this.#encoding = new Select('encoding', t('Encoding of what is received and sent'), (value) =>
      this.#set({ encoding: value as Encoding }),
    );
    this.#dtr = this.#lineButton('dtr', 'DTR', t('Hold DTR (data terminal ready) on'));
    this.#rts = this.#lineButton('rts', 'RTS', t('Hold RTS (request to send) on'));
    this.#break = h(
      'button',
      {
        id: 'break',
        class: 'tool labelled',
        type: 'button',
        title: t('Send a break: the line is held low for a tenth of a second'),
        onClick: () => post({ type: 'break' }),
      },
      t('Break'),
    );
    this.#resetOnConnect = h(
      'vscode-checkbox' as 'input',
      {
        id: 'reset-on-connect',
        title: t('Does what Reset does each time the port is opened'),
        onChange: () => this.#set({ resetOnConnect: this.#resetOnConnect.checked }),
      },
      t('Reset on connect'),
    ) as HTMLElement as CheckControl;
    this.#serialOnly = h(
      'div',
      { class: 'field' },
      h('span', { class: 'field-label', 'aria-hidden': 'true' }, t('Lines')),
      this.#dtr,
      this.#rts,
      this.#break,
      this.#resetOnConnect,
    );
    this.elements = [field(t('Encoding'), this.#encoding.element), this.#serialOnly];
  }

  update({ manners, settings, connection }: MonitorState, isSimulated: boolean): void {
    this.#manners = manners;
    this.#encoding.update(choices(ENCODINGS.map((e) => [e, NAMES[e]] as const)), manners.encoding);
    this.#serialOnly.hidden = isSimulated;
    const isDriven = settings.flowControl === 'rtscts';
    this.#dtr.setAttribute('aria-pressed', String(manners.lines.dtr));
    this.#rts.setAttribute('aria-pressed', String(manners.lines.rts || isDriven));
    this.#rts.disabled = isDriven;
    this.#break.disabled = connection !== 'connected';
    this.#resetOnConnect.checked = manners.resetOnConnect;
  }

  #lineButton(line: keyof ControlLines, name: string, title: string): HTMLButtonElement {
    const onClick = (): void => {
      const lines = this.#manners?.lines;
      if (lines) this.#set({ lines: { ...lines, [line]: !lines[line] } });
    };
    return h('button', { id: line, class: 'tool labelled', type: 'button', title, onClick }, name);
  }

  #set(change: Partial<PortManners>): void {
    if (this.#manners) this.#post({ type: 'manners', manners: { ...this.#manners, ...change } });
  }
}
