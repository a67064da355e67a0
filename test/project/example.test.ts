import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { boards, findBoard } from '../../extension/board/catalogue.ts';
import { UserError } from '../../extension/common/error.ts';
import { productRoot } from '../../extension/common/resources.ts';
import { DEFAULT_CHOICES, type PortChoices } from '../../extension/workflow/choices/choices.ts';
import { port } from '../../extension/workflow/port/port.ts';

const example = path.join(productRoot, 'examples', 'mnist');

/** AN13438's network on the boards of its Table 2, and on the one that is too small. */
describe('example on the simulated boards', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'glowport-test-'));
  });
  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  const choices = (board: string): PortChoices => ({
    ...DEFAULT_CHOICES,
    model: path.join(example, 'mnist.onnx'),
    board,
    samples: [path.join(example, 'calibration')],
    input: path.join(example, 'samples', '0000_7.png'),
    out: path.join(folder, board),
    defines: { N: 1 },
  });

  for (const board of boards().filter((b) => b.an13438)) {
    it(`${board.name}: agrees with the PC in every bit, in less flash, RAM and time than the note`, async () => {
      const result = await port(choices(board.id), {}, { fitAll: false });
      assert.equal(result.comparison?.match, true);
      const { flashBytes, ramBytes, cycles } = board.an13438!;
      assert.ok(result.firmware.flashBytes < flashBytes, `${result.firmware.flashBytes} bytes of flash`);
      assert.ok(result.firmware.ramBytes < ramBytes, `${result.firmware.ramBytes} bytes of RAM`);
      assert.ok(result.run!.cycles! < cycles / 5, `${result.run!.cycles} cycles`);
    });
  }

  it('FRDM-KE04Z: refused before the build, with the number of bytes', async () => {
    const board = findBoard('frdmke04z');
    await assert.rejects(
      port(choices(board.id), {}, { fitAll: false }),
      (e: unknown) =>
        e instanceof UserError && e.code === 'board' && /\(\d+ bytes too much\)/.test(e.message),
    );
    assert.equal(existsSync(path.join(folder, board.id)), false);
  });
});
