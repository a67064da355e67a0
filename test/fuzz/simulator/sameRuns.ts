import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import type { Image } from '../../../extension/simulator/firmware/image.ts';
import { Machine } from '../../../extension/simulator/machine/machine.ts';

/** Cycles that a case runs at most. */
const CYCLES = 200_000;

/**
 * Runs firmware that nobody vouches for: it ends with one of its reasons, inside of its memories; and it is the same run when
 * waiting loops are executed instead of skipped, and when cycles are counted by function.
 */
export function sameRuns(boardId: string, image: Image | Uint8Array, input: Uint8Array): void {
  const usual = ran(boardId, image, input, () => undefined);
  const stepped = ran(boardId, image, input, (machine) => (machine.skipWaiting = false));
  // when it is noticed that it waits depends on when somebody looks
  assert.deepEqual({ ...stepped, since: 0 }, { ...usual, since: 0 }, 'waiting loops executed');
  const profiled = ran(boardId, image, input, (machine) => {
    machine.startProfile();
  });
  assert.deepEqual(profiled, usual, 'cycles counted by function');
}

function ran(boardId: string, image: Image | Uint8Array, input: Uint8Array, prepare: (m: Machine) => void) {
  const machine = new Machine(boardId);
  machine.load(image);
  prepare(machine);
  const printed: [byte: number, timeUs: number][] = [];
  machine.onUart = (byte, timeUs) => printed.push([byte, timeUs]);
  machine.send(input);
  const stop = machine.run(CYCLES);
  const { cycles, instructions, stackBytes, fault } = machine;
  const ram = machine.board.memories.find((m) => m.kind === 'ram')!;
  assert.ok(cycles >= 0 && stackBytes >= 0 && stackBytes <= ram.size, `${stackBytes} bytes of stack`);
  if (stop === 'fault') assert.match(fault!.message, /^HardFault: .*\.$/);
  const memory = createHash('sha256').update(machine.readMemory(ram.origin, ram.size)).digest('hex');
  // at the limit, or where it began to wait
  const since = stop === 'idle' ? machine.idleSince : { cycles, instructions };
  return { stop, since, stackBytes, fault: fault?.message, printed, memory };
}
