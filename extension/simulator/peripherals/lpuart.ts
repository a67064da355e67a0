import type { Device } from '../machine/peripheralSpace.ts';
import type { SerialLine, UartState } from './serialLine.ts';

/** Offsets as in the layout with VERID; the older layout begins at BAUD. */
const REGISTER = {
  VERID: 0x00,
  PARAM: 0x04,
  GLOBAL: 0x08,
  PINCFG: 0x0c,
  BAUD: 0x10,
  STAT: 0x14,
  CTRL: 0x18,
  DATA: 0x1c,
  MATCH: 0x20,
  MODIR: 0x24,
  FIFO: 0x28,
  WATER: 0x2c,
} as const;

const STAT = { TDRE: 1 << 23, TC: 1 << 22, RDRF: 1 << 21, OR: 1 << 19, writeOneToClear: 0xc01fc000 } as const;
const CTRL = { ORIE: 1 << 27, TIE: 1 << 23, TCIE: 1 << 22, RIE: 1 << 21, TE: 1 << 19, RE: 1 << 18 } as const;
const FIFO = {
  TXEMPT: 1 << 23,
  RXEMPT: 1 << 22,
  TXFLUSH: 1 << 15,
  RXFLUSH: 1 << 14,
  TXFE: 1 << 7,
  RXFE: 1 << 3,
} as const;
const DATA_RXEMPT = 1 << 12;
const GLOBAL_RST = 2;

/**
 * Kinetis' 32-bit LPUART in both layouts (KE1xZ reference manual: VERID, PARAM, GLOBAL, FIFO; K32L2B: from BAUD on).
 * Parity, 9- and 10-bit words, match and idle detection are plain registers without effect.
 */
export class Lpuart implements Device {
  readonly name: string;
  readonly origin: number;
  readonly size: number;
  line!: SerialLine;
  readonly #registers = new Int32Array(16);
  readonly #fifo: number;
  readonly #shift: number;
  readonly #setInterrupt: (high: boolean) => void;

  /** @param versionRegisters the layout that begins with VERID. */
  constructor(
    name: string,
    origin: number,
    fifo: number,
    versionRegisters: boolean,
    setInterrupt: (high: boolean) => void,
  ) {
    this.name = name;
    this.origin = origin;
    this.#fifo = fifo;
    this.#shift = versionRegisters ? 0 : REGISTER.BAUD;
    this.size = versionRegisters ? 0x30 : 0x18;
    this.#setInterrupt = setInterrupt;
  }

  reset(): void {
    this.line.reset();
    this.#registers.fill(0);
    this.#set(REGISTER.BAUD, 0x0f000004);
    this.update();
  }

  save(): UartState {
    return { registers: Int32Array.from(this.#registers), line: this.line.save() };
  }

  restore({ registers, line }: UartState): void {
    this.#registers.set(registers);
    this.line.restore(line);
  }

  /** Baud clock cycles a bit: (OSR + 1) times SBR. */
  get bitClocks(): number {
    const baud = this.#get(REGISTER.BAUD);
    const osr = (baud >>> 24) & 31;
    return ((osr === 0 ? 15 : osr) + 1) * (baud & 0x1fff);
  }

  read(offset: number, size: 1 | 2 | 4): number {
    const at = (offset & ~3) + this.#shift;
    const word = this.#readWord(at, offset & 3);
    if (size === 4) return word | 0;
    return (word >>> ((offset & 3) * 8)) & (size === 2 ? 0xffff : 0xff);
  }

  write(offset: number, size: 1 | 2 | 4, value: number): void {
    const at = (offset & ~3) + this.#shift;
    const low = (offset & 3) * 8;
    const mask = size === 4 ? -1 : (size === 2 ? 0xffff : 0xff) << low;
    // a part of STAT written must not clear flags of the other part
    const kept = at === REGISTER.STAT ? this.#get(at) & ~STAT.writeOneToClear : this.#get(at);
    this.#writeWord(at, (kept & ~mask) | ((value << low) & mask), low === 0);
  }

  update(): void {
    const status = this.#status();
    const control = this.#get(REGISTER.CTRL);
    // TIE, TCIE and RIE stand where TDRE, TC and RDRF do
    const raised = status & control & (CTRL.TIE | CTRL.TCIE | CTRL.RIE);
    this.#setInterrupt(raised !== 0 || ((status & STAT.OR) !== 0 && (control & CTRL.ORIE) !== 0));
  }

  #status(): number {
    const { line } = this;
    const water = this.#get(REGISTER.WATER);
    const stored = this.#get(REGISTER.STAT) & ~(STAT.TDRE | STAT.TC | STAT.RDRF | STAT.OR);
    return (
      stored |
      (line.transmitCount <= (water & 0xff) ? STAT.TDRE : 0) |
      (line.transmitComplete ? STAT.TC : 0) |
      (line.receiveCount > ((water >>> 16) & 0xff) ? STAT.RDRF : 0) |
      (line.overrun ? STAT.OR : 0)
    );
  }

  #readWord(at: number, byte: number): number {
    const { line } = this;
    switch (at) {
      case REGISTER.VERID:
        return 0x04010003;
      case REGISTER.PARAM: {
        const code = Math.log2(this.#fifo);
        return (code << 8) | code;
      }
      case REGISTER.STAT:
        return this.#status();
      case REGISTER.DATA: {
        // only a read of the low byte takes the word out
        const empty = line.receiveCount === 0;
        const value = byte === 0 ? line.read() : 0;
        this.update();
        return value | (empty ? DATA_RXEMPT : 0);
      }
      case REGISTER.FIFO: {
        const code = this.#fifo > 1 ? Math.log2(this.#fifo) - 1 : 0;
        return (
          (this.#get(at) & ~(FIFO.TXFLUSH | FIFO.RXFLUSH | 0x77)) |
          (code << 4) |
          code |
          (line.transmitCount === 0 ? FIFO.TXEMPT : 0) |
          (line.receiveCount === 0 ? FIFO.RXEMPT : 0)
        );
      }
      case REGISTER.WATER:
        return (this.#get(at) & 0x00ff00ff) | (line.receiveCount << 24) | (line.transmitCount << 8);
      default:
        return this.#get(at);
    }
  }

  #writeWord(at: number, value: number, lowByte: boolean): void {
    const { line } = this;
    switch (at) {
      case REGISTER.VERID:
      case REGISTER.PARAM:
        return;
      case REGISTER.GLOBAL:
        if (value & GLOBAL_RST) this.reset();
        this.#set(at, value);
        return;
      case REGISTER.STAT:
        if (value & STAT.OR) line.overrun = false;
        this.#set(at, value & ~STAT.writeOneToClear);
        break;
      case REGISTER.DATA:
        if (lowByte) line.transmit(value);
        break;
      case REGISTER.FIFO:
        if (value & FIFO.TXFLUSH) line.flushTransmit();
        if (value & FIFO.RXFLUSH) line.flushReceive();
        this.#set(at, value & 0xffff & ~(FIFO.TXFLUSH | FIFO.RXFLUSH));
        break;
      default:
        this.#set(at, value);
    }
    line.transmitDepth = this.#get(REGISTER.FIFO) & FIFO.TXFE ? this.#fifo : 1;
    line.receiveDepth = this.#get(REGISTER.FIFO) & FIFO.RXFE ? this.#fifo : 1;
    line.transmitterOn = (this.#get(REGISTER.CTRL) & CTRL.TE) !== 0;
    line.receiverOn = (this.#get(REGISTER.CTRL) & CTRL.RE) !== 0;
    line.shiftNext();
    this.update();
  }

  #get(at: number): number {
    return this.#registers[at >>> 2]!;
  }

  #set(at: number, value: number): void {
    this.#registers[at >>> 2] = value;
  }
}
