import type { Mcu } from '../machine/mcu.ts';
import { INTERNAL_CLOCK_SOURCE } from './internalClockSource.ts';
import { KINETIS_RANGES } from './kinetisRanges.ts';

/** MKE02Z64VQH4 as FRDM-KE02Z40M's BOARD_BootClockRUN sets it up: core 40 MHz, bus 20 MHz. */
export const MKE02Z64: Mcu = {
  name: 'MKE02Z64VQH4',
  coreClockHz: 40_000_000,
  memories: [
    { name: 'flash', origin: 0, size: 0x10000, kind: 'flash' },
    { name: 'RAM', origin: 0x1ffffc00, size: 0x1000, kind: 'ram' },
  ],
  peripherals: KINETIS_RANGES,
  registers: INTERNAL_CLOCK_SOURCE,
  console: {
    name: 'UART1',
    kind: 'uart',
    origin: 0x4006b000,
    interrupt: 13,
    clockHz: 20_000_000, // bus clock
    baudRate: 115200,
    fifo: 1,
    gate: { name: 'SIM_SCGC[UART1]', address: 0x4004800c, mask: 1 << 21, whenOff: 'fault' },
  },
  sysTickDivider: 16,
};
