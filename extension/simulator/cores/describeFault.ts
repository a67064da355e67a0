import type { FaultRecord } from './coreFault.ts';
import type { MemoryView } from '../machine/bus.ts';
import type { Fault } from '../run/simulation.ts';
import { hex, type SymbolTable } from '../firmware/symbols.ts';

/**
 * Puts a fault into one sentence: what the core did, at which address, where in the firmware, called from where.
 * @param boardName for "outside every memory of the FRDM-KE16Z".
 */
export function describeFault(
  record: FaultRecord,
  symbols: SymbolTable,
  memories: readonly MemoryView[],
  boardName: string,
): Fault {
  const { exception, cause, registers } = record;
  const pc = registers['pc']!;
  const lr = (registers['lr']! & ~1) >>> 0;
  const where = symbols.functionAt(pc) ? `in ${symbols.describe(pc)} (PC ${hex(pc)})` : `at PC ${hex(pc)}`;
  const caller = symbols.functionAt(lr);
  const from = caller && caller !== symbols.functionAt(pc) ? `, called from ${symbols.describe(lr)}` : '';
  const lockup = record.lockup ? `; the ${exception} handler could not run, the core locked up` : '';
  return {
    message: `${exception}: ${what(record, memories, boardName)}, ${where}${from}${lockup}.`,
    pc,
    address: cause.address,
    registers,
  };
}

function what(record: FaultRecord, memories: readonly MemoryView[], boardName: string): string {
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
      return `an exception could not save its registers: the stack pointer ${hex(registers['sp']!)} is outside RAM`;
    case 'vector':
      return reason.exception === 1
        ? `a reset vector (${hex(address)}) that is no Thumb address`
        : `exception ${reason.exception} has the handler ${hex(address)}, which is no Thumb address`;
  }
}

function bytes(count: number): string {
  return count === 1 ? '1 byte' : `${count} bytes`;
}
