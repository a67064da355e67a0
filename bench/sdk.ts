/*
 * The example network in firmware on NXP's SDK, beside AN13438's Table 2: the table of docs/sdk.md.
 *
 *   GLOWPORT_SDK=~/mcux-sdk node --import tsx bench/sdk.ts
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { boards } from '../extension/board/catalogue.ts';
import { UserError } from '../extension/common/error.ts';
import { productRoot } from '../extension/common/resources.ts';
import { isSimulated } from '../extension/simulator/boards/boards.ts';
import { DEFAULT_CHOICES } from '../extension/workflow/choices/choices.ts';
import { port } from '../extension/workflow/port/port.ts';

const example = path.join(productRoot, 'examples/mnist');
const folder = await mkdtemp(path.join(tmpdir(), 'glowport-bench-'));
const grouped = (n: number): string => n.toLocaleString('en');
try {
  console.log('| board | flash (note) | RAM (note) | stack | simulated time (note) |');
  console.log('| --- | --- | --- | --- | --- |');
  for (const board of boards()) {
    const note = board.an13438;
    const beside = (n: number | undefined): string => (n === undefined ? '' : ` (${grouped(n)})`);
    try {
      const { firmware, run } = await port(
        {
          ...DEFAULT_CHOICES,
          model: path.join(example, 'mnist.onnx'),
          board: board.id,
          samples: [path.join(example, 'calibration')],
          input: path.join(example, 'samples/0000_7.png'),
          sdk: 'auto',
          run: isSimulated(board) ? 'sim' : 'none',
          out: path.join(folder, board.id),
        },
        {},
        { fitAll: false },
      );
      const noteUs = note && Math.round((note.cycles * 1e6) / board.coreClockHz);
      const time = run
        ? `${grouped(run.report.timeUs ?? 0)} us${noteUs ? ` (${grouped(noteUs)})` : ''}`
        : 'not simulated';
      console.log(
        `| ${board.name} | ${grouped(firmware.flashBytes)}${beside(note?.flashBytes)} | ${grouped(firmware.ramBytes)}${beside(note?.ramBytes)} | ${run ? grouped(run.simulation.stackBytes) : ''} | ${time} |`,
      );
    } catch (e) {
      if (!(e instanceof UserError)) throw e;
      console.log(`| ${board.name} | does not fit: ${e.message} | | | |`);
    }
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}
