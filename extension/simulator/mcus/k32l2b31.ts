import type { Mcu } from '../machine/mcu.ts';
import { KINETIS_RANGES } from './kinetisRanges.ts';

const MCG_C1 = 0x40064000;

/** What the boot code of K32L2B31VLH0A's boards waits for: MCG_Lite. */
export const K32L2B31: Mcu = {
  partNumber: 'K32L2B31VLH0A',
  peripherals: KINETIS_RANGES,
  registers: [
    // MCG_Lite: after reset the core runs on the slow oscillator (CLKS = 1), CLKST shows CLKS
    { name: 'MCG_C1', address: MCG_C1, width: 8, reset: 0x40 },
    { name: 'MCG_C2', address: 0x40064001, width: 8, reset: 0x01 },
    { name: 'MCG_S', address: 0x40064006, width: 8, mirrors: [{ bits: 0x0c, of: MCG_C1, mask: 0xc0 }] },
  ],
  uarts: {
    LPUART0: {
      fifo: 1,
      gate: { name: 'SIM_SCGC5[LPUART0]', address: 0x40048038, mask: 1 << 20, whenOff: 'fault' },
    },
  },
  sysTickDivider: 16,
};
