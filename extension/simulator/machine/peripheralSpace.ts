import { say } from '../../common/errors/sentence.ts';
import { CoreFault } from '../cores/coreFault.ts';
import type { UartState } from '../peripherals/serialLine.ts';
import { drivenBits, drivenValue, type RegisterModel } from './registers.ts';

/** A peripheral that does more than remember: it answers for its whole block of addresses. */
export interface Device {
  readonly name: string;
  /** First address and size of its registers in bytes. */
  readonly origin: number;
  readonly size: number;
  reset(): void;
  read(offset: number, size: 1 | 2 | 4): number;
  write(offset: number, size: 1 | 2 | 4, value: number): void;
  save(): UartState;
  /** The interrupt line stays as it is: whoever listens to it is restored, too. */
  restore(state: UartState): void;
}

/** All peripherals as they were. */
export interface PeripheralState {
  /** Bytes of the pages that have been touched, by address / 4096. */
  readonly pages: ReadonlyMap<number, Uint8Array>;
  readonly devices: readonly UartState[];
}

/** The bit that lets a peripheral's clock run. Without it, accesses fault (Kinetis) or go unheard (LPC). */
export interface ClockGate {
  readonly name: string;
  readonly address: number;
  readonly mask: number;
  readonly whenOff: 'fault' | 'ignored';
}

export interface AddressRange {
  readonly origin: number;
  readonly size: number;
}

const PAGE_BITS = 12;
const PAGE_SIZE = 1 << PAGE_BITS;

interface Page {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly models: readonly RegisterModel[];
  readonly device: Device | undefined;
  readonly gate: ClockGate | undefined;
}

/**
 * The MCU's peripheral registers: plain memory (8, 16 and 32-bit accesses) that starts at 0, a few register models, and
 * the devices. Pages of 4 KB come into being when they are first touched, so the firmware cannot make it large:
 * the ranges are a few MB altogether.
 */
export class PeripheralSpace {
  readonly #ranges: readonly AddressRange[];
  readonly #models: readonly RegisterModel[];
  readonly #devices: readonly { device: Device; gate: ClockGate | undefined }[];
  readonly #pages = new Map<number, Page>();

  constructor(
    ranges: readonly AddressRange[],
    models: readonly RegisterModel[],
    devices: readonly { device: Device; gate: ClockGate | undefined }[],
  ) {
    this.#ranges = ranges;
    this.#models = models;
    this.#devices = devices;
  }

  reset(): void {
    this.#pages.clear();
    for (const { device } of this.#devices) device.reset();
  }

  save(): PeripheralState {
    const pages = new Map([...this.#pages].map(([index, { bytes }]) => [index, bytes.slice()]));
    return { pages, devices: this.#devices.map(({ device }) => device.save()) };
  }

  restore({ pages, devices }: PeripheralState): void {
    for (const index of this.#pages.keys()) if (!pages.has(index)) this.#pages.delete(index);
    for (const [index, bytes] of pages) this.#pageAt(index * PAGE_SIZE)?.bytes.set(bytes);
    this.#devices.forEach(({ device }, i) => {
      device.restore(devices[i]!);
    });
  }

  /** The value, or undefined when no peripheral is there. `address` is unsigned and aligned to `size`. */
  read(address: number, size: 1 | 2 | 4): number | undefined {
    const page = this.#pageAt(address);
    if (!page) return undefined;
    const { device } = page;
    if (device && address - device.origin < device.size) {
      if (!this.#clocked(page, address, 'read', size)) return 0;
      return device.read(address - device.origin, size);
    }
    if (page.models.length > 0) this.#refresh(page);
    return peek(page, address, size);
  }

  /** False when no peripheral is there. */
  write(address: number, size: 1 | 2 | 4, value: number): boolean {
    const page = this.#pageAt(address);
    if (!page) return false;
    const { device } = page;
    if (device && address - device.origin < device.size) {
      if (this.#clocked(page, address, 'write', size)) device.write(address - device.origin, size, value);
      return true;
    }
    poke(page, address, size, value);
    return true;
  }

  #clocked(page: Page, address: number, access: 'read' | 'write', size: number): boolean {
    const { gate } = page;
    if (!gate) return true;
    const holder = this.#pageAt(gate.address);
    if (holder && (peek(holder, gate.address, 4) & gate.mask) !== 0) return true;
    if (gate.whenOff === 'ignored') return false;
    const why = say`${page.device?.name ?? say`the peripheral`} has no clock (${gate.name} is not set)`;
    throw new CoreFault({ kind: 'bus', access, size, why }, address);
  }

  #pageAt(address: number): Page | undefined {
    const index = address >>> PAGE_BITS;
    const known = this.#pages.get(index);
    if (known) return known;
    if (!this.#ranges.some((r) => address >= r.origin && address - r.origin < r.size)) return undefined;
    const bytes = new Uint8Array(PAGE_SIZE);
    const owner = this.#devices.find(({ device }) => device.origin >>> PAGE_BITS === index);
    const page: Page = {
      bytes,
      view: new DataView(bytes.buffer),
      models: this.#models.filter((m) => m.address >>> PAGE_BITS === index),
      device: owner?.device,
      gate: owner?.gate,
    };
    this.#pages.set(index, page);
    for (const model of page.models) poke(page, model.address, bytesOf(model), model.reset ?? 0);
    return page;
  }

  #refresh(page: Page): void {
    for (const model of page.models) {
      const driven = drivenBits(model);
      if (driven === 0) continue;
      const size = bytesOf(model);
      const value = drivenValue(model, (address) => this.#plain(address));
      poke(page, model.address, size, ((peek(page, model.address, size) & ~driven) | value) >>> 0);
    }
  }

  /** A register's stored value: by its model's width when it has one, else the word that holds it. */
  #plain(address: number): number {
    const page = this.#pageAt(address);
    if (!page) return 0;
    const model = page.models.find((m) => m.address === address);
    return peek(
      page,
      address,
      model ? bytesOf(model) : (address & 3) === 0 ? 4 : (address & 1) === 0 ? 2 : 1,
    );
  }
}

function bytesOf(model: RegisterModel): 1 | 2 | 4 {
  return model.width === 8 ? 1 : model.width === 16 ? 2 : 4;
}

function peek(page: Page, address: number, size: 1 | 2 | 4): number {
  const at = address & (PAGE_SIZE - 1);
  if (size === 4) return page.view.getInt32(at, true);
  return size === 2 ? page.view.getUint16(at, true) : page.bytes[at]!;
}

function poke(page: Page, address: number, size: 1 | 2 | 4, value: number): void {
  const at = address & (PAGE_SIZE - 1);
  if (size === 4) page.view.setUint32(at, value, true);
  else if (size === 2) page.view.setUint16(at, value, true);
  else page.bytes[at] = value;
}
