import type { Mcu } from '../machine/mcu.ts';
import { lpuart, peripheralClocks, SYSTEM_CLOCK_GENERATOR } from './ke1xz.ts';
import { KINETIS_RANGES } from './kinetisRanges.ts';

/** What the boot code of MKE16Z64VLF4's boards waits for and asks: SCG, and which peripherals PCC has. */
export const mke16z64: Mcu = {
  partNumber: 'MKE16Z64VLF4',
  peripherals: KINETIS_RANGES,
  registers: [...SYSTEM_CLOCK_GENERATOR, ...peripheralClocks({ MSCAN0: 0x24, PDB0: 0x36, RTC: 0x3d })],
  uarts: { LPUART0: lpuart('LPUART0') },
  sysTickDivider: 16,
};
