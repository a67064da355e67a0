import type { Mcu } from '../machine/mcu.ts';
import { INTERNAL_CLOCK_SOURCE } from './internalClockSource.ts';
import { KINETIS_RANGES } from './kinetisRanges.ts';

/** What the boot code of MKE04Z8VFK4's boards waits for: ICS. */
export const MKE04Z8: Mcu = {
  partNumber: 'MKE04Z8VFK4',
  peripherals: KINETIS_RANGES,
  registers: INTERNAL_CLOCK_SOURCE,
  uarts: {
    UART0: {
      fifo: 1,
      gate: { name: 'SIM_SCGC[UART0]', address: 0x4004800c, mask: 1 << 20, whenOff: 'fault' },
    },
  },
  sysTickDivider: 16,
};
