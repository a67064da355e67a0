import type { Board } from '../../board/board.ts';

/** The cores that the simulator has, as boards name them. Apart from the cores themselves, which are large. */
const CORE_NAMES = ['cortex-m0plus'] as const satisfies readonly Board['core'][];

export type CoreName = (typeof CORE_NAMES)[number];

export function isCoreName(name: Board['core']): name is CoreName {
  return CORE_NAMES.some((known) => known === name);
}
