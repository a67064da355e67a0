import type { Mcu } from '../machine/mcu.ts';
import { INTERNAL_CLOCK_SOURCE } from './internalClockSource.ts';
import { KINETIS_RANGES } from './kinetisRanges.ts';

/** What the boot code of MKE02Z64VQH4's boards waits for: ICS. */
export const MKE02Z64: Mcu = {
  partNumber: 'MKE02Z64VQH4',
  peripherals: KINETIS_RANGES,
  registers: INTERNAL_CLOCK_SOURCE,
  uarts: {
    UART1: {
      fifo: 1,
      gate: { name: 'SIM_SCGC[UART1]', address: 0x4004800c, mask: 1 << 21, whenOff: 'fault' },
    },
  },
  sysTickDivider: 16,
};
