import type { DebugRegister } from '../../simulator/machine/debugPort.ts';
import type { Machine } from '../../simulator/machine/machine.ts';

/** What somebody outside does to a machine; everything else follows from its firmware. */
export type Change =
  | { readonly kind: 'uart'; readonly bytes: Uint8Array }
  | { readonly kind: 'memory'; readonly address: number; readonly bytes: Uint8Array }
  | { readonly kind: 'register'; readonly register: DebugRegister; readonly value: number }
  | { readonly kind: 'reset' };

/** @throws UserError `input` for memory where nothing can be written */
export function make(change: Change, machine: Machine): void {
  switch (change.kind) {
    case 'uart':
      machine.send(change.bytes);
      break;
    case 'memory':
      machine.debugPort.write(change.address, change.bytes);
      break;
    case 'register':
      machine.debugPort.writeRegister(change.register, change.value);
      break;
    case 'reset':
      machine.reset();
  }
}

/** Bytes that remembering a change takes, about. */
export function sizeOf(change: Change): number {
  return 64 + ('bytes' in change ? change.bytes.length : 0);
}
