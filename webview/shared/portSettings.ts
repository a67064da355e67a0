/** How a serial port is opened: what drop-downs offer, and what is taken from a page. */

export const DATA_BITS = [5, 6, 7, 8] as const;
export const PARITIES = ['none', 'even', 'odd', 'mark', 'space'] as const;
export const STOP_BITS = [1, 1.5, 2] as const;
const MAX_BAUD_RATE = 4_000_000;

export type DataBits = (typeof DATA_BITS)[number];
export type Parity = (typeof PARITIES)[number];
export type StopBits = (typeof STOP_BITS)[number];

export interface PortSettings {
  readonly baudRate: number;
  readonly dataBits: DataBits;
  readonly parity: Parity;
  readonly stopBits: StopBits;
}

/** A whole number of bits a second that a port may be opened with. */
export function isBaudRate(rate: number): boolean {
  return Number.isInteger(rate) && rate > 0 && rate <= MAX_BAUD_RATE;
}

/** What a page sent as settings, and nothing else of it; undefined when one of them is none that a port takes. */
export function checkedSettings({
  baudRate,
  dataBits,
  parity,
  stopBits,
}: PortSettings): PortSettings | undefined {
  const isKnown = DATA_BITS.includes(dataBits) && PARITIES.includes(parity) && STOP_BITS.includes(stopBits);
  return isKnown && isBaudRate(baudRate) ? { baudRate, dataBits, parity, stopBits } : undefined;
}
