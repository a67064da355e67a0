import { Debuggee } from '../../extension/debug/target/debuggee.ts';
import type { Running, Stop } from '../../extension/debug/target/stop.ts';
import { Machine } from '../../extension/simulator/machine/machine.ts';

/** Runs without pauses until it stops. @param mostSlices after which somebody interrupts */
export function finish(debuggee: Debuggee, running: Running, mostSlices = 10_000): Stop {
  for (let slices = 0; ; slices++) {
    const { done, value } = running.next();
    if (done) return value;
    if (slices >= mostSlices) debuggee.interrupt();
  }
}

/** A board under a debugger, with what its firmware prints. */
export function debugged(
  boardId: string,
  firmware: Uint8Array,
  history?: { interval: number; mostBytes: number },
): { readonly debuggee: Debuggee; readonly machine: Machine; readonly printed: () => string } {
  const machine = new Machine(boardId);
  machine.load(firmware);
  machine.startSemihosting();
  let text = '';
  const debuggee = new Debuggee(machine, (byte) => (text += String.fromCharCode(byte)), history);
  return { debuggee, machine, printed: () => text };
}
