import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { findBoard } from '../../extension/board/catalogue.ts';
import type { BuildPlan } from '../../extension/board/buildPlan.ts';
import { generateProject, projectFiles } from '../../extension/project/generate.ts';
import { openSdk, requireBoard, type Sdk, type SdkPlaces } from '../../extension/sdk/discover.ts';
import type { SdkLayout } from '../../extension/sdk/layout.ts';
import { Machine } from '../../extension/simulator/machine/machine.ts';
import { buildProject } from '../../extension/toolchain/build.ts';
import { incOf, tinyBundle, tinyInput, tinyResult } from '../project/tinyBundle.ts';
import { reportOf } from '../support/reportOf.ts';
import { layOwnSdk, ownSdk } from '../support/ownSdk.ts';
import { buildZip } from './zipBuilder.ts';

/** As no catalogue has it: the order and the names are read from the SDK's own example, or they are not. */
const INIT = ['BOARD_InitBootClocks()', 'BOARD_InitPins()', 'BOARD_InitDebugConsole()'];

describe('firmware on an SDK of our own making', () => {
  const board = findBoard('frdmke16z');
  let folder: string;
  let places: SdkPlaces;
  before(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'glowport own sdk '));
    places = { home: folder, env: {}, platform: 'linux', cache: path.join(folder, 'cache') };
  });
  after(() => rm(folder, { recursive: true, force: true }));

  /** Generates a project on the SDK, builds it, boots it; the text of its main.c. */
  async function boot(sdk: Sdk, name: string): Promise<string> {
    assert.deepEqual(
      sdk.boards.map((b) => b.id),
      ['frdmke16z'],
    );
    assert.deepEqual(sdk.problems, []);
    const outDir = path.join(folder, name);
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
    const { elf } = await buildProject(outDir, { warningsAsErrors: true });
    const machine = new Machine(board.id);
    machine.load(new Uint8Array(await readFile(elf)));
    const values = reportOf(machine)?.confidences.map((c) => c.value);
    assert.deepEqual(values, tinyResult(tinyInput), machine.fault?.message);
    return readFile(path.join(outDir, 'source/main.c'), 'utf8');
  }

  const callsIn = (main: string): string[] =>
    [...main.matchAll(/^ {4}(BOARD_\w+\(\));$/gm)].map((m) => m[1]!);

  for (const [layout, place] of [
    ['mcux-sdk', 'workspace/core'],
    ['mcuxsdk', 'west/mcuxsdk'],
  ] as const) {
    it(`builds and boots on ${layout === 'mcuxsdk' ? 'a west workspace of SDK 24.12' : 'the repository of SDK 2.x'}, main() starting as its hello_world`, async () => {
      const root = await layOwnSdk(path.join(folder, place), ownSdk(layout, board.id, INIT));
      const sdk = await openSdk(path.dirname(root), { places });
      assert.equal(sdk.root, root);
      assert.equal(sdk.layout, layout);
      assert.deepEqual(callsIn(await boot(sdk, `project ${layout}`)), [
        'BOARD_InitBootClocks()',
        'BOARD_InitBootPins()',
        'BOARD_InitDebugConsole()',
      ]);
    });
  }

  it('opens an SDK_2.x_BOARD.zip, unpacked once, builds and boots on it', async () => {
    const files = ownSdk('package', board.id, INIT);
    files.set('middleware/usb/usb.c', 'nobody needs it');
    const zip = path.join(folder, 'SDK_2_16_000_FRDM-KE16Z.zip');
    const entries = [...files].map(([name, data]) => ({ name, data }));
    await writeFile(zip, buildZip(entries));
    const sdk = await openSdk(zip, { places });
    assert.equal(sdk.layout satisfies SdkLayout, 'package');
    assert.equal(sdk.version, '2.16.0');
    assert.equal(path.dirname(sdk.root), places.cache);
    await assert.rejects(readdir(path.join(sdk.root, 'middleware')));
    assert.equal(callsIn(await boot(sdk, 'project zip'))[0], 'BOARD_InitBootClocks()');
    assert.equal((await openSdk(zip, { places })).root, sdk.root);
    assert.deepEqual(await readdir(places.cache), [path.basename(sdk.root)], 'unpacked once');
  });

  it("prints by semihosting when that is chosen: the library's printf, its heap, the debugger told to answer", async () => {
    const root = await layOwnSdk(path.join(folder, 'semihost sdk'), ownSdk('package'));
    const sdk = await requireBoard(await openSdk(root), board);
    const images = new Map([['image', incOf(tinyInput)]]);
    const options = {
      board,
      bundle: await tinyBundle(),
      testData: images,
      weights: 'flash',
      outDir: '',
    } as const;
    const texts = projectFiles({ ...options, sdk, console: 'semihost' });
    const plan = JSON.parse(String(texts.get('.glowport/build.json'))) as BuildPlan;
    assert.ok(plan.defines.includes('SDK_DEBUGCONSOLE=0') && !plan.defines.includes('SDK_DEBUGCONSOLE=1'));
    assert.ok(
      plan.linkFlags.includes('--specs=rdimon.specs') && !plan.linkFlags.includes('--specs=nosys.specs'),
    );
    assert.ok(plan.linkFlags.includes('-Wl,--defsym=__heap_size__=1536'));
    // the SDK's stubs of the C library's system calls would take the place of those that call the debugger
    assert.ok(!plan.sdk!.sources.some((s) => /sbrk|syscall_stub/.test(s)));
    const launch = String(texts.get('.vscode/launch.json'));
    assert.match(launch, /"monitor semihosting enable"/);
    assert.match(launch, /"--semihosting"/);
    assert.match(String(texts.get('README.md')), /Without a debugger attached it stops at its first output/);
    const uart = projectFiles({ ...options, sdk });
    assert.doesNotMatch(String(uart.get('.vscode/launch.json')), /semihosting/);
    assert.throws(
      () => projectFiles({ ...options, console: 'semihost' }),
      /Semihosting is for firmware on NXP's SDK/,
    );
  });

  it('calls no function that this release does not have, and refuses one that lacks what the board needs', async () => {
    const lpc = findBoard('lpc845breakout');
    const slow = 'CLOCK_SetFLASHAccessCyclesForFreq';
    const without = (name: string): Map<string, string> =>
      // as it was before: neither declared nor defined
      new Map(
        [...ownSdk('mcux-sdk', lpc)].map(([file, text]) => [file, text.replaceAll(name, `Other_${name}`)]),
      );
    const root = await layOwnSdk(path.join(folder, 'old lpc'), without(slow));
    const sdk = await requireBoard(await openSdk(root), lpc);
    assert.ok(sdk.functions.has('BOARD_BootClockFRO30M') && !sdk.functions.has(slow));
    const outDir = path.join(folder, 'project old lpc');
    const images = new Map([['image', incOf(tinyInput)]]);
    const options = {
      board: lpc,
      bundle: await tinyBundle(),
      testData: images,
      weights: 'flash',
      outDir,
    } as const;
    await generateProject({ ...options, sdk });
    // CMake looks for the vectors in a section as NXP's linker script calls it
    const { elf } = await buildProject(outDir, { with: 'gcc', warningsAsErrors: true });
    const machine = new Machine(lpc.id);
    machine.load(new Uint8Array(await readFile(elf)));
    assert.deepEqual(
      reportOf(machine)?.confidences.map((c) => c.value),
      tinyResult(tinyInput),
    );
    const lame = await layOwnSdk(path.join(folder, 'lame lpc'), without('BOARD_InitDebugConsole'));
    const lacking = await requireBoard(await openSdk(lame), lpc);
    assert.throws(
      () => projectFiles({ ...options, sdk: lacking }),
      /has no function BOARD_InitDebugConsole, which prepares LPC845BREAKOUT/,
    );
  });

  it('falls back to the catalogue without an example, and leaves out headers that are not there', async () => {
    const root = await layOwnSdk(path.join(folder, 'plain'), ownSdk('package'));
    const plain = await boot(await openSdk(root), 'project plain');
    assert.deepEqual(callsIn(plain), board.init.calls);
    const example = path.join(root, 'boards/frdmke16z/demo_apps/hello_world/hello_world.c');
    await writeFile(
      example,
      `#include "board.h"\n#include "fsl_nowhere.h"\n#include "fsl_lpuart.h"\nint main(void)\n{\n${INIT.map((c) => `    ${c};\n`).join('')}}\n`,
    );
    await writeFile(path.join(root, 'devices/MKE16Z4/drivers/fsl_lpuart.h'), '');
    const main = await boot(await openSdk(root), 'project headers');
    assert.match(main, /#include "fsl_lpuart\.h"/);
    assert.doesNotMatch(main, /fsl_nowhere/);
  });
});
