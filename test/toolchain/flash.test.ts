import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { advice } from '../../extension/cli/remedies.ts';
import { boards, findBoard } from '../../extension/board/catalogue.ts';
import { FLASH_TOOLS, type FlashTool, flashToolsOf } from '../../extension/board/flashTools.ts';
import { UserError } from '../../extension/common/error.ts';
import {
  chooseFlashTool,
  findFlashTool,
  flashBoard,
  flashCommand,
  flashFailure,
} from '../../extension/toolchain/flash.ts';
import type { Surroundings } from '../../extension/toolchain/find.ts';
import { ownTemporaryFolder } from '../support/temporary.ts';

const here = (files: readonly string[], change: Partial<Surroundings> = {}): Surroundings => ({
  platform: 'linux',
  env: { PATH: '/usr/bin' },
  home: '/home/me',
  isFile: (f) => files.includes(f),
  list: (folder) => [
    ...new Set(
      files.filter((f) => f.startsWith(`${folder}/`)).map((f) => f.slice(folder.length + 1).split('/')[0]!),
    ),
  ],
  osRelease: () => '',
  ...change,
});

function run(
  program: string,
  args: readonly string[],
): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(program, args, { encoding: 'utf8', timeout: 30_000 });
}

describe('flash tools', () => {
  let folder: string;
  let elf: string;
  before(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'glowport flash '));
    elf = path.join(folder, 'my net.elf');
    writeFileSync(elf, 'not flashed: no board is connected');
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('has a command line for every board, with each tool that can', () => {
    const ke16z = { board: findBoard('frdmke16z'), firmware: '/p/net.elf', probe: 'ABC123' };
    assert.deepEqual(flashCommand('linkserver', ke16z).args, [
      ...['flash', '--probe', 'ABC123', 'MKE16Z64xxx4:FRDM-KE16Z', 'load', '/p/net.elf'],
    ]);
    assert.deepEqual(flashCommand('pyocd', ke16z).args, [
      ...['flash', '--no-wait', '--target', 'mke16z64vlf4', '--uid', 'ABC123', '/p/net.elf'],
    ]);
    const k32 = { ...ke16z, board: findBoard('frdmk32l2b') };
    assert.equal(flashCommand('openocd', k32).args.at(-1), 'program {/p/net.elf} verify reset exit');
    assert.match(
      flashCommand('jlink', ke16z).script!,
      /^ExitOnError 1\nr\nloadfile "\/p\/net\.elf"\nr\ng\nexit\n$/,
    );
    for (const board of boards()) {
      const request = { board, firmware: '/p/net.elf' };
      for (const tool of flashToolsOf(board)) {
        assert.ok(flashCommand(tool, request).args.includes(board.flashTools[tool]!));
      }
      assert.equal(flashToolsOf(board)[0], 'linkserver');
    }
  });

  it('offers no tool that cannot, and says why', () => {
    for (const board of boards()) {
      const request = { board, firmware: '/p/net.elf' };
      for (const tool of FLASH_TOOLS.filter((t) => !flashToolsOf(board).includes(t))) {
        const why = board.notFlashedBy?.[tool];
        assert.ok(why, `${board.id} ${tool}`);
        assert.throws(
          () => flashCommand(tool, request),
          (e: unknown) =>
            e instanceof UserError && e.message.includes(`cannot write the flash of ${board.name}: ${why}`),
        );
      }
      // no driver for FlexSPI flash; its list of parts lacks KE16Z (src/flash/nor/kinetis.c)
      if (board.core === 'cortex-m7' || board.id === 'frdmke16z') assert.ok(board.notFlashedBy?.openocd);
    }
    assert.throws(
      () => chooseFlashTool(findBoard('frdmke16z'), undefined, here(['/usr/bin/openocd'])),
      (e: unknown) =>
        e instanceof UserError && /OpenOCD cannot write the flash of FRDM-KE16Z: /.test(advice(e.remedies)),
    );
    assert.throws(
      () => chooseFlashTool(findBoard('evkmimxrt1170'), undefined, here(['/usr/bin/pyocd'])),
      (e: unknown) =>
        e instanceof UserError &&
        /pyOCD cannot write .*LinkServer|LinkServer, J-Link.*pyOCD cannot write/.test(advice(e.remedies)),
    );
  });

  it('tells that a debugger with firmware of another kind does not speak CMSIS-DAP', () => {
    const missing = 'Error: unable to find a matching CMSIS-DAP device';
    const told = (id: string): string => advice(flashFailure('openocd', findBoard(id), 1, missing)!.remedies);
    assert.match(told('frdmk32l2b'), /J-Link firmware is reached by J-Link; .* \.srec file/);
    assert.doesNotMatch(told('lpc845breakout'), /J-Link firmware/);
  });

  it('refuses paths and serial numbers that would be commands', () => {
    const board = findBoard('frdmk32l2b');
    for (const [tool, firmware] of [
      ['openocd', '/p/a}; exec rm -rf {.elf'],
      ['jlink', '/p/a"\nerase\n".elf'],
    ] as const) {
      assert.throws(() => flashCommand(tool, { board, firmware }), UserError);
    }
    assert.throws(
      () => flashCommand('openocd', { board, firmware: '/p/a.elf', probe: '1; exec ls' }),
      UserError,
    );
  });

  it('OpenOCD itself reads the configuration and commands of every board it can write, up to the missing probe', function () {
    const openocd = findFlashTool('openocd');
    if (!openocd) {
      console.log('      skipped: OpenOCD is not installed (apt-get install openocd)');
      this.skip();
    }
    for (const board of boards().filter((b) => b.flashTools.openocd)) {
      for (const probe of [undefined, '0123456789']) {
        const { args } = flashCommand('openocd', { board, firmware: elf, probe });
        const { stderr, status } = run(openocd, args);
        assert.match(stderr, /unable to find a matching CMSIS-DAP device/, `${board.id}: ${stderr}`);
        assert.doesNotMatch(stderr, /Can't find|invalid command|Unexpected|wrong # args/i, board.id);
        assert.equal(flashFailure('openocd', board, status ?? 0, stderr)?.code, 'device');
      }
    }
    const board = findBoard('frdmk32l2b');
    const wrong = flashCommand('openocd', {
      board: { ...board, flashTools: { openocd: 'target/nonesuch.cfg' } },
      firmware: elf,
    });
    const { stderr } = run(openocd, wrong.args);
    assert.match(stderr, /Can't find target\/nonesuch\.cfg/);
    assert.equal(flashFailure('openocd', board, 1, stderr)?.code, 'toolchain');
  });

  it('pyOCD itself takes the arguments of every board', function () {
    const pyocd = findFlashTool('pyocd');
    if (!pyocd) {
      console.log('      skipped: pyOCD is not installed (pip install pyocd)');
      this.skip();
    }
    for (const board of boards().filter((b) => b.flashTools.pyocd)) {
      const { args } = flashCommand('pyocd', { board, firmware: elf });
      const { stdout, stderr } = run(pyocd, args);
      assert.doesNotMatch(stderr, /usage:|unrecognized arguments|invalid choice/, board.id);
      assert.equal(flashFailure('pyocd', board, 1, stdout + stderr)?.code, 'device', stdout + stderr);
    }
  });

  it('finds them in PATH and where installers put them, the newest first', () => {
    assert.equal(findFlashTool('openocd', here(['/usr/bin/openocd'])), '/usr/bin/openocd');
    const two = here([
      '/usr/local/LinkServer_1.6.133/LinkServer',
      '/usr/local/LinkServer_24.12.21/LinkServer',
    ]);
    assert.equal(findFlashTool('linkserver', two), '/usr/local/LinkServer_24.12.21/LinkServer');
    assert.equal(
      findFlashTool('jlink', here(['/opt/SEGGER/JLink_V794/JLinkExe'])),
      '/opt/SEGGER/JLink_V794/JLinkExe',
    );
    assert.equal(findFlashTool('pyocd', here([])), undefined);
    const ke16z = findBoard('frdmke16z');
    assert.deepEqual(chooseFlashTool(ke16z, undefined, here(['/usr/bin/openocd', '/usr/bin/pyocd'])), {
      tool: 'pyocd',
      path: '/usr/bin/pyocd',
    });
    assert.throws(
      () => chooseFlashTool(findBoard('evkmimxrt1060'), undefined, here(['/usr/bin/openocd'])),
      (e: unknown) =>
        e instanceof UserError &&
        e.code === 'toolchain' &&
        /LinkServer, pyOCD, J-Link/.test(advice(e.remedies)),
    );
    assert.throws(() => chooseFlashTool(ke16z, 'jlink', here([])), /J-Link is not installed/);
  });

  describe('are started', () => {
    ownTemporaryFolder();
    const PROGRAMS = { linkserver: 'LinkServer', pyocd: 'pyocd', openocd: 'openocd', jlink: 'JLinkExe' };
    let user: string;
    let started: { cwd: string; entries: string[]; args: string[] };
    const { PATH } = process.env;
    const cwd = process.cwd();
    beforeEach(function () {
      if (process.platform === 'win32') this.skip();
      // stand-ins that write down how they were started: the real ones need a board
      const said = path.join(folder, 'said.json');
      const tools = path.join(folder, 'tools');
      mkdirSync(tools, { recursive: true });
      for (const program of Object.values(PROGRAMS)) {
        const script = `const fs = require('node:fs');
const files = fs.readdirSync('.').map((name) => name + ': ' + fs.readFileSync(name, 'utf8'));
fs.writeFileSync(${JSON.stringify(said)}, JSON.stringify({ cwd: process.cwd(), entries: files, args: process.argv.slice(2) }));`;
        writeFileSync(path.join(tools, program), `#!${process.execPath}\n${script}\n`, { mode: 0o755 });
      }
      user = realpathSync(mkdtempSync(path.join(folder, 'user ')));
      process.env.PATH = `${tools}:${PATH}`;
      process.chdir(user);
    });
    afterEach(() => {
      process.chdir(cwd);
      process.env.PATH = PATH;
    });
    const flash = async (tool: FlashTool, firmware: string): Promise<void> => {
      assert.equal(await flashBoard({ board: findBoard('frdmk32l2b'), firmware, with: tool }), tool);
      started = JSON.parse(readFileSync(path.join(folder, 'said.json'), 'utf8')) as typeof started;
    };

    for (const tool of FLASH_TOOLS) {
      it(`${tool} in an empty folder, so that nothing planted in the user's is run, with full paths`, async () => {
        writeFileSync('net.elf', '');
        for (const temporary of [process.env.TMPDIR!, '.']) {
          const before = process.env.TMPDIR;
          process.env.TMPDIR = temporary;
          await flash(tool, 'net.elf').finally(() => (process.env.TMPDIR = before));
          const firmware = path.join(user, 'net.elf');
          const { args, script } = flashCommand(tool, { board: findBoard('frdmk32l2b'), firmware });
          assert.deepEqual(started.entries, script === undefined ? [] : [`flash.jlink: ${script}`]);
          const file = script === undefined ? [] : [path.join(started.cwd, 'flash.jlink')];
          assert.deepEqual(started.args, [...args, ...file]);
          assert.ok([...args, script].some((text) => text?.includes(firmware)));
          assert.ok(!existsSync(started.cwd), 'the folder is gone');
          assert.deepEqual(readdirSync(user), ['net.elf']);
        }
      });
    }

    it('OpenOCD itself, which runs a planted interface/cmsis-dap.cfg where it is started, does not run it', async function () {
      process.env.PATH = PATH;
      if (!findFlashTool('openocd')) {
        console.log('      skipped: OpenOCD is not installed (apt-get install openocd)');
        this.skip();
      }
      mkdirSync('interface');
      writeFileSync('interface/cmsis-dap.cfg', `exec touch ran; echo "planted"`);
      const board = findBoard('frdmk32l2b');
      const detail = await flashBoard({ board, firmware: elf, with: 'openocd' }).then(
        () => 'no failure',
        (e: unknown) => (e instanceof UserError && e.code === 'device' ? e.detail : e),
      );
      assert.match(String(detail), /unable to find a matching CMSIS-DAP device/);
      assert.deepEqual(readdirSync('.'), ['interface']);
    });
  });

  it('says what is wrong in one sentence', async () => {
    const board = findBoard('frdmke04z');
    await assert.rejects(
      flashBoard({ board, firmware: path.join(folder, 'nothing.elf') }),
      /nothing\.elf does not exist/,
    );
    assert.equal(flashFailure('pyocd', board, 0, 'ok'), undefined);
    assert.deepEqual(
      flashFailure('pyocd', board, 1, "Target type mke04z8vfk4 not recognized. Use 'pyocd list --targets'")
        ?.remedies,
      [{ do: 'installPack', command: ['pyocd', 'pack', 'install', 'mke04z8vfk4'] }],
    );
    assert.equal(flashFailure('jlink', board, 1, 'Connecting to J-Link via USB...FAILED: x')?.code, 'device');
    assert.match(
      flashFailure('linkserver', board, 1, 'INFO\nERROR: flash driver failed\n')!.message,
      /^LinkServer could not write the flash of FRDM-KE04Z: ERROR: flash driver failed/,
    );
  });
});
