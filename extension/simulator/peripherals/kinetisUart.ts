import type { Device } from '../machine/peripheralSpace.ts';
import type { SerialLine, UartState } from './serialLine.ts';

const REGISTER = {
  BDH: 0,
  BDL: 1,
  C1: 2,
  C2: 3,
  S1: 4,
  S2: 5,
  C3: 6,
  D: 7,
  C4: 10,
  PFIFO: 16,
  CFIFO: 17,
  SFIFO: 18,
  TWFIFO: 19,
  TCFIFO: 20,
  RWFIFO: 21,
  RCFIFO: 22,
} as const;

const S1 = { TDRE: 0x80, TC: 0x40, RDRF: 0x20, OR: 0x08 } as const;
const C2 = { TIE: 0x80, TCIE: 0x40, RIE: 0x20, TE: 0x08, RE: 0x04 } as const;
const C3_ORIE = 0x08;
const FIFO = { TXFE: 0x80, RXFE: 0x08, TXFLUSH: 0x80, RXFLUSH: 0x40, TXEMPT: 0x80, RXEMPT: 0x40 } as const;

/**
 * Kinetis' 8-bit UART (KE02/KE04 reference manuals chapter "UART", KV11 chapter "UART" with the FIFO registers). Parity,
 * 9-bit words, LIN and smart-card modes are plain registers without effect.
 */
export class KinetisUart implements Device {
  readonly name: string;
  readonly origin: number;
  readonly size: number;
  line!: SerialLine;
  readonly #registers = new Uint8Array(32);
  readonly #fifo: number;
  readonly #setInterrupt: (high: boolean) => void;

  /** @param fifo words of each FIFO; 1 when the part has no FIFO registers. */
  constructor(name: string, origin: number, fifo: number, setInterrupt: (high: boolean) => void) {
    this.name = name;
    this.origin = origin;
    this.#fifo = fifo;
    this.size = fifo > 1 ? 32 : 8;
    this.#setInterrupt = setInterrupt;
  }

  reset(): void {
    this.line.reset();
    this.#registers.fill(0);
    this.#registers[REGISTER.BDL] = 4;
    this.#registers[REGISTER.RWFIFO] = 1;
    this.update();
  }

  save(): UartState {
    return { registers: Int32Array.from(this.#registers), line: this.line.save() };
  }

  restore({ registers, line }: UartState): void {
    this.#registers.set(registers);
    this.line.restore(line);
  }

  /** SBR and, where the part has it, the fine adjust BRFA in 1/32. */
  get bitClocks(): number {
    const sbr = ((this.#registers[REGISTER.BDH]! & 0x1f) << 8) | this.#registers[REGISTER.BDL]!;
    const fine = this.#fifo > 1 ? (this.#registers[REGISTER.C4]! & 0x1f) / 32 : 0;
    return sbr === 0 ? 0 : 16 * (sbr + fine);
  }

  read(offset: number, size: 1 | 2 | 4): number {
    let value = 0;
    for (let i = size - 1; i >= 0; i--) value = (value << 8) | this.#readByte(offset + i);
    return value;
  }

  write(offset: number, size: 1 | 2 | 4, value: number): void {
    for (let i = 0; i < size; i++) this.#writeByte(offset + i, (value >>> (8 * i)) & 255);
  }

  /** Status flags and interrupt line follow the state of the line. */
  update(): void {
    const status = this.#status();
    const enabled = this.#registers[REGISTER.C2]! & (C2.TIE | C2.TCIE | C2.RIE); // same bit places as TDRE, TC, RDRF
    const overrun = (status & S1.OR) !== 0 && (this.#registers[REGISTER.C3]! & C3_ORIE) !== 0;
    this.#setInterrupt((status & enabled) !== 0 || overrun);
  }

  #status(): number {
    const { line } = this;
    const transmitMark = this.#fifo > 1 ? this.#registers[REGISTER.TWFIFO]! : 0;
    const receiveMark = this.#fifo > 1 ? Math.max(1, this.#registers[REGISTER.RWFIFO]!) : 1;
    return (
      (line.transmitCount <= transmitMark ? S1.TDRE : 0) |
      (line.transmitComplete ? S1.TC : 0) |
      (line.receiveCount >= receiveMark ? S1.RDRF : 0) |
      (line.overrun ? S1.OR : 0)
    );
  }

  #readByte(offset: number): number {
    const { line } = this;
    switch (offset) {
      case REGISTER.S1:
        return this.#status();
      case REGISTER.D: {
        const byte = line.read();
        line.overrun = false; // cleared by reading S1, then D
        this.update();
        return byte;
      }
      case REGISTER.PFIFO: {
        const code = this.#fifo > 1 ? Math.log2(this.#fifo) - 1 : 0; // 1: 4 words, 2: 8 words
        return (this.#registers[offset]! & (FIFO.TXFE | FIFO.RXFE)) | (code << 4) | code;
      }
      case REGISTER.SFIFO:
        return (line.transmitCount === 0 ? FIFO.TXEMPT : 0) | (line.receiveCount === 0 ? FIFO.RXEMPT : 0);
      case REGISTER.TCFIFO:
        return line.transmitCount;
      case REGISTER.RCFIFO:
        return line.receiveCount;
      default:
        return this.#registers[offset]!;
    }
  }

  #writeByte(offset: number, value: number): void {
    const { line } = this;
    switch (offset) {
      case REGISTER.S1: // read-only, or flags written to clear that never come up here
      case REGISTER.TCFIFO:
      case REGISTER.RCFIFO:
        return;
      case REGISTER.D:
        line.transmit(value);
        break;
      case REGISTER.CFIFO:
        if (value & FIFO.TXFLUSH) line.flushTransmit();
        if (value & FIFO.RXFLUSH) line.flushReceive();
        this.#registers[offset] = value & 7;
        break;
      default:
        this.#registers[offset] = value;
    }
    line.transmitDepth = this.#registers[REGISTER.PFIFO]! & FIFO.TXFE ? this.#fifo : 1;
    line.receiveDepth = this.#registers[REGISTER.PFIFO]! & FIFO.RXFE ? this.#fifo : 1;
    line.transmitterOn = (this.#registers[REGISTER.C2]! & C2.TE) !== 0;
    line.receiverOn = (this.#registers[REGISTER.C2]! & C2.RE) !== 0;
    line.shiftNext();
    this.update();
  }
}
