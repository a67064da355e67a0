import type { Device } from '../machine/peripheralSpace.ts';
import type { SerialLine, UartState } from './serialLine.ts';

const REGISTER = {
  CFG: 0x00,
  CTL: 0x04,
  STAT: 0x08,
  INTENSET: 0x0c,
  INTENCLR: 0x10,
  RXDAT: 0x14,
  RXDATSTAT: 0x18,
  TXDAT: 0x1c,
  BRG: 0x20,
  INTSTAT: 0x24,
  OSR: 0x28,
  ADDR: 0x2c,
} as const;

const CFG_ENABLE = 1;
const CTL_TXDIS = 1 << 6;
const STAT = {
  RXRDY: 1 << 0,
  RXIDLE: 1 << 1,
  TXRDY: 1 << 2,
  TXIDLE: 1 << 3,
  TXDISSTAT: 1 << 6,
  OVERRUN: 1 << 8,
} as const;

/** The mini-USART of LPC8xx (UM11029, "USART0-4"), asynchronous mode; parity and 9-bit words have no effect. */
export class MiniUsart implements Device {
  readonly name: string;
  readonly origin: number;
  readonly size = 0x30;
  line!: SerialLine;
  readonly #registers = new Int32Array(12);
  readonly #setInterrupt: (high: boolean) => void;

  constructor(name: string, origin: number, setInterrupt: (high: boolean) => void) {
    this.name = name;
    this.origin = origin;
    this.#setInterrupt = setInterrupt;
  }

  reset(): void {
    this.line.reset();
    this.#registers.fill(0);
    this.#set(REGISTER.OSR, 15);
    this.update();
  }

  save(): UartState {
    return { registers: Int32Array.from(this.#registers), line: this.line.save() };
  }

  restore({ registers, line }: UartState): void {
    this.#registers.set(registers);
    this.line.restore(line);
  }

  /** Function clock cycles a bit: (OSR + 1) times (BRG + 1). */
  get bitClocks(): number {
    return ((this.#get(REGISTER.OSR) & 15) + 1) * ((this.#get(REGISTER.BRG) & 0xffff) + 1);
  }

  /** Registers are words; smaller reads give their part. */
  read(offset: number, size: 1 | 2 | 4): number {
    const word = this.#readWord(offset & ~3);
    if (size === 4) return word;
    return (word >>> ((offset & 3) * 8)) & (size === 2 ? 0xffff : 0xff);
  }

  write(offset: number, _size: 1 | 2 | 4, value: number): void {
    const { line } = this;
    const at = offset & ~3;
    switch (at) {
      case REGISTER.STAT:
        if (value & STAT.OVERRUN) line.overrun = false;
        break;
      case REGISTER.INTENSET:
        this.#set(REGISTER.INTENSET, this.#get(REGISTER.INTENSET) | value);
        break;
      case REGISTER.INTENCLR:
        this.#set(REGISTER.INTENSET, this.#get(REGISTER.INTENSET) & ~value);
        break;
      case REGISTER.TXDAT:
        line.transmit(value);
        break;
      case REGISTER.RXDAT:
      case REGISTER.RXDATSTAT:
      case REGISTER.INTSTAT:
        break;
      default:
        this.#set(at, value);
    }
    const enabled = (this.#get(REGISTER.CFG) & CFG_ENABLE) !== 0;
    line.transmitterOn = enabled && (this.#get(REGISTER.CTL) & CTL_TXDIS) === 0;
    line.receiverOn = enabled;
    line.shiftNext();
    this.update();
  }

  update(): void {
    this.#setInterrupt((this.#status() & this.#get(REGISTER.INTENSET)) !== 0);
  }

  #status(): number {
    const { line } = this;
    return (
      (line.receiveCount > 0 ? STAT.RXRDY : 0) |
      STAT.RXIDLE |
      (line.transmitCount === 0 ? STAT.TXRDY : 0) |
      (line.transmitComplete ? STAT.TXIDLE : 0) |
      (this.#get(REGISTER.CTL) & CTL_TXDIS ? STAT.TXDISSTAT : 0) |
      (line.overrun ? STAT.OVERRUN : 0)
    );
  }

  #readWord(at: number): number {
    switch (at) {
      case REGISTER.STAT:
        return this.#status();
      case REGISTER.INTSTAT:
        return this.#status() & this.#get(REGISTER.INTENSET);
      case REGISTER.INTENCLR:
        return 0;
      case REGISTER.RXDAT:
      case REGISTER.RXDATSTAT: {
        const byte = this.line.read();
        this.update();
        return byte;
      }
      default:
        return this.#get(at);
    }
  }

  #get(at: number): number {
    return this.#registers[at >>> 2]!;
  }

  #set(at: number, value: number): void {
    this.#registers[at >>> 2] = value;
  }
}
