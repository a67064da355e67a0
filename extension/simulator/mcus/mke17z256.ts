import type { Mcu } from '../machine/mcu.ts';
import { lpuart, peripheralClocks, SYSTEM_CLOCK_GENERATOR } from './ke1xz.ts';
import { KINETIS_RANGES } from './kinetisRanges.ts';

/** What the boot code of MKE17Z256VLL7's boards waits for and asks: SCG, and which peripherals PCC has. */
export const mke17z256: Mcu = {
  partNumber: 'MKE17Z256VLL7',
  peripherals: KINETIS_RANGES,
  registers: [
    ...SYSTEM_CLOCK_GENERATOR,
    ...peripheralClocks({
      DMA0: 0x08,
      DMAMUX0: 0x21,
      FTM2: 0x3a,
      TSI1: 0x47,
      FLEXIO: 0x5a,
      RTC_OSC: 0x60,
      FLEXIOTRIG0: 0x62,
      FLEXIOTRIG1: 0x63,
    }),
  ],
  uarts: { LPUART0: lpuart('LPUART0') },
  sysTickDivider: 16,
};
