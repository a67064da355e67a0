import type { Mcu } from '../machine/mcu.ts';
import { lpuart, peripheralClocks, SYSTEM_CLOCK_GENERATOR } from './ke1xz.ts';
import { KINETIS_RANGES } from './kinetisRanges.ts';

/** What the boot code of MKE15Z256VLL7's boards waits for and asks: SCG, and which peripherals PCC has. */
export const mke15z256: Mcu = {
  partNumber: 'MKE15Z256VLL7',
  peripherals: KINETIS_RANGES,
  registers: [
    ...SYSTEM_CLOCK_GENERATOR,
    ...peripheralClocks({
      DMA0: 0x08,
      DMAMUX0: 0x21,
      ADC1: 0x27,
      LPSPI1: 0x2d,
      PDB0: 0x36,
      FTM2: 0x3a,
      RTC: 0x3d,
      FLEXIO: 0x5a,
      RTC_OSC: 0x60,
      LPI2C1: 0x67,
      CMP1: 0x74,
    }),
  ],
  uarts: { LPUART1: lpuart('LPUART1') },
  sysTickDivider: 16,
};
