import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { advice } from '../../extension/cli/remedies.ts';
import { boards, findBoard } from '../../extension/board/catalogue.ts';
import { UserError } from '../../extension/common/error.ts';
import {
  chooseFlashTool,
  findFlashTool,
  flashBoard,
  flashCommand,
  flashFailure,
} from '../../extension/toolchain/flash.ts';
import type { Surroundings } from '../../extension/toolchain/find.ts';

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
    assert.equal(flashCommand('openocd', ke16z).args.at(-1), 'program {/p/net.elf} verify reset exit');
    assert.match(
      flashCommand('jlink', ke16z).script!,
      /^ExitOnError 1\nr\nloadfile "\/p\/net\.elf"\nr\ng\nexit\n$/,
    );
    for (const board of boards()) {
      const request = { board, firmware: '/p/net.elf' };
      for (const tool of ['linkserver', 'pyocd', 'jlink'] as const) {
        assert.ok(flashCommand(tool, request).args.includes(board.flashTools[tool]!));
      }
      if (board.core === 'cortex-m7') {
        // OpenOCD has no driver for FlexSPI flash
        assert.throws(() => flashCommand('openocd', request), /OpenOCD cannot write the flash of/);
      }
    }
  });

  it('refuses paths and serial numbers that would be commands', () => {
    const board = findBoard('frdmke16z');
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
    const board = findBoard('frdmke16z');
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
    for (const board of boards()) {
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

  it('starts the tool with these arguments, gives J-Link its script, and cleans up', async function () {
    if (process.platform === 'win32') this.skip();
    // a stand-in that writes down what it was given: the real one needs a board
    const said = path.join(folder, 'said.txt');
    const copy = path.join(folder, 'script.txt');
    const tool = path.join(folder, 'JLinkExe');
    writeFileSync(
      tool,
      `#!/bin/sh\nprintf '%s\\n' "$@" > '${said}'\nfor last; do :; done\ncp "$last" '${copy}'\n`,
    );
    chmodSync(tool, 0o755);
    const before = process.env.PATH;
    process.env.PATH = `${folder}:${before}`;
    try {
      assert.equal(
        await flashBoard({ board: findBoard('lpc845breakout'), firmware: elf, with: 'jlink' }),
        'jlink',
      );
    } finally {
      process.env.PATH = before;
    }
    const args = readFileSync(said, 'utf8').trim().split('\n');
    assert.deepEqual(args.slice(0, 8), ['-nogui', '1', '-if', 'swd', '-speed', '4000', '-device', 'LPC845']);
    assert.ok(readFileSync(copy, 'utf8').includes(`loadfile "${elf}"`));
    assert.ok(!existsSync(args.at(-1)!), 'the script is gone');
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
