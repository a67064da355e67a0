import type { Mcu } from '../machine/mcu.ts';

/**
 * The boot ROM's function that sets the free running oscillator, called at 0x0F0026F5 by the SDK with 18000, 24000 or
 * 30000 (kHz) in r0: our own code, which writes 0, 1 or 2 to FROOSCCTRL.FRO_FREQ.
 */
const SET_FRO_FREQUENCY: readonly number[] = [
  0x680a4906, // ldr r1, =FROOSCCTRL;  ldr r2, [r1]
  0x00920892, // lsrs r2, r2, #2;      lsls r2, r2, #2
  0x42984b05, // ldr r3, =24000;       cmp r0, r3
  0x3201d303, // blo store;            adds r2, #1
  0xd0004298, // cmp r0, r3;           beq store
  0x600a3201, // adds r2, #1;   store: str r2, [r1]
  0x46c04770, // bx lr;                nop
  0x40048028, // FROOSCCTRL
  24000,
];

/** What the boot code of LPC845M301JBD48's boards needs: the free running oscillator and the ROM's function for it. */
export const lpc845m301: Mcu = {
  partNumber: 'LPC845M301JBD48',
  memories: [
    // the last 32 bytes of RAM, which the SDK's linker script leaves to the boot ROM's functions
    { name: 'RAM of the boot ROM', origin: 0x10003fe0, size: 32, kind: 'ram' },
    {
      name: 'boot ROM',
      origin: 0x0f000000,
      size: 0x4000,
      kind: 'rom',
      content: new Map(SET_FRO_FREQUENCY.map((word, i) => [0x0f0026f4 + 4 * i, word])),
    },
  ],
  peripherals: [
    { origin: 0x40000000, size: 0x80000 }, // APB
    { origin: 0x50000000, size: 0x14000 }, // AHB: CRC, SCT, DMA, MTB, FAIM
    { origin: 0xa0000000, size: 0x8000 }, // GPIO and pin interrupts
  ],
  registers: [{ name: 'FROOSCCTRL', address: 0x40048028, width: 32, reset: 0x8801 }],
  uarts: {
    USART0: {
      fifo: 1,
      gate: { name: 'SYSAHBCLKCTRL0[UART0]', address: 0x40048080, mask: 1 << 14, whenOff: 'ignored' },
    },
  },
  sysTickDivider: 2,
};
