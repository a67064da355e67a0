import {
  type BoardData,
  type BspData,
  type ConsoleData,
  dataRam,
  type RegisterStep,
} from '../board/catalogue.ts';
import { largest } from '../common/lists.ts';

/** Cortex-M0+ parts have up to 32 interrupts after the core's 16 vectors. */
const VECTOR_BYTES = (16 + 32) * 4;

/** How a kind of UART receives (reference manuals, the registers' fields); `data`: offset of a register of its own for it. */
const RECEIVERS: Readonly<Record<ConsoleData['type'], Receiver>> = {
  /** UARTx_S1: RDRF and OR, which reading D clears. */
  uart: { full: 0x20, overrun: 0x08, clearsByRead: true },
  /** LPUARTx_STAT: RDRF and OR, which is cleared by a 1. */
  lpuart: { full: 0x00200000, overrun: 0x00080000, clearsByRead: false },
  /** USARTx STAT: RXRDY and OVERRUNINT, which is cleared by a 1; RXDAT. */
  miniusart: { full: 0x01, overrun: 0x100, clearsByRead: false, data: 0x14 },
};

interface Receiver {
  readonly full: number;
  readonly overrun: number;
  readonly clearsByRead: boolean;
  readonly data?: number;
}

/**
 * Values for templates/bsp from a simulated board's data.
 * @param receives the console also takes bytes
 */
export function bspView(board: BoardData, bsp: BspData, stackBytes: number, receives = false): object {
  const { console } = board;
  const config = bsp.flashConfig;
  const configLength = config.bytes.split(' ').length;
  const textOrigin = config.address + configLength;
  const extra = [bsp.clockSelect?.register, bsp.flashAccess?.register].filter((r) => r !== undefined);
  return {
    board,
    receiver: receives && 'type' in console && receiverOf(console),
    ram: dataRam(board),
    stackBytes,
    clockFunction: clockFunction(board),
    vectorBytes: VECTOR_BYTES,
    lowOrigin: board.flash.origin + VECTOR_BYTES,
    lowLength: bsp.lowFlashEnd - VECTOR_BYTES,
    lowFunctions: lowFunctions(bsp.lowFlashEnd - VECTOR_BYTES),
    textOrigin,
    textLength: board.flash.size - textOrigin,
    bsp: {
      vectorChecksum: bsp.vectorChecksum ?? false,
      clockSelect: bsp.clockSelect ?? false,
      flashAccess: bsp.flashAccess ?? false,
      flashConfig: {
        ...config,
        length: configLength,
        what: configLength === 4 ? 'the code read protection word' : 'the flash configuration field',
        initializer: config.bytes
          .split(' ')
          .map((byte) => `0x${byte}`)
          .join(', '),
      },
      watchdog: bsp.watchdog.map(statement),
      watchdogRegisters: registers(bsp, bsp.watchdog),
      pins: bsp.pins.map(statement),
      pinsRegisters: registers(bsp, bsp.pins),
      clock: bsp.clock.map(statement),
      clockRegisters: registers(bsp, bsp.clock, extra),
      console: bsp.console.map(statement),
      consoleRegisters: registers(bsp, bsp.console),
    },
  };
}

/** The registers and bits by which a console receives. */
function receiverOf({ type, base, data }: ConsoleData): Receiver {
  const receiver = RECEIVERS[type];
  return { ...receiver, data: receiver.data === undefined ? data : base + receiver.data };
}

/** Functions for the gap after the vectors: as many as fit with a tenth of it to spare for other compiler versions. */
function lowFunctions(gap: number): string[] {
  const always = ['*_Handler', 'BOARD_*', 'CLOCK_*', 'DbgConsole_put*', 'DbgConsole_Putchar'];
  return gap > 700 ? [...always, 'DbgConsole_Printf', 'get_time_in_us', 'divide'] : always;
}

/** The boot clock function that main() calls on this board. */
function clockFunction(board: BoardData): string {
  const call = board.init.calls.find((c) => /^BOARD_(InitBootClocks|BootClock\w+)\(\)$/.test(c));
  if (!call) throw new Error(`${board.id}: init.calls has no boot clock function`);
  return call.slice(0, -2);
}

function registers(bsp: BspData, steps: readonly RegisterStep[], extra: readonly string[] = []): object[] {
  const names = [...new Set([...steps.map(registerOf).filter((n) => n !== undefined), ...extra])];
  const width = largest(
    names.map((n) => n.length),
    0,
  );
  return names.map((name) => {
    const register = bsp.registers[name];
    if (!register) throw new Error(`register ${name} is not listed`);
    return { padded: name.padEnd(width), ...register };
  });
}

function registerOf(step: RegisterStep): string | undefined {
  return step.write ?? step.set ?? step.clear ?? step.poll;
}

/** One step as an indented C statement, with its reason for the comment above it. */
function statement(step: RegisterStep): { why: string; statement: string } {
  const hex = (n = 0): string => `0x${n.toString(16).toUpperCase()}U`;
  const { why } = step;
  if (step.write) return { why, statement: `${step.write} = ${hex(step.value)};` };
  if (step.set) return { why, statement: `${step.set} |= ${hex(step.value)};` };
  if (step.clear) return { why, statement: `${step.clear} &= ~${hex(step.value)};` };
  if (step.poll) {
    const condition = `(${step.poll} & ${hex(step.mask)}) != ${hex(step.equals)}`;
    return { why: `wait ${why}`, statement: `while (${condition})\n    {\n    }` };
  }
  if (step.call !== undefined) {
    return { why, statement: `((void (*)(uint32_t))${hex(step.call)})(${step.argument}U);` };
  }
  const loop = `for (uint32_t i = 0; i < ${step.delay}U; i++)\n    {\n        __asm volatile("nop");\n    }`;
  return { why: `wait ${why}`, statement: loop };
}
