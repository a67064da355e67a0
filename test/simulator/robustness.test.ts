import assert from 'node:assert/strict';
import { Machine } from '../../extension/simulator/machine/machine.ts';
import { oneOfEachConsole } from './consoles.ts';
import { randomFirmware } from './randomFirmware.ts';
import { Random } from './randomInstructions.ts';

/* Firmware is not trusted: whatever its bytes are, a run ends with one of its reasons and inside its memories. */

describe('simulator: random bytes as firmware', () => {
  for (const board of oneOfEachConsole) {
    const { id, coreClockHz, memories } = board;
    it(`${id} survives them`, () => {
      const random = new Random(coreClockHz + id.length);
      const ram = memories.find((m) => m.kind === 'ram')!;
      const stops = new Set<string>();
      for (let round = 0; round < 60; round++) {
        const bytes = randomFirmware(board, random, round % 2 === 1);
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
