import type { Mcu } from '../machine/mcu.ts';

/* What LPC8xx parts share (user manuals and SDK headers). */

const BOOT_ROM = 0x0f000000;

/**
 * The boot ROM's function that sets the free running oscillator, called by the SDK with one of three frequencies (kHz) in r0:
 * our own code, which writes 0, 1 or 2 to FROOSCCTRL.FRO_FREQ.
 * @param middle the second of them
 */
const setFroFrequency = (middle: number): readonly number[] => [
  0x680a4906, // ldr r1, =FROOSCCTRL;  ldr r2, [r1]
  0x00920892, // lsrs r2, r2, #2;      lsls r2, r2, #2
  0x42984b05, // ldr r3, =middle;      cmp r0, r3
  0x3201d303, // blo store;            adds r2, #1
  0xd0004298, // cmp r0, r3;           beq store
  0x600a3201, // adds r2, #1;   store: str r2, [r1]
  0x46c04770, // bx lr;                nop
  0x40048028, // FROOSCCTRL
  middle,
];

/**
 * What the boot code of such a part's boards needs: the free running oscillator and the ROM's function for it.
 * @param fro where that function lies (a multiple of 4; the SDK calls it as Thumb), and the middle of its frequencies in kHz
 * @param ramEnd first address behind the RAM, whose last 32 bytes the SDK's linker script leaves to the boot ROM's functions
 */
export function lpc8xx(partNumber: string, fro: { address: number; middle: number }, ramEnd: number): Mcu {
  return {
    partNumber,
    memories: [
      { name: 'RAM of the boot ROM', origin: ramEnd - 32, size: 32, kind: 'ram' },
      {
        name: 'boot ROM',
        origin: BOOT_ROM,
        size: 0x4000,
        kind: 'rom',
        content: new Map(setFroFrequency(fro.middle).map((word, i) => [fro.address + 4 * i, word])),
      },
    ],
    peripherals: [
      { origin: 0x40000000, size: 0x80000 }, // APB
      { origin: 0x50000000, size: 0x14000 }, // AHB: CRC, SCT or FTM, DMA, MTB, FAIM
      { origin: 0xa0000000, size: 0x8000 }, // GPIO and pin interrupts
    ],
    registers: [{ name: 'FROOSCCTRL', address: 0x40048028, width: 32, reset: 0x8801 }],
    uarts: {
      USART0: {
        fifo: 1,
        gate: {
          name: 'SYSAHBCLKCTRL0[UART0]',
          address: 0x40048080,
          mask: 1 << 14,
          whenOff: 'ignored',
        },
      },
    },
    sysTickDivider: 2,
  };
}
