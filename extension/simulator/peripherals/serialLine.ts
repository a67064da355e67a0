import { pushAll } from '../../common/lists.ts';
import type { Alarm, Clock } from '../machine/clock.ts';

/** The most bytes that wait to be received; a host that sends more loses them. */
const MOST_INBOUND = 1 << 16;

/** A line as it was; when its next bytes leave and arrive, the clock knows. */
interface SerialLineState {
  readonly overrun: boolean;
  readonly transmitDepth: number;
  readonly receiveDepth: number;
  readonly transmitterOn: boolean;
  readonly isReceiverOn: boolean;
  /** The byte on the wire; -1 for none. */
  readonly shifting: number;
  readonly transmitFifo: Uint8Array;
  readonly receiveFifo: Uint8Array;
  readonly inbound: Uint8Array;
}

/** A UART as it was: its registers in order, and its line. */
export interface UartState {
  readonly registers: Int32Array;
  readonly line: SerialLineState;
}

/**
 * The wires of a UART with what stands behind them: a transmitter (FIFO and shift register) and a receiver (FIFO).
 * A byte takes ten bit times on the way. The registers in front are the business of the UART's own class.
 */
export class SerialLine {
  /** A byte came when the receive FIFO was full and is lost. Stays until the UART's class clears it. */
  overrun = false;
  /** Words the FIFOs hold; 1 is a plain data register. */
  transmitDepth = 1;
  receiveDepth = 1;
  transmitterOn = false;
  /**
   * The wires take no time, and whoever sends waits for the receiver to have room, as with flow control at an endless baud rate: no
   * byte is lost for coming too early.
   */
  hurries = false;

  readonly #transmitFifo: number[] = [];
  readonly #receiveFifo: number[] = [];
  readonly #inbound: number[] = [];
  #shifting = -1;
  #isReceiverOn = false;
  readonly #sent: Alarm;
  readonly #arrived: Alarm;
  readonly #clock: Clock;
  readonly #cyclesPerByte: () => number;
  readonly #onByte: (byte: number) => void;
  readonly #onChange: () => void;

  /**
   * @param cyclesPerByte core cycles for ten bits at the present baud rate.
   * @param onByte a byte has left the board.
   * @param onChange the state that status flags show has changed.
   */
  constructor(
    clock: Clock,
    cyclesPerByte: () => number,
    onByte: (byte: number) => void,
    onChange: () => void,
  ) {
    this.#clock = clock;
    this.#cyclesPerByte = cyclesPerByte;
    this.#onByte = onByte;
    this.#onChange = onChange;
    this.#sent = clock.alarm(() => {
      const byte = this.#shifting;
      this.#shifting = -1;
      this.shiftNext();
      this.#onByte(byte);
      this.#onChange();
    });
    this.#arrived = clock.alarm(() => {
      this.#takeIn();
    });
  }

  reset(): void {
    this.#transmitFifo.length = this.#receiveFifo.length = this.#inbound.length = 0;
    this.#shifting = -1;
    this.overrun = this.transmitterOn = this.#isReceiverOn = false;
    this.transmitDepth = this.receiveDepth = 1;
    this.#sent.time = this.#arrived.time = Infinity;
  }

  /** Words waiting in the transmit FIFO, without the one being shifted out. */
  get transmitCount(): number {
    return this.#transmitFifo.length;
  }

  get receiveCount(): number {
    return this.#receiveFifo.length;
  }

  /** Nothing is waiting and nothing is on the wire. */
  get transmitComplete(): boolean {
    return this.#shifting < 0 && this.#transmitFifo.length === 0;
  }

  set receiverOn(on: boolean) {
    this.#isReceiverOn = on;
    this.#fill();
  }

  transmit(byte: number): void {
    if (this.#transmitFifo.length >= this.transmitDepth) this.#transmitFifo.pop(); // overwritten
    this.#transmitFifo.push(byte & 255);
    this.shiftNext();
  }

  /** Called when the transmitter has been switched on: what waits goes out. */
  shiftNext(): void {
    if (this.#shifting >= 0 || !this.transmitterOn) return;
    const next = this.#transmitFifo.shift();
    if (next === undefined) return;
    this.#shifting = next;
    this.#clock.set(this.#sent, this.#clock.now + (this.hurries ? 1 : this.#cyclesPerByte()));
  }

  /** The oldest byte received; 0 when there is none. */
  read(): number {
    const byte = this.#receiveFifo.shift() ?? 0;
    this.#fill();
    return byte;
  }

  flushTransmit(): void {
    this.#transmitFifo.length = 0;
  }

  flushReceive(): void {
    this.#receiveFifo.length = 0;
  }

  /** Bytes from outside; they come in one after the other at the baud rate. */
  receive(bytes: Uint8Array): void {
    if (this.#inbound.length + bytes.length > MOST_INBOUND) return;
    pushAll(this.#inbound, bytes);
    if (this.hurries) {
      this.#fill();
      this.#onChange();
      return;
    }
    if (this.#arrived.time === Infinity && this.#inbound.length > 0) {
      this.#clock.set(this.#arrived, this.#clock.now + this.#cyclesPerByte());
    }
  }

  /** Without wires that take time, what waits comes as there is room for it. */
  #fill(): void {
    if (!this.hurries || !this.#isReceiverOn) return;
    while (this.#inbound.length > 0 && this.#receiveFifo.length < this.receiveDepth) {
      this.#receiveFifo.push(this.#inbound.shift()!);
    }
  }

  save(): SerialLineState {
    const { overrun, transmitDepth, receiveDepth, transmitterOn } = this;
    return {
      ...{ overrun, transmitDepth, receiveDepth, transmitterOn },
      isReceiverOn: this.#isReceiverOn,
      shifting: this.#shifting,
      transmitFifo: Uint8Array.from(this.#transmitFifo),
      receiveFifo: Uint8Array.from(this.#receiveFifo),
      inbound: Uint8Array.from(this.#inbound),
    };
  }

  restore(state: SerialLineState): void {
    this.overrun = state.overrun;
    this.transmitDepth = state.transmitDepth;
    this.receiveDepth = state.receiveDepth;
    this.transmitterOn = state.transmitterOn;
    this.#isReceiverOn = state.isReceiverOn;
    this.#shifting = state.shifting;
    for (const [queue, bytes] of [
      [this.#transmitFifo, state.transmitFifo],
      [this.#receiveFifo, state.receiveFifo],
      [this.#inbound, state.inbound],
    ] as const) {
      queue.length = 0;
      pushAll(queue, bytes);
    }
  }

  #takeIn(): void {
    const byte = this.#inbound.shift();
    if (byte === undefined) return;
    if (this.#isReceiverOn) {
      if (this.#receiveFifo.length < this.receiveDepth) this.#receiveFifo.push(byte);
      else this.overrun = true;
    }
    if (this.#inbound.length > 0) this.#clock.set(this.#arrived, this.#clock.now + this.#cyclesPerByte());
    this.#onChange();
  }
}
