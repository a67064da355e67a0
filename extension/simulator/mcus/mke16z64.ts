import type { Mcu } from '../mcu.ts';
import type { RegisterModel } from '../registers.ts';
import { kinetisRanges } from './kinetisRanges.ts';

const SCG_RCCR = 0x40064014;
const enable = 1;
const valid = 1 << 24;
const selected = 1 << 25;

/** A clock source's control and status register: valid as soon as enabled, selected while RCCR names it. */
function source(name: string, address: number, system: number, reset: number): RegisterModel {
  return {
    name,
    address,
    width: 32,
    reset,
    sets: [
      { bits: valid, while: { mask: enable } },
      { bits: selected, while: { register: SCG_RCCR, mask: 0x0f000000, equals: system << 24 } },
    ],
  };
}

/** Peripheral clock control: PR says that the peripheral is there. */
function clockControl(name: string, slot: number): RegisterModel {
  return { name, address: 0x40065000 + 4 * slot, width: 32, always: 0x80000000 };
}

/** MKE16Z64VLF4 as FRDM-KE16Z's BOARD_BootClockRUN sets it up: core 48 MHz from LPFLL, LPUART0 on the 8 MHz crystal. */
export const mke16z64: Mcu = {
  name: 'MKE16Z64VLF4',
  coreClockHz: 48_000_000,
  memories: [
    { name: 'flash', origin: 0, size: 0x10000, kind: 'flash' },
    { name: 'RAM', origin: 0x1ffff800, size: 0x2000, kind: 'ram' },
  ],
  peripherals: kinetisRanges,
  registers: [
    { name: 'SCG_RCCR', address: SCG_RCCR, width: 32, reset: 0x03000000 }, // FIRC
    {
      name: 'SCG_CSR',
      address: 0x40064010,
      width: 32,
      mirrors: [{ bits: 0xffffffff, of: SCG_RCCR, mask: 0xffffffff }],
    },
    source('SCG_SOSCCSR', 0x40064100, 1, 0),
    source('SCG_SIRCCSR', 0x40064200, 2, enable),
    source('SCG_FIRCCSR', 0x40064300, 3, enable),
    source('SCG_LPFLLCSR', 0x40064500, 5, 0),
    clockControl('PCC_ADC0', 0x3b),
    clockControl('PCC_LPTMR0', 0x40),
    clockControl('PCC_PORTA', 0x49),
    clockControl('PCC_PORTB', 0x4a),
    clockControl('PCC_PORTC', 0x4b),
    clockControl('PCC_PORTD', 0x4c),
    clockControl('PCC_PORTE', 0x4d),
    clockControl('PCC_LPI2C0', 0x66),
    clockControl('PCC_LPUART0', 0x6a),
    clockControl('PCC_LPUART1', 0x6b),
  ],
  console: {
    name: 'LPUART0',
    kind: 'lpuart',
    origin: 0x4006a000,
    interrupt: 12,
    clockHz: 8_000_000, // SOSCDIV2
    baudRate: 115200,
    fifo: 4,
    versionRegisters: true,
    gate: { name: 'PCC_LPUART0[CGC]', address: 0x400651a8, mask: 1 << 30, whenOff: 'fault' },
  },
  sysTickDivider: 16,
};
