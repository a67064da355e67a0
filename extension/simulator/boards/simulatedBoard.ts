import type { BoardData } from '../../board/catalogue.ts';
import { isCoreName } from '../cores/names.ts';
import type { Mcu, SimulatedBoard } from '../machine/mcu.ts';

/**
 * A board as its description states it, with what simulating its microcontroller adds.
 * @returns undefined when its console is on a UART that the microcontroller's description lacks, or nobody simulates its core.
 */
export function simulatedBoard(board: BoardData, mcu: Mcu): SimulatedBoard | undefined {
  const { id, name, core, coreClockHz, flash, ram, console } = board;
  const uart = mcu.uarts[console.name];
  if (!uart || !isCoreName(core) || !('base' in console)) return undefined;
  return {
    id,
    name,
    core,
    coreClockHz,
    memories: [
      { name: 'flash', origin: flash.origin, size: flash.size, kind: 'flash' },
      ...ram.map(({ name: region, origin, size }) => ({
        name: ram.length === 1 ? 'RAM' : region,
        origin,
        size,
        kind: 'ram' as const,
      })),
      ...(mcu.memories ?? []),
    ],
    peripherals: mcu.peripherals,
    registers: mcu.registers,
    console: { ...console, ...uart },
    sysTickDivider: mcu.sysTickDivider,
  };
}
