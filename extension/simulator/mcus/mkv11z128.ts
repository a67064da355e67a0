import type { Mcu } from '../machine/mcu.ts';
import { KINETIS_RANGES } from './kinetisRanges.ts';

const MCG_C1 = 0x40064000;
const MCG_C2 = 0x40064001;

/** MKV11Z128VLH7 as FRDM-KV11Z's BOARD_BootClockRUN sets it up: core 75 MHz from the FLL, UART0 on the core clock. */
export const MKV11Z128: Mcu = {
  name: 'MKV11Z128VLH7',
  coreClockHz: 75_000_000,
  memories: [
    { name: 'flash', origin: 0, size: 0x20000, kind: 'flash' },
    { name: 'RAM', origin: 0x1ffff000, size: 0x4000, kind: 'ram' },
  ],
  peripherals: KINETIS_RANGES,
  registers: [
    { name: 'MCG_C1', address: MCG_C1, width: 8, reset: 0x04 },
    { name: 'MCG_C2', address: MCG_C2, width: 8, reset: 0x80 },
    {
      name: 'MCG_S',
      address: 0x40064006,
      width: 8,
      always: 0x02, // OSCINIT0
      mirrors: [
        { bits: 0x10, of: MCG_C1, mask: 0x04 }, // IREFST shows IREFS
        { bits: 0x0c, of: MCG_C1, mask: 0xc0 }, // CLKST shows CLKS
        { bits: 0x01, of: MCG_C2, mask: 0x01 }, // IRCST shows IRCS
      ],
    },
  ],
  console: {
    name: 'UART0',
    kind: 'uart',
    origin: 0x4006a000,
    interrupt: 12,
    clockHz: 75_000_000,
    baudRate: 115200,
    fifo: 8,
    gate: { name: 'SIM_SCGC4[UART0]', address: 0x40048034, mask: 1 << 10, whenOff: 'fault' },
  },
  sysTickDivider: 16,
};
