import type { Bus } from '../machine/bus.ts';
import type { Clock } from '../machine/clock.ts';
import { Armv6mCore } from './armv6m/core.ts';
import type { Core } from './core.ts';
import type { CoreName } from './names.ts';

/** Makes a core that takes its place on a bus and at a clock; see {@link Armv6mCore}. */
type MakeCore = (bus: Bus, clock: Clock, sysTickDivider: number) => Core;

const makers: Readonly<Record<CoreName, MakeCore>> = {
  'cortex-m0plus': (bus, clock, sysTickDivider) => new Armv6mCore(bus, clock, sysTickDivider),
};

/** @param sysTickDivider core cycles a SysTick tick with CLKSOURCE = 0 */
export function makeCore(name: CoreName, bus: Bus, clock: Clock, sysTickDivider: number): Core {
  return makers[name](bus, clock, sysTickDivider);
}
