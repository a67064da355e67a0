import { english, say, type Sentence } from '../../common/errors/sentence.ts';
import { type FaultRecord, SEMIHOSTING } from './coreFault.ts';
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
  const at = symbols.functionAt(pc) ? say`in ${symbols.describe(pc)} (PC ${hex(pc)})` : say`at PC ${hex(pc)}`;
  const caller = symbols.functionAt(lr);
  const isCalled = caller !== undefined && caller !== symbols.functionAt(pc);
  const where = isCalled ? say`${at}, called from ${symbols.describe(lr)}` : at;
  const did = what(record, memories, boardName);
  const sentence = record.lockup
    ? say`${exception}: ${did}, ${where}; the ${exception} handler could not run, the core locked up.`
    : say`${exception}: ${did}, ${where}.`;
  return {
    sentence,
    message: english(sentence),
    isSemihosting: cause.reason.kind === 'breakpoint' && cause.reason.number === SEMIHOSTING,
    pc,
    address: cause.address,
    registers,
  };
}

function what(record: FaultRecord, memories: readonly MemoryView[], boardName: string): Sentence {
  const { cause, registers } = record;
  const { reason } = cause;
  const address = cause.address ?? 0;
  switch (reason.kind) {
    case 'bus': {
      const where = hex(address);
      const did =
        reason.access === 'read'
          ? say`a read of ${bytes(reason.size)} at ${where}`
          : say`a write of ${bytes(reason.size)} at ${where}`;
      if (reason.why !== undefined) return say`${did}: ${reason.why}`;
      return say`${did}, outside every memory and peripheral of the ${boardName}`;
    }
    case 'unaligned': {
      const where = hex(address);
      const did =
        reason.access === 'read'
          ? say`an unaligned read of ${bytes(reason.size)} at ${where}`
          : say`an unaligned write of ${bytes(reason.size)} at ${where}`;
      return say`${did} (this core needs multiples of ${reason.size})`;
    }
    case 'fetch': {
      const data = memories.some((m) => (address - m.origin) >>> 0 < m.size);
      return data
        ? say`a jump to ${hex(address)}, which cannot be executed`
        : say`a jump to ${hex(address)}, where the ${boardName} has no memory`;
    }
    case 'undefined': {
      const wide = reason.instruction > 0xffff;
      return say`an instruction this core does not have (${hex(reason.instruction, wide ? 8 : 4)})`;
    }
    case 'arm-state':
      return say`a branch to ${hex(address)} with bit 0 clear, which asks for Arm state (this core has Thumb only)`;
    case 'breakpoint':
      if (reason.number === SEMIHOSTING)
        return say`a semihosting call (BKPT 0xAB) without a debugger to answer it`;
      return say`a breakpoint instruction (BKPT ${reason.number}) without a debugger, such as a failed assert`;
    case 'svc':
      return say`an SVC ${reason.number} where its handler cannot run (interrupts masked, or a handler of its priority)`;
    case 'exception-return':
      return say`a return from an exception with ${hex(reason.value)}, which is no such value here`;
    case 'stacking':
      return say`an exception could not save its registers: the stack pointer ${hex(registers['sp']!)} is outside RAM`;
    case 'vector':
      return reason.exception === 1
        ? say`a reset vector (${hex(address)}) that is no Thumb address`
        : say`exception ${reason.exception} has the handler ${hex(address)}, which is no Thumb address`;
  }
}

function bytes(count: number): Sentence {
  return count === 1 ? say`1 byte` : say`${count} bytes`;
}
