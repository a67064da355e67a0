import type { Clock } from './clock.ts';
import type { Console } from './mcu.ts';
import type { Device } from './peripheralSpace.ts';
import { KinetisUart } from '../peripherals/kinetisUart.ts';
import { Lpuart } from '../peripherals/lpuart.ts';
import { MiniUsart } from '../peripherals/miniUsart.ts';
import { SerialLine } from '../peripherals/serialLine.ts';

/** The board's console from outside: where its bytes come from and go to. */
export interface SerialConsole {
  readonly device: Device;
  receive(bytes: Uint8Array): void;
  /** See SerialLine.hurries. */
  hurry(): void;
}

/** Builds the UART a description asks for and wires it to the clock and its interrupt. */
export function connectConsole(
  description: Console,
  coreClockHz: number,
  clock: Clock,
  setInterruptLine: (interrupt: number, high: boolean) => void,
  onByte: (byte: number) => void,
): SerialConsole {
  const { name, type, base, irq, fifo } = description;
  const setInterrupt = (high: boolean): void => {
    setInterruptLine(irq, high);
  };
  const device =
    type === 'uart'
      ? new KinetisUart(name, base, fifo, setInterrupt)
      : type === 'lpuart'
        ? new Lpuart(name, base, fifo, description.versionRegisters === true, setInterrupt)
        : new MiniUsart(name, base, setInterrupt);
  const cyclesPerByte = (): number => {
    const clocks = device.bitClocks;
    const baudRate = clocks > 0 ? description.clockHz / clocks : description.baudRate;
    return Math.max(1, Math.round((10 * coreClockHz) / baudRate));
  };
  const line = new SerialLine(clock, cyclesPerByte, onByte, () => {
    device.update();
  });
  device.line = line;
  return {
    device,
    receive: (bytes) => {
      line.receive(bytes);
    },
    hurry: () => {
      line.hurries = true;
    },
  };
}
