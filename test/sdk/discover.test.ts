import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { advice } from '../../extension/cli/remedies.ts';
import { english } from '../../extension/common/errors/sentence.ts';
import { type BoardData, findBoard } from '../../extension/board/catalogue.ts';
import { UserError } from '../../extension/common/error.ts';
import { boardFiles } from '../../extension/sdk/boardFiles.ts';
import { findSdk, isNeeded, openSdk, requireBoard, type SdkPlaces } from '../../extension/sdk/discover.ts';
import { isTooOld } from '../../extension/sdk/release.ts';
import { diagnoseSdk } from '../../extension/workflow/sdk.ts';
import { placeIn } from '../support/ownSdk.ts';

/*
 * SDKs of our own making: empty files where the real ones are. What is in them is tested with a real SDK (whole/sdk.test.ts).
 */
const ke16z = findBoard('frdmke16z');
const cmsis = ['core_cm0plus.h', 'core_cm7.h'];

function lay(root: string, files: readonly string[], texts: Readonly<Record<string, string>> = {}): string {
  for (const file of [...files, ...Object.keys(texts)]) {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    writeFileSync(path.join(root, file), texts[file] ?? '');
  }
  return root;
}

const recipe = [...ke16z.sdk.sources, ke16z.sdk.linkerScript, ke16z.sdk.pinMux];
const headers = ke16z.sdk.includeDirs.map((d) => `${d}/header.h`);

const inPackage = (file: string): string => placeIn('package', file, ke16z);
const inWest = (file: string): string => placeIn('mcuxsdk', file, ke16z);

describe('SDK discovery', () => {
  let folder: string;
  let places: SdkPlaces;
  beforeEach(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'glowport sdk '));
    places = {
      home: path.join(folder, 'home'),
      env: {},
      platform: 'linux',
      cache: path.join(folder, 'cache'),
    };
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('reads a cloned mcux-sdk with CMSIS_5 beside it', async () => {
    const root = lay(path.join(folder, 'mcux-sdk'), [...recipe, ...headers], {
      'west.yml':
        '  - name: mcux-sdk-examples\n    revision: 52b4\n  - name: x\n    revision: MCUX_2.16.000\n',
    });
    const without = await openSdk(root);
    assert.equal(without.cmsis, undefined);
    assert.match(
      without.problems.map(english).join(' '),
      /CMSIS headers \(core_cm0plus\.h\) are missing.*CMSIS_5/,
    );
    await assert.rejects(requireBoard(without, ke16z), /has no CMSIS headers/);

    lay(path.join(folder, 'CMSIS_5/CMSIS/Core/Include'), cmsis);
    const sdk = await openSdk(root);
    assert.equal(sdk.layout, 'mcux-sdk');
    assert.equal(sdk.version, '2.16.0');
    assert.deepEqual(
      sdk.boards.map((b) => b.id),
      ['frdmke16z'],
    );
    assert.deepEqual(sdk.problems, []);
    const files = await requireBoard(sdk, ke16z);
    assert.deepEqual(files.sources, [...ke16z.sdk.sources, ke16z.sdk.pinMux]);
    assert.deepEqual(files.includeDirs.slice(0, 2), [
      'boards/frdmke16z',
      'boards/frdmke16z/project_template',
    ]);
  });

  it('reads a package, whose drivers are in the device folder', async () => {
    const other = ['devices/MKE15Z7/drivers/fsl_clock.c', 'boards/frdmke16z/driver_examples/adc/pin_mux.c'];
    const root = lay(
      path.join(folder, 'SDK_2_16_000_FRDM-KE16Z'),
      [...recipe.map(inPackage), ...other, ...cmsis.map((f) => `CMSIS/Core/Include/${f}`)],
      { 'FRDM-KE16Z_manifest_v3_14.xml': '<x><ksdk id="a" name="b" version="2.16.000" revision="r"/></x>' },
    );
    const sdk = await openSdk(root);
    assert.equal(sdk.layout, 'package');
    assert.equal(sdk.version, '2.16.0');
    const files = await requireBoard(sdk, ke16z);
    assert.deepEqual(files.missing, []);
    assert.ok(files.sources.includes('devices/MKE16Z4/drivers/fsl_lpuart.c'));
    assert.ok(files.sources.includes('boards/frdmke16z/demo_apps/hello_world/pin_mux.c'));
    assert.ok(!files.sources.some((f) => f.includes('MKE15Z7') || f.includes('adc')));
    assert.ok(files.includeDirs.includes('devices/MKE16Z4/utilities/debug_console_lite'));
  });

  it('reads a west workspace of SDK 24.12, registers beside the device included', async () => {
    const root = lay(
      path.join(folder, 'workspace/mcuxsdk'),
      [
        ...recipe.map(inWest),
        'devices/Kinetis/KE/MKE16Z4/fsl_device_registers.h',
        'devices/Kinetis/KE/periph/PERI_ADC.h',
        'devices/Kinetis/KE/periph3/PERI_ADC.h',
        'devices/Kinetis/KE/periph7/PERI_ADC.h',
        ...cmsis.map((f) => `arch/arm/CMSIS/Core/Include/${f}`),
      ],
      { MCUX_VERSION: 'CURRENT_YEAR = 25\nVERSION_MAJOR = 12\nVERSION_MINOR = 00\n' },
    );
    const sdk = await openSdk(path.join(folder, 'workspace'));
    assert.equal(sdk.root, root);
    assert.equal(sdk.layout, 'mcuxsdk');
    assert.deepEqual(
      sdk.boards.map((b) => b.id),
      ['frdmke16z'],
    );
    const files = await requireBoard(sdk, ke16z);
    assert.ok(files.sources.includes('examples/_boards/frdmke16z/common/pin_mux/pin_mux.c'));
    const registers = (dirs: readonly string[]): string[] => dirs.filter((d) => d.includes('/periph'));
    assert.deepEqual(registers(files.includeDirs), ['devices/Kinetis/KE/periph']);
    // of several kinds the device says which is its own
    lay(root, [], {
      'devices/Kinetis/KE/MKE16Z4/variable.cmake':
        'mcux_set_variable(device MKE16Z4)\nmcux_set_variable(soc_periph periph3)\n',
    });
    assert.deepEqual(registers((await boardFiles(root, ke16z)).includeDirs), ['devices/Kinetis/KE/periph3']);
    assert.equal(files.includeDirs[0], 'examples/_boards/frdmke16z');
  });

  it('takes the clock_config.c that the board’s prj.conf names, not one of an example', async () => {
    const rt = findBoard('evkmimxrt1160');
    const board = 'examples/_boards/evkmimxrt1160';
    const clock = (folder: string): string[] =>
      ['c', 'h'].map((end) => `${board}/${folder}/clock_config.${end}`);
    const root = lay(path.join(folder, 'mcuxsdk'), [
      ...clock('multicore_examples'),
      ...clock('project_template'),
      ...clock('common/clock'),
      ...clock('common/clock/cm7'),
      `${board}/project_template/pin_mux.c`,
      'devices/RT/MIMXRT1166/fsl_device_registers.h',
    ]);
    const taken = async (
      settings: string,
    ): Promise<{ source: string | undefined; header: string | undefined }> => {
      lay(root, [], { [`${board}/prj.conf`]: settings });
      const { sources, includeDirs } = await boardFiles(root, rt);
      const isClock = (dir: string): boolean => existsSync(path.join(root, dir, 'clock_config.h'));
      return {
        source: sources.find((file) => file.endsWith('clock_config.c')),
        header: includeDirs.find(isClock),
      };
    };
    const named = (place: string) => ({
      source: `${board}/${place}/clock_config.c`,
      header: `${board}/${place}`,
    });
    const setting = 'CONFIG_MCUX_PRJSEG_module.board.clock';
    assert.deepEqual(await taken(`${setting}_board_folder=y\n`), named('common/clock'));
    assert.deepEqual(
      await taken(`# ${setting}=y\r\n${setting}_board_core_folder=y\r\n`),
      named('common/clock/cm7'),
    );
    // it names none that is there
    assert.notEqual((await taken(`${setting}=y\n`)).source, undefined);
  });

  it('takes drivers of another device only where its own CMakeLists.txt does', async () => {
    const clock = ke16z.sdk.sources.find((f) => f.endsWith('fsl_clock.c'))!;
    const others = 'devices/Kinetis/KE/MKE17Z7/drivers/clock/fsl_clock.c';
    const root = lay(path.join(folder, 'mcuxsdk'), [
      ...recipe.filter((f) => f !== clock).map(inWest),
      'devices/Kinetis/KE/MKE16Z4/fsl_device_registers.h',
      others,
      ...cmsis.map((f) => `arch/arm/CMSIS/Core/Include/${f}`),
    ]);
    assert.deepEqual((await boardFiles(root, ke16z)).missing, [clock]);
    const cmake = 'devices/Kinetis/KE/MKE16Z4/drivers/CMakeLists.txt';
    const take = (place: string): string => `mcux_add_cmakelists(\${CMAKE_CURRENT_LIST_DIR}/${place})\n`;
    lay(root, [], { [cmake]: take('../../../../../../../etc') });
    assert.deepEqual((await boardFiles(root, ke16z)).missing, [clock]);
    lay(root, [], { [cmake]: take('../../MKE17Z7/drivers/clock') });
    const files = await boardFiles(root, ke16z);
    assert.deepEqual(files.missing, []);
    assert.ok(files.sources.includes(others));
  });

  it('names what is missing and what to do', async () => {
    const lost = 'drivers/lpuart/fsl_lpuart.c';
    const root = lay(path.join(folder, 'sdk'), [
      ...recipe.filter((f) => f !== lost),
      ...cmsis.map((f) => `CMSIS/Include/${f}`),
    ]);
    const sdk = await openSdk(root);
    assert.deepEqual(sdk.boards, []);
    assert.match(
      english(sdk.problems[0]!),
      /^FRDM-KE16Z cannot be built: drivers\/lpuart\/fsl_lpuart\.c is missing/,
    );
    await assert.rejects(requireBoard(sdk, ke16z), (e: unknown) => {
      assert.ok(e instanceof UserError && e.code === 'input');
      return /lacks drivers\/lpuart\/fsl_lpuart\.c for FRDM-KE16Z/.test(e.message);
    });
    await assert.rejects(
      requireBoard(sdk, findBoard('evkmimxrt1060')),
      /does not have the board MIMXRT1060-EVK/,
    );
    assert.deepEqual((await boardFiles(root, ke16z)).missing, [lost]);
  });

  it('tells an SDK that is too old as such, not as one to download again', async () => {
    const lost = 'utilities/str/fsl_str.c';
    const make = (release: string, board: BoardData): string =>
      lay(
        path.join(folder, `${board.id} ${release}`),
        [
          ...[...board.sdk.sources, board.sdk.linkerScript, board.sdk.pinMux].filter((f) => f !== lost),
          ...cmsis.map((f) => `CMSIS/Include/${f}`),
        ],
        { 'west.yml': `revision: MCUX_${release}\n` },
      );
    const old = await openSdk(make('2.9.0', ke16z));
    assert.deepEqual(old.boards, []);
    assert.deepEqual(old.problems.map(english), [
      'Release 2.9.0 is too old for FRDM-KE16Z; take 2.10.0 or newer.',
    ]);
    await assert.rejects(requireBoard(old, ke16z), /is too old for FRDM-KE16Z: it is of release 2\.9\.0/);
    // new enough, but not whole
    assert.match(
      english((await openSdk(make('2.10.0', ke16z))).problems[0]!),
      /fsl_str\.c is missing; download/,
    );
    // its linker scripts for i.MX RT are refused by current binutils
    const rt = findBoard('evkmimxrt1060');
    assert.match(
      english((await openSdk(make('2.10.0', rt))).problems[0]!),
      /too old for MIMXRT1060-EVK; take 2\.11\.0/,
    );
    assert.ok(!isTooOld('2.11.0', rt) && !isTooOld('24.12.0', rt) && !isTooOld(undefined, rt));
  });

  it('does without what releases before 2.14 do not have', async () => {
    const stub = 'utilities/misc_utilities/fsl_syscall_stub.c';
    const root = lay(
      path.join(folder, 'sdk'),
      [...recipe.filter((f) => f !== stub), ...cmsis.map((f) => `CMSIS/Include/${f}`)],
      { 'west.yml': 'revision: MCUX_2.12.0\n' },
    );
    const sdk = await openSdk(root);
    assert.deepEqual(sdk.problems, []);
    assert.ok(recipe.includes(stub) && !(await requireBoard(sdk, ke16z)).sources.includes(stub));
  });

  it('refuses what is no SDK with one sentence and how to get one', async () => {
    lay(folder, ['plain/readme.txt', 'a.zip']);
    for (const place of ['plain', 'nothing', 'a.zip']) {
      await assert.rejects(openSdk(path.join(folder, place), { places }), (e: unknown) => {
        assert.ok(e instanceof UserError && e.code === 'input', String(e));
        return !e.message.includes('\n');
      });
    }
  });

  it('looks in the setting, then GLOWPORT_SDK, then the usual places, where the newest wins', async () => {
    assert.equal(await findSdk(undefined, { places }), undefined);
    const make = (at: string, version: string): string =>
      lay(path.join(folder, at), [...recipe, ...cmsis.map((f) => `CMSIS/Include/${f}`)], {
        'west.yml': `revision: MCUX_${version}\n`,
      });
    const old = make('home/mcux-sdk', '2.9.000');
    assert.equal((await findSdk(undefined, { places }))?.root, old);
    const newer = make('home/Downloads/SDK_2_16_000_FRDM-KE16Z', '2.16.000');
    assert.equal((await findSdk(undefined, { places }))?.root, newer);
    const named = make('elsewhere', '2.1.000');
    const env = { GLOWPORT_SDK: old };
    assert.equal((await findSdk(undefined, { places: { ...places, env } }))?.root, old);
    assert.equal((await findSdk(named, { places: { ...places, env } }))?.root, named);
    await assert.rejects(findSdk(path.join(folder, 'nothing'), { places }), /does not exist/);
  });

  it('doctor tells its version, its boards and its problems', async () => {
    const root = lay(path.join(folder, 'mcux-sdk'), recipe, { 'west.yml': 'revision: MCUX_2.16.000\n' });
    const finding = await diagnoseSdk(root);
    assert.equal(finding.state, 'missing');
    assert.equal(finding.version, '2.16.0');
    assert.equal(english(finding.note!), 'It has FRDM-KE16Z.');
    assert.match(advice(finding.remedies!), /^The CMSIS headers/);
    assert.equal((await diagnoseSdk(path.join(folder, 'nothing'))).state, 'missing');
  });

  it('unpacks what a build needs and leaves the rest of a package packed', () => {
    assert.ok(isNeeded('boards/frdmke16z/board.c'));
    assert.ok(isNeeded('boards/frdmke16z/demo_apps/hello_world/pin_mux.c'));
    assert.ok(isNeeded('devices/MKE16Z4/gcc/startup_MKE16Z4.S'));
    assert.ok(!isNeeded('boards/frdmke16z/driver_examples/adc12/interrupt/pin_mux.c'));
    assert.ok(!isNeeded('devices/MKE16Z4/iar/startup_MKE16Z4.s'));
    assert.ok(!isNeeded('middleware/usb/usb.c'));
  });
});
