import type { ConsoleData } from '../../board/catalogue.ts';
import type { Board } from '../../board/board.ts';
import type { CoreName } from '../cores/names.ts';
import type { Memory } from './bus.ts';
import type { AddressRange, ClockGate } from './peripheralSpace.ts';
import type { RegisterModel } from './registers.ts';

/** What simulating a microcontroller adds to what its board's description states: data only, one file of mcus/ each. */
export interface Mcu {
  /** Such as `MKE16Z64VLF4`; boards of the catalogue with this part are simulated. */
  readonly partNumber: string;
  /** Where peripherals answer; outside of these and the memories an access faults. */
  readonly peripherals: readonly AddressRange[];
  readonly registers: readonly RegisterModel[];
  /** The UARTs that a board's console can be on, by name, such as `LPUART0`. */
  readonly uarts: Readonly<Record<string, Uart>>;
  /** Core cycles a SysTick tick with CLKSOURCE = 0. */
  readonly sysTickDivider: number;
  /** Memories beside the flash and the RAM that the board states. */
  readonly memories?: readonly Memory[];
}

export interface Uart {
  /** Words of the transmit and the receive FIFO; 1 for none. */
  readonly fifo: number;
  /** LPUART only: VERID, PARAM, GLOBAL and PINCFG stand before BAUD. */
  readonly versionRegisters?: boolean;
  readonly gate: ClockGate;
}

/** The serial port that carries the firmware's text. */
export type Console = Uart &
  Pick<ConsoleData, 'name' | 'type' | 'base' | 'irq'> & {
    /** What its baud rate generator is fed with, as the board's SDK sets it up. */
    readonly clockHz: number;
    /** Baud rate while the divisor registers give none. */
    readonly baudRate: number;
  };

/** A board the simulator can be. */
export interface SimulatedBoard extends Pick<Board, 'id' | 'name'> {
  readonly core: CoreName;
  /** Core clock the board's documentation and SDK give; simulated time is cycles divided by it, from reset on. */
  readonly coreClockHz: number;
  readonly memories: readonly Memory[];
  readonly peripherals: readonly AddressRange[];
  readonly registers: readonly RegisterModel[];
  readonly console: Console | undefined;
  readonly sysTickDivider: number;
}
