import assert from 'node:assert/strict';
import { Machine } from '../../extension/simulator/machine/machine.ts';

/** Runs firmware on a simulated board until it waits for ever and returns what it printed. */
export function runFirmware(
  boardId: string,
  elf: Uint8Array,
  patch?: { symbol: string; bytes: Uint8Array },
): string {
  const machine = new Machine(boardId);
  machine.load(elf);
  if (patch) machine.writeMemory(machine.symbol(patch.symbol).address, patch.bytes);
  let text = '';
  machine.onUart = (byte) => (text += String.fromCharCode(byte));
  assert.equal(machine.run(), 'idle', machine.fault?.message);
  return text;
}
