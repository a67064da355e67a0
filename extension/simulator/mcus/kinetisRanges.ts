import type { AddressRange } from '../machine/peripheralSpace.ts';

/** Where all Kinetis Cortex-M0+ parts have peripherals (reference manuals, "System memory map"). */
export const KINETIS_RANGES: readonly AddressRange[] = [
  { origin: 0x40000000, size: 0x100000 }, // peripheral bridge, GPIO at its end
  { origin: 0xf0000000, size: 0x5000 }, // MTB, MCM, MMDVSQ
  { origin: 0xf8000000, size: 0x1000 }, // GPIO over the core's single-cycle port
];
