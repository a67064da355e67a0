import type { Timestamps } from '../../../webview/shared/messages/monitor.ts';

const TIMESTAMPS: readonly [Timestamps, ...Timestamps[]] = ['off', 'absolute', 'relative', 'delta'];

/** A kind of time stamps from settings, memory or a page; once there was but on and off. Undefined when it is none. */
export function asTimestamps(value: unknown): Timestamps | undefined {
  if (typeof value === 'boolean') return value ? 'absolute' : 'off';
  return TIMESTAMPS.find((t) => t === value);
}
