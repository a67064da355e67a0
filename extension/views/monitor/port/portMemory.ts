import {
  checkedManners,
  checkedSettings,
  DEFAULT_MANNERS,
  type PortManners,
  type PortSettings,
} from '../../../../webview/shared/portSettings.ts';

/** Ports that are remembered, the last ones that were changed. */
const MOST_PORTS = 50;

/** How a port is opened, and what is done with it then. */
export interface PortUse {
  readonly settings: PortSettings;
  readonly manners: PortManners;
}

/** What is remembered of ports by their ids, the one changed last at the end. */
export type PortUses = readonly (readonly [id: string, use: PortUse])[];

/** How each port is used. A port that nobody has changed yet is used as usual. */
export class PortMemory {
  readonly #usual: PortSettings;
  readonly #uses = new Map<string, PortUse>();

  /** @param uses of an earlier window, which may be one of another version */
  constructor(usual: PortSettings, uses: PortUses = []) {
    this.#usual = usual;
    for (const [id, { settings, manners }] of uses) {
      const [checked, polite] = [checkedSettings(settings), checkedManners(manners)];
      if (checked && polite) this.#uses.set(id, { settings: checked, manners: polite });
    }
  }

  get all(): PortUses {
    return [...this.#uses];
  }

  get(id: string | undefined): PortUse {
    return this.#uses.get(id ?? '') ?? { settings: this.#usual, manners: DEFAULT_MANNERS };
  }

  change(id: string | undefined, change: Partial<PortUse>): void {
    const use = { ...this.get(id), ...change };
    this.#uses.delete(id ?? '');
    this.#uses.set(id ?? '', use);
    for (const oldest of [...this.#uses.keys()].slice(0, -MOST_PORTS)) this.#uses.delete(oldest);
  }
}
