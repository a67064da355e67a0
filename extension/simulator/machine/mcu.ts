import type { Memory } from './bus.ts';
import type { AddressRange, ClockGate } from './peripheralSpace.ts';
import type { RegisterModel } from './registers.ts';

/** A microcontroller as the simulator needs it: data only, one file of mcus/ each. */
export interface Mcu {
  /** Part number, such as `MKE16Z64VLF4`. */
  readonly name: string;
  /** Core clock the board's documentation and SDK give; simulated time is cycles divided by it, from reset on. */
  readonly coreClockHz: number;
  readonly memories: readonly Memory[];
  /** Where peripherals answer; outside of these and the memories an access faults. */
  readonly peripherals: readonly AddressRange[];
  readonly registers: readonly RegisterModel[];
  readonly console: Console | undefined;
  /** Core cycles a SysTick tick with CLKSOURCE = 0. */
  readonly sysTickDivider: number;
}

/** The serial port that carries the firmware's text. */
export interface Console {
  readonly name: string;
  /** `uart`: Kinetis' 8-bit UART. `lpuart`: its 32-bit successor. `mini-usart`: LPC8xx. */
  readonly kind: 'uart' | 'lpuart' | 'mini-usart';
  readonly origin: number;
  /** External interrupt number. */
  readonly interrupt: number;
  /** What its baud rate generator is fed with, as the board's SDK sets it up. */
  readonly clockHz: number;
  /** Baud rate while the divisor registers give none. */
  readonly baudRate: number;
  /** Words of the transmit and the receive FIFO; 1 for none. */
  readonly fifo: number;
  /** LPUART only: VERID, PARAM, GLOBAL and PINCFG stand before BAUD. */
  readonly versionRegisters?: boolean;
  readonly gate: ClockGate;
}

/** A board the simulator can be. */
export interface SimulatedBoard {
  /** The SDK's folder name, such as `frdmke16z`. */
  readonly id: string;
  readonly name: string;
  readonly mcu: Mcu;
}
