import type { Mcu } from '../machine/mcu.ts';
import { INTERNAL_CLOCK_SOURCE } from './internalClockSource.ts';
import { KINETIS_RANGES } from './kinetisRanges.ts';

/** MKE04Z8VFK4 as FRDM-KE04Z's BOARD_BootClockRUN sets it up: core 40 MHz, bus 20 MHz. */
export const MKE04Z8: Mcu = {
  name: 'MKE04Z8VFK4',
  coreClockHz: 40_000_000,
  memories: [
    { name: 'flash', origin: 0, size: 0x2000, kind: 'flash' },
    { name: 'RAM', origin: 0x1fffff00, size: 0x400, kind: 'ram' },
  ],
  peripherals: KINETIS_RANGES,
  registers: INTERNAL_CLOCK_SOURCE,
  console: {
    name: 'UART0',
    kind: 'uart',
    origin: 0x4006a000,
    interrupt: 12,
    clockHz: 20_000_000, // bus clock
    baudRate: 115200,
    fifo: 1,
    gate: { name: 'SIM_SCGC[UART0]', address: 0x4004800c, mask: 1 << 20, whenOff: 'fault' },
  },
  sysTickDivider: 16,
};
