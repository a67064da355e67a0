import type { Mcu } from '../machine/mcu.ts';
import { K32L2B31 } from './k32l2b31.ts';

/** What the boot code of MCXC444VLH's boards waits for: clocks and console as K32L2B31 has them, by the headers of both. */
export const MCXC444: Mcu = { ...K32L2B31, partNumber: 'MCXC444VLH' };
