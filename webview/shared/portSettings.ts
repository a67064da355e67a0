/** How a serial port is opened and read: what drop-downs offer, and what is taken from a page. */

export const DATA_BITS = [5, 6, 7, 8] as const;
export const PARITIES = ['none', 'even', 'odd', 'mark', 'space'] as const;
export const STOP_BITS = [1, 1.5, 2] as const;
/** Who may stop the other from sending: nobody, the lines RTS and CTS, or the characters XON and XOFF (DC1, DC3). */
export const FLOW_CONTROLS = ['none', 'rtscts', 'xonxoff'] as const;
/** What bytes mean as text, received and sent. */
export const ENCODINGS = ['utf-8', 'latin-1'] as const;
const MAX_BAUD_RATE = 4_000_000;

export type DataBits = (typeof DATA_BITS)[number];
export type Parity = (typeof PARITIES)[number];
export type StopBits = (typeof STOP_BITS)[number];
export type FlowControl = (typeof FLOW_CONTROLS)[number];
export type Encoding = (typeof ENCODINGS)[number];

export interface PortSettings {
  readonly baudRate: number;
  readonly dataBits: DataBits;
  readonly parity: Parity;
  readonly stopBits: StopBits;
  readonly flowControl: FlowControl;
}

/** The lines that this computer holds on or off while a port is open. */
export interface ControlLines {
  readonly dtr: boolean;
  readonly rts: boolean;
}

/** What is done with a port beside opening it. */
export interface PortManners {
  readonly lines: ControlLines;
  /** Resets the board each time the port is opened. */
  readonly resetOnConnect: boolean;
  readonly encoding: Encoding;
}

/** What the operating system does with a port by itself, and the encoding of today. */
export const DEFAULT_MANNERS: PortManners = {
  lines: { dtr: true, rts: true },
  resetOnConnect: false,
  encoding: 'utf-8',
};

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
  flowControl,
}: PortSettings): PortSettings | undefined {
  const isKnown =
    DATA_BITS.includes(dataBits) &&
    PARITIES.includes(parity) &&
    STOP_BITS.includes(stopBits) &&
    FLOW_CONTROLS.includes(flowControl);
  return isKnown && isBaudRate(baudRate) ? { baudRate, dataBits, parity, stopBits, flowControl } : undefined;
}

/** What a page sent as manners, and nothing else of it; undefined when it is none. */
export function checkedManners({ lines, resetOnConnect, encoding }: PortManners): PortManners | undefined {
  const { dtr, rts } = (lines ?? {}) as ControlLines;
  const isKnown = [dtr, rts, resetOnConnect].every((on) => typeof on === 'boolean');
  return isKnown && ENCODINGS.includes(encoding)
    ? { lines: { dtr, rts }, resetOnConnect, encoding }
    : undefined;
}
