/** The microcontrollers the simulator can be, a line each. */
export { K32L2B31 } from './k32l2b31.ts';
export { lpc845m301 } from './lpc845m301.ts';
export { lpc865m201 } from './lpc865m201.ts';
export { MCXC242 } from './mcxc242.ts';
export { MCXC444 } from './mcxc444.ts';
export { MKE02Z64 } from './mke02z64.ts';
export { MKE04Z8 } from './mke04z8.ts';
export { mke15z256 } from './mke15z256.ts';
export { mke16z64 } from './mke16z64.ts';
export { mke17z256 } from './mke17z256.ts';
export { MKV11Z128 } from './mkv11z128.ts';
