/** A monitor that can be brought to the front. */
export interface Monitor {
  show(): void;
}

/** Which of the window's monitors has which port: a port is opened by one of them at a time. */
export class PortClaims {
  readonly #owners = new Map<string, Monitor>();

  /** Takes a port for a monitor; the monitor that has it already, if another one does. */
  take(port: string, monitor: Monitor): Monitor | undefined {
    const owner = this.#owners.get(port);
    if (owner && owner !== monitor) return owner;
    this.#owners.set(port, monitor);
    return undefined;
  }

  /** Leaves all ports of a monitor to the others. */
  leave(monitor: Monitor): void {
    for (const [port, owner] of this.#owners) if (owner === monitor) this.#owners.delete(port);
  }
}
