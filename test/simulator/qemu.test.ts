import { spawnSync } from 'node:child_process';
import { comparePrograms, PROGRAMS, STEPS_A_PROGRAM } from './qemuPrograms.ts';

describe('simulator: differential run against QEMU', () => {
  before(function () {
    if (!spawnSync('qemu-system-arm', ['--version']).error) return;
    console.log('      qemu-system-arm is not installed: skipped (apt-get install qemu-system-arm)');
    this.skip();
  });

  for (const seed of [1, 2]) {
    it(`agrees on ${PROGRAMS} random programs of ${STEPS_A_PROGRAM} steps (seed ${seed})`, () => {
      comparePrograms(seed);
    });
  }
});
