import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { findBoard } from '../../extension/board/catalogue.ts';
import { stackNeed } from '../../extension/board/stack.ts';
import { generateProject } from '../../extension/project/generate.ts';
import { openSdk, requireBoard } from '../../extension/sdk/discover.ts';
import { Machine } from '../../extension/simulator/machine/machine.ts';
import { buildProject } from '../../extension/toolchain/build.ts';
import { DEFAULT_CHOICES } from '../../extension/workflow/choices/choices.ts';
import { port, type PortResult } from '../../extension/workflow/port/port.ts';
import { calibration, model, sample } from '../cli/support.ts';
import { incOf, tinyBundle, tinyInput } from '../project/tinyBundle.ts';
import { layOwnSdk, ownSdk } from '../support/ownSdk.ts';

/* An interrupt may come where the stack is deepest. What it takes there has to be reserved, though a run has not met it. */

/** Instead of main.c: functions that are deepest, with the stack at a multiple of 8 or not, when SysTick's interrupt comes. */
const HARNESS = `
#include "fsl_device_registers.h"
#include "timer.h"

/* r0: what is written to ICSR, whose address is in r1 */
__attribute__((naked)) void atMultipleOf8(void)
{
    __asm volatile("push {r4, r5}\\n str r0, [r1]\\n dsb\\n isb\\n pop {r4, r5}\\n bx lr");
}

__attribute__((naked)) void between(void)
{
    __asm volatile("push {r4}\\n str r0, [r1]\\n dsb\\n isb\\n pop {r4}\\n bx lr");
}

int main(void)
{
    init_timer(); /* for its handler */
    atMultipleOf8();
    between();
    return 0;
}
`;
const ICSR = 0xe000ed04;
const PENDSTSET = 1 << 26;

describe('workflow/port: the stack of firmware on an SDK', () => {
  const board = findBoard('frdmke16z');
  let folder: string;
  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'glowport-stack-'));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  it('needs as many bytes more for an interrupt as one takes, whatever the stack is aligned to', async () => {
    const sdk = await openSdk(await layOwnSdk(path.join(folder, 'sdk'), ownSdk('package')));
    const outDir = path.join(folder, 'interrupted');
    const images = new Map([['image', incOf(tinyInput)]]);
    const bundle = await tinyBundle();
    await generateProject({
      board,
      bundle,
      testData: images,
      weights: 'flash',
      outDir,
      sdk: await requireBoard(sdk, board),
    });
    await writeFile(path.join(outDir, 'source/main.c'), HARNESS);
    const { elf } = await buildProject(outDir);
    const machine = new Machine(board.id);
    machine.load(new Uint8Array(await readFile(elf)));
    const stackOf = (symbol: string, icsr: number): number => machine.call(symbol, [icsr, ICSR]).stackBytes;
    const interrupt = (symbol: string): number => {
      const alone = stackOf(symbol, 0);
      const interrupted = stackOf(symbol, PENDSTSET);
      assert.ok(interrupted <= stackNeed(board, alone), `${symbol}: ${alone}, interrupted ${interrupted}`);
      return interrupted - alone;
    };
    // the frame, and a word to begin it at a multiple of 8; the handler needs none
    assert.deepEqual([interrupt('atMultipleOf8'), interrupt('between')], [32, 36]);
    assert.equal(stackNeed(board, 8), 40);
    assert.equal(stackNeed(board, 4), 40);
  });

  it('needs more for it where there is an FPU', () => {
    assert.equal(stackNeed({ fpu: true }, 200) - stackNeed({ fpu: false }, 200), 72);
  });

  it('is made larger when a run has left no room for an interrupt', async () => {
    /** Ports to an SDK whose console takes so much stack while it is set up. */
    const portWith = async (bytes: number): Promise<PortResult> => {
      const files = ownSdk('package');
      const source = 'boards/frdmke16z/board.c';
      const hungry = `{\n    volatile uint8_t hungry[${bytes}];\n    hungry[0] = hungry[${bytes - 1}] = 0;\n`;
      files.set(source, files.get(source)!.replace(/(?<=BOARD_InitDebugConsole\(void\)\n)\{\n/, hungry));
      const sdk = await layOwnSdk(path.join(folder, `sdk ${bytes}`), files);
      const choices = {
        ...DEFAULT_CHOICES,
        model,
        board: board.id,
        samples: [calibration],
        input: sample,
        sdk,
      };
      return port({ ...choices, out: path.join(folder, `port ${bytes}`) }, {}, { fitAll: false });
    };
    const first = await portWith(800);
    const reserved = first.firmware.stackBytes;
    const measured = first.run!.simulation.stackBytes;
    assert.ok(stackNeed(board, measured) <= reserved, `${measured} measured, ${reserved} reserved`);

    const full = await portWith(800 + reserved - measured);
    assert.equal(full.run?.simulation.stackBytes, reserved, 'all that was reserved at first is used');
    assert.ok(full.comparison?.match);
    assert.equal(full.firmware.stackBytes, stackNeed(board, reserved));
  });
});
