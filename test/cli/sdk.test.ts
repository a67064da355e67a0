import assert from 'node:assert/strict';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { findBoard } from '../../extension/board/catalogue.ts';
import { firmwareOverhead } from '../../extension/board/overhead.ts';
import { EXIT } from '../../extension/cli/exit.ts';
import { layOwnSdk, ownSdk } from '../support/ownSdk.ts';
import { calibration, glowport, model, sample, temporaryFolder } from './support.ts';

describe("cli: on NXP's SDK", () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let sdk: string;
  const network = [model, '--images', calibration];
  const run = (...args: string[]): ReturnType<typeof glowport> => glowport(folder.path, ...args);

  before(async () => {
    folder = await temporaryFolder();
    sdk = await layOwnSdk(path.join(folder.path, 'my sdk'), ownSdk('package'));
  });
  after(() => folder.dispose());

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

    const said = path.join(folder.path, 'said.txt');
    const tools = path.join(folder.path, 'tools');
    await mkdir(tools);
    await writeFile(path.join(tools, 'pyocd'), `#!/bin/sh\nprintf '%s\\n' "$@" > '${said}'\n`);
    await chmod(path.join(tools, 'pyocd'), 0o755);
    const before = process.env['PATH'];
    process.env['PATH'] = `${tools}:${before}`;
    try {
      const flash = await run('flash', 'project', '--with', 'pyocd');
      assert.equal(flash.code, 0, flash.err);
    } finally {
      process.env['PATH'] = before;
    }
    const args = (await readFile(said, 'utf8')).trim().split('\n');
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
    const boards = async (...more: string[]): Promise<number> => {
      const { out: text, err } = await run('boards', '--model', model, '--json', ...more);
      assert.ok(text, err);
      const list = JSON.parse(text) as { id: string; flashUsed: number }[];
      return list.find((b) => b.id === 'frdmke16z')!.flashUsed;
    };
    const board = findBoard('frdmke16z');
    const more = firmwareOverhead(board, 'sdk').flashBytes - firmwareOverhead(board).flashBytes;
    assert.equal((await boards('--on-sdk')) - (await boards()), more);
  });

  it('prints by semihosting only there', async () => {
    // where no glowport.json remembers an SDK
    const args = ['port', ...network, '--board', 'frdmke16z', '--console', 'semihost', '--no-save'];
    const r = await glowport(sdk, ...args);
    assert.equal(r.code, EXIT.usage);
    assert.match(r.err, /Semihosting is for firmware on NXP's SDK/);
  });
});
