import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { english } from '../../extension/common/errors/sentence.ts';
import { forgetSdkBoards } from '../../extension/board/catalogue.ts';
import { fitBoard } from '../../extension/board/fit.ts';
import { UserError } from '../../extension/common/error.ts';
import { generateProject } from '../../extension/project/generate.ts';
import { sdkBoards } from '../../extension/sdk/boards/sdkBoards.ts';
import { openSdk, requireBoard } from '../../extension/sdk/discover.ts';
import type { SdkLayout } from '../../extension/sdk/layout.ts';
import { Machine } from '../../extension/simulator/machine/machine.ts';
import { buildProject } from '../../extension/toolchain/build.ts';
import { chosenBoard } from '../../extension/workflow/sdk.ts';
import { incOf, tinyBundle, tinyInput, tinyResult } from '../project/tinyBundle.ts';
import { reportOf } from '../support/reportOf.ts';
import { layOwnSdk } from '../support/ownSdk.ts';
import { OWN_BOARD, sdkWithOwnBoard } from '../support/ownSdkBoard.ts';

const LAYOUTS: readonly SdkLayout[] = ['mcuxsdk', 'mcux-sdk', 'package'];

describe('a board that only an SDK describes', () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'glowport own board '));
  });
  after(() => rm(folder, { recursive: true, force: true }));
  afterEach(forgetSdkBoards);

  for (const layout of LAYOUTS) {
    it(`is read from its files (${layout}), built for, and boots`, async () => {
      const root = await layOwnSdk(path.join(folder, layout), sdkWithOwnBoard(layout));
      // by a part of its name, as boards of the catalogue are found
      const { board, sdk } = await chosenBoard('Own1', root);
      assert.deepEqual(
        [board.id, board.name, board.partNumber, board.core, board.fpu, board.coreClockHz],
        [OWN_BOARD, 'FRDM-OWN1', 'OWN1Z64VLF4', 'cortex-m0plus', false, 48e6],
      );
      assert.deepEqual(board.flash, { name: 'flash', origin: 0, size: 65536 });
      assert.deepEqual(board.ram, [{ name: 'm_data', origin: 0x1ffff800, size: 8192 }]);
      assert.deepEqual(board.console, { name: 'LPUART0', baudRate: 115200 });
      assert.deepEqual(board.flashTools, { linkserver: 'OWN1Z64xxx4:FRDM-OWN1' });
      assert.ok(
        board.sdk.sources.every((s) => !s.includes('fsl_adapter_') || s.endsWith('fsl_adapter_lpuart.c')),
      );
      const outDir = path.join(folder, `project ${layout}`);
      const images = new Map([['image', incOf(tinyInput)]]);
      await generateProject({
        board,
        bundle: await tinyBundle(),
        testData: images,
        weights: 'flash',
        outDir,
        sdk,
      });
      const { elf } = await buildProject(outDir, { warningsAsErrors: true });
      const machine = new Machine('frdmke16z');
      machine.load(new Uint8Array(await readFile(elf)));
      const values = reportOf(machine)?.confidences.map((c) => c.value);
      assert.deepEqual(values, tinyResult(tinyInput), machine.fault?.message);
    });
  }

  it('says which fact is missing, and in which file', async () => {
    const lacking: readonly [string, (text: string) => string, RegExp][] = [
      ['board.h', (t) => t.replace('LPUART0', '0'), /the UART of its console is not found in .*board\.h/],
      [
        'clock_config.c',
        (t) => t.replace('package_id', 'package'),
        /its processor is not found in .*clock_config\.c/,
      ],
      [
        'clock_config.h',
        (t) => t.replaceAll('CORE_CLOCK 48000000U', 'CORE'),
        /its core clock is not found in .*clock_config\.h/,
      ],
      ['_flash.ld', (t) => t.replace('m_text', 'text'), /its flash and RAM is not found in .*_flash\.ld/],
      ['OWN1Z4.h', (t) => t.replace('core_cm0plus', 'core_cm3'), /its core is not found in .*OWN1Z4\.h/],
      ['OWN1Z4.h', (t) => t.replace('core_cm0plus', 'core_cm4'), /no compiler target for its Cortex-M4/],
      ['clock_config.c', (t) => t.replace('OWN1Z64VLF4', 'MC56F84789VLL'), /its core is not Arm's/],
      ['clock_config.c', (t) => t.replace('OWN1Z64VLF4', 'MIMX8MM6DVTLZ'), /Linux starts its Cortex-M/],
      [
        'fsl_adapter_lpuart.c',
        () => '#include "nowhere.h"\n',
        /nowhere\.h, which .*fsl_adapter_lpuart\.c includes, is not in the SDK/,
      ],
    ];
    for (const [i, [ending, change, wanted]] of lacking.entries()) {
      const files = sdkWithOwnBoard('mcuxsdk');
      const at = [...files.keys()].find(
        (file) => file.endsWith(ending) && !file.endsWith(`hello_world/${ending}`),
      )!;
      files.set(at, change(files.get(at)!));
      const sdk = await openSdk(await layOwnSdk(path.join(folder, `lacking ${i}`), files));
      const { boards, refused } = await sdkBoards(sdk, new Set());
      assert.deepEqual(boards, []);
      assert.match(english(refused[0]!.why.sentence), wanted);
    }
  });

  it('refuses names that a CMake file would read as its own, and stays within the folder', async () => {
    const files = sdkWithOwnBoard('mcuxsdk');
    files.set('examples/_boards/own"$x/board.h', '#define BOARD_NAME "EVIL"\n');
    files.set('drivers/a;b/fsl_lpuart.h', '');
    const header = 'examples/_boards/frdmown1/board.h';
    files.set(header, files.get(header)!.replace('"FRDM-OWN1"', '"${own} */ #"'));
    const adapter = [...files.keys()].find((f) => f.endsWith('fsl_adapter_lpuart.c'))!;
    files.set(adapter, '#include "../../../../../etc/passwd"\n#include "fsl_lpuart.h"\n');
    const sdk = await openSdk(await layOwnSdk(path.join(folder, 'names'), files));
    const { boards, refused } = await sdkBoards(sdk, new Set());
    assert.deepEqual([boards.length, refused.map((r) => r.id)], [0, [OWN_BOARD]]);
    assert.match(english(refused[0]!.why.sentence), /^FRDMOWN1 .*passwd/);
  });

  it('is said to fit by an estimate, and is unknown without its SDK', async () => {
    const root = await layOwnSdk(path.join(folder, 'fit'), sdkWithOwnBoard('mcuxsdk'));
    const [board] = (await sdkBoards(await openSdk(root), new Set())).boards;
    const need = {
      flashBytes: 5000,
      ramBytes: 1332,
      stackBytes: 64,
      floatPlaceholders: false,
      cycles: 67488,
    };
    const fit = fitBoard(board!, need);
    assert.ok(fit.fits);
    assert.equal(fit.basis, 'estimated');
    assert.equal(Math.round(fit.timeUs!), 1406);
    await assert.rejects(
      chosenBoard('frdmnobody', root),
      (e) => e instanceof UserError && e.code === 'board',
    );
    assert.ok(await requireBoard(await openSdk(root), board!));
  });
});
