import type { Task } from '../bundle/bundle.ts';

/** What the network answers; `auto` is told from the model. */
export const TASKS = ['auto', 'classify', 'regress', 'anomaly', 'raw'] as const satisfies readonly (
  Task | 'auto'
)[];
export type TaskChoice = (typeof TASKS)[number];

/** Where constants are while the network runs: read in place from flash, or copied to RAM at start. */
export const WEIGHT_PLACES = ['flash', 'ram'] as const;
export type WeightPlace = (typeof WEIGHT_PLACES)[number];

/**
 * How firmware prints: on the board's UART through the SDK's debug console, or by semihosting, through the debugger, with the
 * C library's printf.
 */
export const CONSOLES = ['uart', 'semihost'] as const;
export type ConsoleKind = (typeof CONSOLES)[number];
