import { type ConsoleData, consoleRegisters, findBoard } from '../../extension/board/catalogue.ts';
import { buildElf } from './assemble.ts';

/** How a console is used, as C expressions and statements; written after the reference manuals. */
interface ConsoleCode {
  readonly ready: string;
  readonly complete: string;
  readonly data: string;
  readonly received: string;
  readonly receive: string;
  /** Lets the receiver interrupt. */
  readonly receiveInterrupt: string;
  /** Let the transmitter interrupt while it takes a byte, and not. */
  readonly transmitInterrupt: string;
  readonly transmitInterruptOff: string;
}

const consoleCode: Readonly<Record<ConsoleData['type'], (console: ConsoleData) => ConsoleCode>> = {
  uart: ({ base }) => ({
    ready: `R8(${base + 4}) & 0x80`,
    complete: `R8(${base + 4}) & 0x40`,
    data: `R8(${base + 7})`,
    received: `R8(${base + 4}) & 0x20`,
    receive: `R8(${base + 7})`,
    receiveInterrupt: `R8(${base + 3}) |= 0x20`,
    transmitInterrupt: `R8(${base + 3}) |= 0x80`,
    transmitInterruptOff: `R8(${base + 3}) &= ~0x80`,
  }),
  // STAT, CTRL and DATA follow each other, whatever stands before them
  lpuart: ({ status }) => ({
    ready: `R32(${status}) & 0x00800000`,
    complete: `R32(${status}) & 0x00400000`,
    data: `R32(${status + 8})`,
    received: `R32(${status}) & 0x00200000`,
    receive: `R32(${status + 8})`,
    receiveInterrupt: `R32(${status + 4}) |= 0x00200000`,
    transmitInterrupt: `R32(${status + 4}) |= 0x00800000`,
    transmitInterruptOff: `R32(${status + 4}) &= ~0x00800000`,
  }),
  miniusart: ({ base }) => ({
    ready: `R32(${base + 8}) & 4`,
    complete: `R32(${base + 8}) & 8`,
    data: `R32(${base + 0x1c})`,
    received: `R32(${base + 8}) & 1`,
    receive: `R32(${base + 0x14})`,
    receiveInterrupt: `R32(${base + 0xc}) = 1`,
    transmitInterrupt: `R32(${base + 0xc}) = 4`,
    transmitInterruptOff: `R32(${base + 0x10}) = 4`,
  }),
};

/** KE02 and KE04: crystal, FLL engaged external, UART at 20 MHz / 16 / 11. */
const ics = (gate: number, base: number): string => `
  R16(0x40052002) = 0x20C5; R16(0x40052002) = 0x28D9; R16(0x40052004) = 0xFFFF; R8(0x40052000) = 0x20;
  R8(0x40065000) = 0x94; while (!(R8(0x40065000) & 1)) {}
  R8(0x40064000) = 0x18; R8(0x40064001) = 0;
  while (R8(0x40064004) & 0x10) {}
  while (R8(0x40064004) & 0x0C) {}
  while (!(R8(0x40064004) & 0x40)) {}
  R32(0x4004800C) |= ${gate};
  R8(${base}) = 0; R8(${base + 1}) = 11; R8(${base + 2}) = 0; R8(${base + 3}) = 0x0C;`;

/**
 * KE1xZ: crystal, LPFLL at 48 or 72 MHz, LPUART at 8 MHz / 23 / 3.
 * @param lpfll LPFLLCFG: 0 for 48 MHz, 1 for 72
 * @param divider bus and flash clock: the core's divided by one more
 * @param gate the LPUART's in PCC
 */
const scg = (lpfll: number, divider: number, gate: number, base: number): string => `
  R32(0x40052004) = 0xD928C520; R32(0x40052008) = 0xFFFF; R32(0x40052000) = 0x20;
  R32(0x40064108) = 0x24; R32(0x40064104) = 0x100; R32(0x40064100) = 1; while (!(R32(0x40064100) & 0x01000000)) {}
  R32(0x40064200) = 1; while (!(R32(0x40064200) & 0x01000000)) {}
  R32(0x40064014) = 0x02000003; while ((R32(0x40064010) & 0x0F000000) != 0x02000000) {}
  while (R32(0x40064300) & 0x02000000) {}
  R32(0x40064300) = 1; while (!(R32(0x40064300) & 0x01000000)) {}
  R32(0x40064508) = ${lpfll}; R32(0x40064500) = 1; while (!(R32(0x40064500) & 0x01000000)) {}
  R32(0x40064014) = 0x0500000${divider}; while ((R32(0x40064010) & 0x0F000000) != 0x05000000) {}
  if (!(R32(${gate}) & 0x80000000)) __builtin_trap();
  R32(${gate}) = 0x41000000;
  R32(${base + 8}) = 2; R32(${base + 8}) = 0;
  R32(${base + 16}) = 0x16000003; R32(${base + 0x28}) |= 0x88; R32(${base + 0x18}) = 0x000C0000;`;

/** K32 L2B and MCX C: internal oscillator, LPUART0 at 48 MHz / 32 / 13. */
const mcgLite = `
  R32(0x40048100) = 0;
  R8(0x40064001) = 1; R8(0x40064018) = 0x80; R8(0x40064000) = 0x02; while (R8(0x40064006) & 0x0C) {}
  R32(0x40048038) |= 1 << 20; R32(0x40048004) = 0x04000000;
  R32(0x40054000) = 0x1F00000D; R32(0x40054008) = 0x000C0000;`;

/**
 * LPC8xx: free running oscillator by the boot ROM's function, USART at the main clock.
 * @param rom the function's address as Thumb
 * @param kHz the highest of three frequencies; the others are 0.8 and 0.6 times that
 */
const fro = (rom: number, kHz: number, osr: number, brg: number): string => `
  ((void (*)(unsigned))${rom})(${kHz * 0.8});
  if ((R32(0x40048028) & 3) != 1) __builtin_trap();
  ((void (*)(unsigned))${rom})(${kHz * 0.6});
  if ((R32(0x40048028) & 3) != 0) __builtin_trap();
  ((void (*)(unsigned))${rom})(${kHz});
  if ((R32(0x40048028) & 3) != 2) __builtin_trap();
  R32(0x40048030) = 0; R32(0x40048030) = 1; while (!(R32(0x40048030) & 1)) {}
  R32(0x40048054) = 0; R32(0x40048054) = 1; while (!(R32(0x40048054) & 1)) {}
  R32(0x40048090) = 1; R32(0x40048080) |= 1 << 14;
  R32(0x40064028) = ${osr}; R32(0x40064020) = ${brg}; R32(0x40064000) = 5;
  R32(0xA0000000) = 1;`;

/**
 * C statements that bring clocks and console up, polling what the SDK's boot code polls. Written after the SDK and the
 * reference manuals, not after templates/boards: what is wrong there does not work here.
 */
export const bootCode: Readonly<Record<string, string>> = {
  frdmke02z40m: ics(0x200000, 0x4006b000),
  frdmke04z: ics(0x100000, 0x4006a000),
  frdmke15z: scg(1, 2, 0x400651ac, 0x4006b000),
  frdmke16z: scg(0, 1, 0x400651a8, 0x4006a000),
  frdmke17z: scg(1, 2, 0x400651a8, 0x4006a000),
  frdmk32l2b: mcgLite,
  frdmmcxc242: mcgLite,
  frdmmcxc444: mcgLite,
  frdmkv11z: `
  R16(0x4005200E) = 0xC520; R16(0x4005200E) = 0xD928; R16(0x40052000) = 0x01D2;
  R8(0x40065000) = 0x80; R8(0x40064001) = 0xA4; while (!(R8(0x40064006) & 2)) {}
  R8(0x40064003) = 0x20; R8(0x40064000) = 0x18;
  while (R8(0x40064006) & 0x10) {}
  while (R8(0x40064006) & 0x0C) {}
  if (R8(0x40064003) != 0x20) __builtin_trap();
  R8(0x40064001) &= ~1; while (R8(0x40064006) & 1) {}
  R32(0x40048034) |= 0x400;
  R8(0x4006A000) = 0; R8(0x4006A001) = 0x28; R8(0x4006A00A) = 0x16; R8(0x4006A013) = 0; R8(0x4006A015) = 1;
  R8(0x4006A010) |= 0x88; R8(0x4006A011) |= 0xC0; R8(0x4006A003) = 0x0C;`,
  lpc845breakout: fro(0x0f0026f5, 30000, 10, 283),
  lpcxpresso860max: fro(0x0f001b5d, 60000, 9, 624),
};

/**
 * Builds firmware for a board: vector table, start-up that copies .data and clears .bss, the board's `init()`, `put()`,
 * `print()`, and `int main(void)` from the caller. SysTick_Handler, HardFault_Handler and UART_Handler can be defined.
 * @param flags for the compiler, beside those of every build
 */
export function buildFirmware(boardId: string, main: string, flags: readonly string[] = []): Uint8Array {
  const board = findBoard(boardId);
  const { flash, ram } = board;
  const console = consoleRegisters(board);
  const code = consoleCode[console.type](console);
  const source = `
#define R8(a) (*(volatile unsigned char *)(a))
#define R16(a) (*(volatile unsigned short *)(a))
#define R32(a) (*(volatile unsigned *)(a))
#define RECEIVED (${code.received})
#define RECEIVE (${code.receive})
#define RECEIVE_INTERRUPT (${code.receiveInterrupt})
#define TRANSMIT_INTERRUPT (${code.transmitInterrupt})
#define TRANSMIT_INTERRUPT_OFF (${code.transmitInterruptOff})
#define DATA (${code.data})
#define INTERRUPT ${console.irq}
extern unsigned _stack[], _data[], _edata[], _sidata[], _bss[], _ebss[];
int main(void);
void Reset_Handler(void);
void SysTick_Handler(void), HardFault_Handler(void), UART_Handler(void);
__attribute__((section(".vectors"), used)) void *const vectors[48] = {
  [0] = _stack, [1] = Reset_Handler, [3] = HardFault_Handler, [15] = SysTick_Handler, [16 + INTERRUPT] = UART_Handler };
static void init(void) {${bootCode[boardId]!}
}
static void put(char c) { while (!(${code.ready})) {} ${code.data} = c; while (!(${code.complete})) {} }
static void print(const char *s) { while (*s) put(*s++); }
void Reset_Handler(void) {
  for (unsigned *p = _data, *q = _sidata; p < _edata;) *p++ = *q++;
  for (unsigned *p = _bss; p < _ebss;) *p++ = 0;
  main();
  for (;;) {}
}
${main}`;
  const defaults = `
__attribute__((weak)) void SysTick_Handler(void) {}
__attribute__((weak, naked)) void HardFault_Handler(void) { __asm volatile("ldr r0, =HardFault_Handler\\nbx r0"); }
__attribute__((weak)) void UART_Handler(void) { for (;;) {} }`;
  const script = `
MEMORY { FLASH (rx) : ORIGIN = ${flash.origin}, LENGTH = ${flash.size}  RAM (rwx) : ORIGIN = ${ram[0]!.origin}, LENGTH = ${ram[0]!.size} }
ENTRY(Reset_Handler)
SECTIONS {
  .text : { KEEP(*(.vectors)) *(.text*) *(.rodata*) . = ALIGN(4); } > FLASH
  _sidata = LOADADDR(.data);
  .data : { _data = .; *(.data*) . = ALIGN(4); _edata = .; } > RAM AT > FLASH
  .bss : { _bss = .; *(.bss*) *(COMMON) . = ALIGN(4); _ebss = .; } > RAM
  _stack = ORIGIN(RAM) + LENGTH(RAM);
}`;
  return buildElf({ 'main.c': source, 'defaults.c': defaults, 'board.ld': script }, [
    '-fno-tree-loop-distribute-patterns',
    ...flags,
  ]);
}
