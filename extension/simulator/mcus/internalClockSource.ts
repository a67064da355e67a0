import type { RegisterModel } from '../machine/registers.ts';

const ICS_C1 = 0x40064000;

/** Clock registers of KE02 and KE04 (reference manuals, "ICS" and "OSC"): the crystal starts, the FLL locks, at once. */
export const INTERNAL_CLOCK_SOURCE: readonly RegisterModel[] = [
  // OSCINIT follows OSCEN
  { name: 'OSC_CR', address: 0x40065000, width: 8, sets: [{ bits: 0x01, while: { mask: 0x80 } }] },
  { name: 'ICS_C1', address: ICS_C1, width: 8, reset: 0x04 },
  { name: 'ICS_C2', address: 0x40064001, width: 8, reset: 0x20 },
  {
    name: 'ICS_S',
    address: 0x40064004,
    width: 8,
    always: 0x40, // LOCK
    mirrors: [
      { bits: 0x10, of: ICS_C1, mask: 0x04 }, // IREFST shows IREFS
      { bits: 0x0c, of: ICS_C1, mask: 0xc0 }, // CLKST shows CLKS
    ],
  },
];
