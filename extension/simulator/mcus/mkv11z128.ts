import type { Mcu } from '../machine/mcu.ts';
import { KINETIS_RANGES } from './kinetisRanges.ts';

const MCG_C1 = 0x40064000;
const MCG_C2 = 0x40064001;

/** What the boot code of MKV11Z128VLH7's boards waits for: MCG. */
export const MKV11Z128: Mcu = {
  partNumber: 'MKV11Z128VLH7',
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
  uarts: {
    UART0: {
      fifo: 8,
      gate: { name: 'SIM_SCGC4[UART0]', address: 0x40048034, mask: 1 << 10, whenOff: 'fault' },
    },
  },
  sysTickDivider: 16,
};
