import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { findBoard } from '../../extension/board/catalogue.ts';
import { run } from '../../extension/workflow/steps/run.ts';
import { buildFirmware } from '../simulator/firmware.ts';

/** Firmware that prints a report of so many classes, each with its number's last digit. */
const printing = (classes: number): string => `
static void number(unsigned n) { if (n > 9) number(n / 10); put('0' + n % 10); }
int main(void) {
  init();
  for (unsigned i = 0; i < ${classes}; i++) {
    print("class = "); number(i); print("\\r\\nConfidence = "); number(i % 10); print("\\r\\n");
  }
  print("Top1 class = 9 \\r\\nInference time = 7 (us)\\r\\n");
  return 0;
}`;

describe('workflow: a run', () => {
  let folder: string;
  before(async () => (folder = await mkdtemp(path.join(tmpdir(), 'glowport-run-'))));
  after(() => rm(folder, { recursive: true }));

  for (const [id, side] of [
    ['lpc845breakout', 28],
    ['frdmk32l2b', 80],
  ] as const) {
    it(`reads all of ${side} x ${side} values, however long ${id} prints`, async () => {
      const classes = side * side;
      const firmware = path.join(folder, `${id}.elf`);
      await writeFile(firmware, buildFirmware(id, printing(classes)));
      const { report, simulation } = await run({ board: findBoard(id), firmware });
      assert.deepEqual(
        report.confidences,
        Array.from({ length: classes }, (_, i) => ({ classIndex: i, value: i % 10 })),
      );
      assert.ok(simulation.cycles > 480e6);
    });
  }
});
