import type { Mcu } from '../machine/mcu.ts';
import { KINETIS_RANGES } from './kinetisRanges.ts';

const MCG_C1 = 0x40064000;

/** K32L2B31VLH0A as FRDM-K32L2B's BOARD_BootClockRUN sets it up: core 48 MHz from the HIRC, LPUART0 on it too. */
export const K32L2B31: Mcu = {
  name: 'K32L2B31VLH0A',
  coreClockHz: 48_000_000,
  memories: [
    { name: 'flash', origin: 0, size: 0x40000, kind: 'flash' },
    { name: 'RAM', origin: 0x1fffe000, size: 0x8000, kind: 'ram' },
  ],
  peripherals: KINETIS_RANGES,
  registers: [
    // MCG_Lite: after reset the core runs on the slow oscillator (CLKS = 1), CLKST shows CLKS
    { name: 'MCG_C1', address: MCG_C1, width: 8, reset: 0x40 },
    { name: 'MCG_C2', address: 0x40064001, width: 8, reset: 0x01 },
    { name: 'MCG_S', address: 0x40064006, width: 8, mirrors: [{ bits: 0x0c, of: MCG_C1, mask: 0xc0 }] },
  ],
  console: {
    name: 'LPUART0',
    kind: 'lpuart',
    origin: 0x40054000,
    interrupt: 12,
    clockHz: 48_000_000,
    baudRate: 115200,
    fifo: 1,
    gate: { name: 'SIM_SCGC5[LPUART0]', address: 0x40048038, mask: 1 << 20, whenOff: 'fault' },
  },
  sysTickDivider: 16,
};
