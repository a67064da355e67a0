import assert from 'node:assert/strict';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { boards, findBoard, forgetSdkBoards } from '../../extension/board/catalogue.ts';
import { firmwareOverhead } from '../../extension/board/overhead.ts';
import { EXIT } from '../../extension/cli/exit.ts';
import { layOwnSdk, ownSdk } from '../support/ownSdk.ts';
import { OWN_BOARD, sdkWithOwnBoard } from '../support/ownSdkBoard.ts';
import { calibration, glowport, model, sample, temporaryFolder } from './support.ts';

describe("cli: on NXP's SDK", () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let sdk: string;
  const network = [model, '--samples', calibration];
  const run = (...args: string[]): ReturnType<typeof glowport> => glowport(folder.path, ...args);

  before(async () => {
    folder = await temporaryFolder();
    sdk = await layOwnSdk(path.join(folder.path, 'my sdk'), ownSdk('package'));
  });
  after(() => folder.dispose());

  /** Flashes a project with a program that only says how it was called. */
  async function flashing(project: string, tool: string, program: string): Promise<string[]> {
    const said = path.join(folder.path, 'said.txt');
    const tools = path.join(folder.path, 'tools');
    await mkdir(tools, { recursive: true });
    await writeFile(path.join(tools, program), `#!/bin/sh\nprintf '%s\\n' "$@" > '${said}'\n`);
    await chmod(path.join(tools, program), 0o755);
    const before = process.env['PATH'];
    process.env['PATH'] = `${tools}:${before}`;
    try {
      const flash = await run('flash', project, '--with', tool);
      assert.equal(flash.code, 0, flash.err);
    } finally {
      process.env['PATH'] = before;
    }
    return (await readFile(said, 'utf8')).trim().split('\n');
  }

  it('ports, builds again and flashes the project without being told its board', async () => {
    const port = await run(
      ...['port', ...network, '--input', sample, '--board', 'frdmke16z', '--sdk', 'my sdk'],
      ...['--out', 'project', '--json'],
    );
    assert.equal(port.code, 0, port.err);
    assert.equal((JSON.parse(port.out) as { match: boolean }).match, true);
    const config = JSON.parse(await readFile(path.join(folder.path, 'glowport.json'), 'utf8')) as object;
    assert.equal((config as { sdk: string }).sdk, 'my sdk');
    assert.equal((await run('build', 'project')).code, 0);

    const args = await flashing('project', 'pyocd', 'pyocd');
    assert.deepEqual(args.slice(0, 4), ['flash', '--no-wait', '--target', 'mke16z64vlf4']);
    assert.match(args[4]!, /project\/build\/mnist\.elf$/);
    const bare = await run('flash', args[4]!);
    assert.equal(bare.code, EXIT.usage);
    assert.match(bare.err, /No board was given/);
  });

  it('says before a build by how much a network is too large', async () => {
    await layOwnSdk(sdk, ownSdk('package', 'frdmke04z'));
    const out = ['--out', 'too large', '--no-save'];
    const refused = await run('port', ...network, '--board', 'frdmke04z', '--sdk', sdk, ...out);
    assert.equal(refused.code, EXIT.board);
    assert.match(refused.err, /does not fit FRDM-KE04Z on NXP's SDK: it needs .* flash, .*\d bytes too much/);
    const flashUsed = async (...more: string[]): Promise<number> => {
      const { out: text, err } = await run('boards', '--model', model, '--json', ...more);
      assert.ok(text, err);
      const list = JSON.parse(text) as { id: string; flashUsed: number }[];
      return list.find((b) => b.id === 'frdmke16z')!.flashUsed;
    };
    const board = findBoard('frdmke16z');
    const more = firmwareOverhead(board, 'sdk').flashBytes - firmwareOverhead(board).flashBytes;
    assert.equal((await flashUsed('--on-sdk')) - (await flashUsed()), more);
  });

  it('lists a board that only the SDK describes, ports to it, again without being told, and flashes it', async () => {
    await layOwnSdk(path.join(folder.path, 'west/mcuxsdk'), sdkWithOwnBoard('mcuxsdk'));
    try {
      const list = await run('boards', '--sdk', 'west', '--model', model, '--json');
      const rows = JSON.parse(list.out) as {
        id: string;
        fromSdk: boolean;
        fits: boolean;
        basis: string;
        timeUs: number;
      }[];
      const row = rows.find((r) => r.id === OWN_BOARD)!;
      assert.deepEqual([row.fromSdk, row.fits, row.basis], [true, true, 'estimated'], list.err);
      assert.ok(row.timeUs > 0);
      assert.ok(rows.filter((r) => !r.fromSdk).length === boards().length);
      forgetSdkBoards(); // as another process knows none
      const port = await run(
        ...['port', ...network, '--input', sample, '--board', 'FRDM-OWN1', '--sdk', 'west', '--run', 'none'],
        ...['--out', 'own'],
      );
      assert.equal(port.code, 0, port.err);
      forgetSdkBoards();
      const again = await run('port', '--overwrite', '--json');
      assert.equal(again.code, 0, again.err);
      assert.equal((JSON.parse(again.out) as { board: string }).board, OWN_BOARD);
      forgetSdkBoards();
      assert.match(
        (await run('port', ...network, '--board', OWN_BOARD, '--no-save', '--sdk', sdk)).err,
        /There is no board/,
      );
      const args = await flashing('own', 'linkserver', 'LinkServer');
      assert.deepEqual(args.slice(0, 3), ['flash', 'OWN1Z64xxx4:FRDM-OWN1', 'load']);
    } finally {
      forgetSdkBoards();
    }
  });

  it('prints by semihosting only there', async () => {
    // where no glowport.json remembers an SDK
    const args = ['port', ...network, '--board', 'frdmke16z', '--console', 'semihost', '--no-save'];
    const r = await glowport(sdk, ...args);
    assert.equal(r.code, EXIT.usage);
    assert.match(r.err, /Semihosting is for firmware on NXP's SDK/);
  });
});
