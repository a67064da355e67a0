import { lpc8xx } from './lpc8xx.ts';

/** LPC865M201JBD64: 36, 48 or 60 MHz. */
export const lpc865m201 = lpc8xx('LPC865M201JBD64', { address: 0x0f001b5c, middle: 48000 }, 0x10002000);
