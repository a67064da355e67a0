import type { Uart } from '../machine/mcu.ts';
import type { RegisterModel } from '../machine/registers.ts';

/* What Kinetis KE1xZ parts share (reference manuals and SDK headers, "SCG", "PCC", "LPUART"). */

const SCG_RCCR = 0x40064014;
const ENABLE = 1;
const VALID = 1 << 24;
const SELECTED = 1 << 25;

/** A clock source's control and status register: valid as soon as enabled, selected while RCCR names it. */
function source(name: string, address: number, system: number, reset: number): RegisterModel {
  return {
    name,
    address,
    width: 32,
    reset,
    sets: [
      { bits: VALID, while: { mask: ENABLE } },
      { bits: SELECTED, while: { register: SCG_RCCR, mask: 0x0f000000, equals: system << 24 } },
    ],
  };
}

/** The system clock generator: after reset the core runs on the fast internal oscillator. */
export const SYSTEM_CLOCK_GENERATOR: readonly RegisterModel[] = [
  { name: 'SCG_RCCR', address: SCG_RCCR, width: 32, reset: 0x03000000 }, // FIRC
  {
    name: 'SCG_CSR',
    address: 0x40064010,
    width: 32,
    mirrors: [{ bits: 0xffffffff, of: SCG_RCCR, mask: 0xffffffff }],
  },
  source('SCG_SOSCCSR', 0x40064100, 1, 0),
  source('SCG_SIRCCSR', 0x40064200, 2, ENABLE),
  source('SCG_FIRCCSR', 0x40064300, 3, ENABLE),
  source('SCG_LPFLLCSR', 0x40064500, 5, 0),
];

/** Slots of the peripheral clock controller that all of these parts have. */
const COMMON_CLOCKS = {
  FLASH: 0x20,
  LPSPI0: 0x2c,
  CRC: 0x32,
  LPIT0: 0x37,
  FTM0: 0x38,
  FTM1: 0x39,
  ADC0: 0x3b,
  LPTMR0: 0x40,
  TSI: 0x45,
  PORTA: 0x49,
  PORTB: 0x4a,
  PORTC: 0x4b,
  PORTD: 0x4c,
  PORTE: 0x4d,
  PWT: 0x56,
  EWM: 0x61,
  LPI2C0: 0x66,
  LPUART0: 0x6a,
  LPUART1: 0x6b,
  LPUART2: 0x6c,
  CMP0: 0x73,
} as const;

const clockControl = (slot: number): number => 0x40065000 + 4 * slot;

/**
 * Peripheral clock control registers: their PR bit says that the peripheral is there.
 * @param more slots by name, beside those that all of these parts have
 */
export function peripheralClocks(more: Readonly<Record<string, number>>): readonly RegisterModel[] {
  return Object.entries({ ...COMMON_CLOCKS, ...more }).map(([name, slot]): RegisterModel => ({
    name: `PCC_${name}`,
    address: clockControl(slot),
    width: 32,
    always: 0x80000000,
  }));
}

/** An LPUART with four words of FIFO, behind its gate in the peripheral clock controller. */
export function lpuart(name: 'LPUART0' | 'LPUART1' | 'LPUART2'): Uart {
  return {
    fifo: 4,
    versionRegisters: true,
    gate: {
      name: `PCC_${name}[CGC]`,
      address: clockControl(COMMON_CLOCKS[name]),
      mask: 1 << 30,
      whenOff: 'fault',
    },
  };
}
