import { lpc8xx } from './lpc8xx.ts';

/** LPC845M301JBD48: 18, 24 or 30 MHz. */
export const lpc845m301 = lpc8xx('LPC845M301JBD48', { address: 0x0f0026f4, middle: 24000 }, 0x10004000);
