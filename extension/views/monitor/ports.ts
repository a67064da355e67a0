import type { PortItem } from '../../../webview/shared/messages/monitor.ts';
import {
  checkedManners,
  checkedSettings,
  type PortManners,
  type PortSettings,
} from '../../../webview/shared/portSettings.ts';
import {
  DEFAULT_SETTINGS,
  type PortDescription,
  simulatedBoardOf,
  simulatedPortId,
} from '../../serial/port.ts';
import type { MonitorHost, MonitorMemory } from './host.ts';
import { PortMemory, type PortUses } from './port/portMemory.ts';

/** Which ports there are, which of them is chosen, and how it is opened. */
export class Ports {
  readonly #host: MonitorHost;
  #list: readonly PortDescription[] = [];
  readonly #memory: PortMemory;
  /** Id of the port chosen. */
  chosen: string | undefined;

  constructor(host: MonitorHost, memory: MonitorMemory) {
    this.#host = host;
    this.chosen = host.onlyPort ?? memory.port;
    const usual = { ...DEFAULT_SETTINGS, baudRate: this.#defaultBaudRate() };
    this.#memory = new PortMemory(usual, memory.ports);
  }

  get list(): readonly PortDescription[] {
    return this.#list;
  }

  get settings(): PortSettings {
    return this.#memory.get(this.chosen).settings;
  }

  get manners(): PortManners {
    return this.#memory.get(this.chosen).manners;
  }

  /** What to remember over a reload of the window. */
  get uses(): PortUses {
    return this.#memory.all;
  }

  get isSimulated(): boolean {
    return this.simulatedBoard !== undefined;
  }

  /** The board, when the port chosen is a simulated one's. */
  get simulatedBoard(): string | undefined {
    return simulatedBoardOf(this.chosen ?? '');
  }

  /**
   * Looks which ports there are, and chooses one when none is, or the one chosen is gone.
   * @param firmwareOf board that was ported to last
   * @returns whether the list has changed
   */
  async refresh(firmwareOf: string | undefined): Promise<boolean> {
    const before = JSON.stringify(this.#list);
    this.#list = await this.#host.listPorts();
    if (this.chosen === undefined || !this.#canExist(this.chosen)) this.chosen = this.#proposed(firmwareOf);
    return JSON.stringify(this.#list) !== before;
  }

  /** Takes settings from a page; false when a port takes none such. */
  setSettings(settings: PortSettings): boolean {
    const checked = checkedSettings(settings);
    if (!checked) return false;
    this.#memory.change(this.chosen, { settings: checked });
    return true;
  }

  /** Takes manners from a page; false when they are none. */
  setManners(manners: PortManners): boolean {
    const checked = checkedManners(manners);
    if (!checked) return false;
    this.#memory.change(this.chosen, { manners: checked });
    return true;
  }

  describe(id: string): PortDescription | undefined {
    return (
      this.#list.find((p) => p.id === id) ??
      // a path that is not listed: a pseudo-terminal, or a device that is unplugged just now
      (simulatedBoardOf(id) === undefined && id !== '' ? unlisted(id) : undefined)
    );
  }

  /** The drop-down: all ports, and the one chosen although it is not listed. */
  items(): PortItem[] {
    const { chosen } = this;
    const isListed = chosen === undefined || this.#list.some((p) => p.id === chosen);
    return (isListed ? this.#list : [unlisted(chosen), ...this.#list]).map((p) => ({
      id: p.id,
      label: p.label,
      detail: this.#detail(p),
      simulated: p.kind === 'simulated',
    }));
  }

  #canExist(id: string): boolean {
    return (
      id === this.#host.onlyPort || simulatedBoardOf(id) === undefined || this.#list.some((p) => p.id === id)
    );
  }

  /** A port with a probe, else the simulated board of the last firmware or of the board chosen. */
  #proposed(firmwareOf: string | undefined): string | undefined {
    const boards = [firmwareOf, this.#host.selectedBoard()].filter((b) => b !== undefined);
    return (
      this.#list.find((p) => p.probe !== undefined)?.id ??
      boards.map(simulatedPortId).find((id) => this.#list.some((p) => p.id === id)) ??
      this.#list[0]?.id
    );
  }

  #defaultBaudRate(): number {
    const { baudRate } = this.#host.defaults();
    const board = this.#host.boards.find((b) => b.id === this.#host.selectedBoard());
    return baudRate || board?.console.baudRate || DEFAULT_SETTINGS.baudRate;
  }

  /** `OpenSDA (DAPLink), probably FRDM-KE16Z`. */
  #detail(port: PortDescription): string | undefined {
    if (port.kind === 'simulated') return undefined;
    const name = (id: string) => this.#host.boards.find((b) => b.id === id)?.name ?? id;
    const selected = this.#host.selectedBoard();
    const board = port.boardIds.length === 1 ? port.boardIds[0] : port.boardIds.find((id) => id === selected);
    const parts = [port.probe ?? port.manufacturer, board && this.#host.t('probably {0}', name(board))];
    return parts.filter(Boolean).join(', ') || undefined;
  }
}

function unlisted(id: string): PortDescription {
  return {
    id,
    kind: 'serial',
    label: id,
    manufacturer: undefined,
    probe: undefined,
    boardIds: [],
    usb: undefined,
    resetsOnBreak: false,
  };
}
