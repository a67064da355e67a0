import type { SimulatedBoard } from '../machine/mcu.ts';

/**
 * A Cortex-M0+ with nothing around it: flash at 0, RAM at 0x20000000, no peripherals. For calling functions of models
 * that are too large for the boards, and for tests of the core.
 * @param flashBytes, ramBytes sizes, multiples of 4.
 */
export function bareBoard(flashBytes: number, ramBytes: number): SimulatedBoard {
  return {
    id: 'bare',
    name: 'bare Cortex-M0+',
    core: 'cortex-m0plus',
    coreClockHz: 48_000_000,
    memories: [
      { name: 'flash', origin: 0, size: flashBytes, kind: 'flash' },
      { name: 'RAM', origin: 0x20000000, size: ramBytes, kind: 'ram' },
    ],
    peripherals: [],
    registers: [],
    console: undefined,
    sysTickDivider: 16,
  };
}
