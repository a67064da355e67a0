import type { Board } from '../../board/board.ts';
import type { Bus } from '../machine/bus.ts';
import type { Clock } from '../machine/clock.ts';
import { Armv6mCore } from './armv6m/core.ts';
import type { Core } from './core.ts';

/** Makes a core that takes its place on a bus and at a clock; see {@link Armv6mCore}. */
type MakeCore = (bus: Bus, clock: Clock, sysTickDivider: number) => Core;

const makers = {
  'cortex-m0plus': (bus, clock, sysTickDivider) => new Armv6mCore(bus, clock, sysTickDivider),
} satisfies Partial<Record<Board['core'], MakeCore>>;

/** A core the simulator has, as boards name it. */
export type CoreName = keyof typeof makers;

export function isCoreName(name: Board['core']): name is CoreName {
  return name in makers;
}

/** @param sysTickDivider core cycles a SysTick tick with CLKSOURCE = 0 */
export function makeCore(name: CoreName, bus: Bus, clock: Clock, sysTickDivider: number): Core {
  return makers[name](bus, clock, sysTickDivider);
}
