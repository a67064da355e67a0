import type { CoreFaultRecord } from './core.ts';
import type { MemoryView } from '../../machine/bus.ts';
import type { Fault } from '../../run/simulation.ts';
import { hex, type SymbolTable } from '../../firmware/symbols.ts';

/**
 * Puts a HardFault into one sentence: what the core did, at which address, where in the firmware, called from where.
 * @param boardName for "outside every memory of the FRDM-KE16Z".
 */
export function describeFault(
  record: CoreFaultRecord,
  symbols: SymbolTable,
  memories: readonly MemoryView[],
  boardName: string,
): Fault {
  const { cause, pc, registers } = record;
  const lr = (registers[14]! & ~1) >>> 0;
  const where = symbols.functionAt(pc) ? `in ${symbols.describe(pc)} (PC ${hex(pc)})` : `at PC ${hex(pc)}`;
  const caller = symbols.functionAt(lr);
  const from = caller && caller !== symbols.functionAt(pc) ? `, called from ${symbols.describe(lr)}` : '';
  const lockup = record.lockup ? '; the HardFault handler could not run, the core locked up' : '';
  const names: Record<string, number> = {};
  for (let i = 0; i <= 12; i++) names[`r${i}`] = registers[i]! >>> 0;
  names['sp'] = registers[13]! >>> 0;
  names['lr'] = registers[14]! >>> 0;
  names['pc'] = pc;
  names['xpsr'] = record.xpsr;
  return {
    message: `HardFault: ${what(record, memories, boardName)}, ${where}${from}${lockup}.`,
    pc,
    address: cause.address,
    registers: names,
  };
}

function what(record: CoreFaultRecord, memories: readonly MemoryView[], boardName: string): string {
  const { cause, registers } = record;
  const { reason } = cause;
  const address = cause.address ?? 0;
  switch (reason.kind) {
    case 'bus': {
      const did = `a ${reason.access} of ${bytes(reason.size)} at ${hex(address)}`;
      if (reason.why !== undefined) return `${did}: ${reason.why}`;
      return `${did}, outside every memory and peripheral of the ${boardName}`;
    }
    case 'unaligned':
      return `an unaligned ${reason.access} of ${bytes(reason.size)} at ${hex(address)} (this core needs multiples of ${reason.size})`;
    case 'fetch': {
      const data = memories.some((m) => (address - m.origin) >>> 0 < m.size);
      return `a jump to ${hex(address)}, ${data ? 'which cannot be executed' : `where the ${boardName} has no memory`}`;
    }
    case 'undefined': {
      const wide = reason.instruction > 0xffff;
      return `an instruction this core does not have (${hex(reason.instruction, wide ? 8 : 4)})`;
    }
    case 'arm-state':
      return `a branch to ${hex(address)} with bit 0 clear, which asks for Arm state (this core has Thumb only)`;
    case 'breakpoint':
      if (reason.number === 0xab) return 'a semihosting call (BKPT 0xAB) without a debugger to answer it';
      return `a breakpoint instruction (BKPT ${reason.number}) without a debugger, such as a failed assert`;
    case 'svc':
      return `an SVC ${reason.number} where its handler cannot run (interrupts masked, or a handler of its priority)`;
    case 'exception-return':
      return `a return from an exception with ${hex(reason.value)}, which is no such value here`;
    case 'stacking':
      return `an exception could not save its registers: the stack pointer ${hex(registers[13]!)} is outside RAM`;
    case 'vector':
      return reason.exception === 1
        ? `a reset vector (${hex(address)}) that is no Thumb address`
        : `exception ${reason.exception} has the handler ${hex(address)}, which is no Thumb address`;
  }
}

function bytes(count: number): string {
  return count === 1 ? '1 byte' : `${count} bytes`;
}
