import type { FaultCause } from '../../simulator/cores/coreFault.ts';
import type { Stop } from '../target/stop.ts';
import { registerHex } from './hex.ts';

/** Numbers of signals as the protocol has them. */
const SIGNAL = { int: 2, ill: 4, trap: 5, bus: 10, segv: 11 } as const;

const FAULT_SIGNALS: Readonly<Record<FaultCause['kind'], number>> = {
  bus: SIGNAL.segv,
  unaligned: SIGNAL.bus,
  fetch: SIGNAL.segv,
  undefined: SIGNAL.ill,
  'arm-state': SIGNAL.ill,
  breakpoint: SIGNAL.trap,
  svc: SIGNAL.ill,
  'exception-return': SIGNAL.segv,
  stacking: SIGNAL.segv,
  vector: SIGNAL.segv,
};

const WATCH_NAMES = { write: 'watch', read: 'rwatch', any: 'awatch' } as const;

/**
 * The packet that tells why the target stands.
 * @param isHardware whether the breakpoint where it stands was asked for as one in hardware
 * @param sp, pc what every debugger asks for next
 */
export function stopReply(
  stop: Stop,
  { isHardware, sp, pc }: { readonly isHardware: boolean; readonly sp: number; readonly pc: number },
): string {
  const common = `thread:1;0d:${registerHex(sp)};0f:${registerHex(pc)};`;
  const reply = (signal: number, why = ''): string =>
    `T${signal.toString(16).padStart(2, '0')}${why}${common}`;
  switch (stop.kind) {
    case 'step':
    case 'exited':
    case 'compared':
      return reply(SIGNAL.trap);
    case 'interrupt':
      return reply(SIGNAL.int);
    case 'breakpoint':
      return reply(SIGNAL.trap, isHardware ? 'hwbreak:;' : 'swbreak:;');
    case 'watchpoint':
      return reply(SIGNAL.trap, `${WATCH_NAMES[stop.watchpoint.access]}:${stop.address.toString(16)};`);
    case 'fault':
      return reply(FAULT_SIGNALS[stop.cause.kind]);
    case 'begin':
      return reply(SIGNAL.trap, 'replaylog:begin;');
  }
}
