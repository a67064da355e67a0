import assert from 'node:assert/strict';
import { simulatedBoards } from '../../extension/simulator/boards/boards.ts';
import { Machine } from '../../extension/simulator/machine/machine.ts';
import { Random } from './randomInstructions.ts';

/* Firmware is not trusted: whatever its bytes are, a run ends with one of its reasons and inside its memories. */

describe('simulator: random bytes as firmware', () => {
  for (const { id, coreClockHz, memories, peripherals, console } of simulatedBoards()) {
    it(`${id} survives them`, () => {
      const random = new Random(coreClockHz + id.length);
      const flash = memories.find((m) => m.kind === 'flash')!;
      const ram = memories.find((m) => m.kind === 'ram')!;
      const bases = [...peripherals.map((p) => p.origin), console!.base, 0xe000e000, 0xe000ed00, ram.origin];
      const stops = new Set<string>();
      for (let round = 0; round < 60; round++) {
        const bytes = Buffer.alloc(Math.min(flash.size, 4096));
        for (let at = 0; at < bytes.length; at += 2) bytes.writeUInt16LE(random.next() >>> 16, at);
        // literals that reach peripherals make it more interesting
        for (let at = 0; at < bytes.length; at += 64) {
          bytes.writeUInt32LE((bases[random.below(bases.length)]! + random.below(64)) >>> 0, at);
        }
        bytes.writeUInt32LE(ram.origin + ram.size, 0);
        for (let vector = 1; vector < 48; vector++) {
          bytes.writeUInt32LE((192 + 2 * random.below(1900)) | 1, 4 * vector);
        }
        // half of them step over what faults: ldr r1, [sp, #24]; adds r1, #2; str r1, [sp, #24]; bx lr
        if (round % 2) {
          [0x9906, 0x3102, 0x9106, 0x4770].forEach((halfword, i) =>
            bytes.writeUInt16LE(halfword, 194 + 2 * i),
          );
          bytes.writeUInt32LE(195, 12);
        }
        const machine = new Machine(id);
        machine.load(bytes);
        if (round % 3 === 0) machine.startProfile();
        machine.send(bytes.subarray(0, 16));
        const stop = machine.run(50_000);
        stops.add(stop);
        assert.ok(machine.cycles >= 0 && machine.stackBytes >= 0 && machine.stackBytes <= ram.size);
        if (stop === 'fault') assert.match(machine.fault!.message, /^HardFault: .*\.$/);
      }
      assert.ok(stops.has('fault') && stops.size >= 2, [...stops].join());
    });
  }
});
