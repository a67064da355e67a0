import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { productRoot } from '../../extension/common/resources.ts';
import { ownTemporaryFolder } from '../support/temporary.ts';
import { example, folderForTests, standIn } from './tools.ts';

describe('glow: a glowport that is killed', () => {
  ownTemporaryFolder();
  const folder = folderForTests();
  const work = async (): Promise<string[]> =>
    (await readdir(os.tmpdir())).filter((name) => /^glowport-glow-\d/.test(name));

  /** Runs the command line as a process of its own, which is killed as soon as it prints what `when` finds. */
  function run(how: string, args: readonly string[], when?: RegExp): Promise<string> {
    const cli = path.join(productRoot, 'dist', 'cli.cjs');
    const child = spawn(process.execPath, [cli, ...args, '--glow', JSON.stringify(standIn)], {
      cwd: folder.path(),
      env: { ...process.env, STAND_IN: how, NODE_OPTIONS: '' },
      // standard output to nowhere: a tool that outlives it holds what it was given
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    return new Promise((resolve, reject) => {
      let err = '';
      child.stderr.on('data', (d) => {
        err += String(d);
        if (when?.test(err)) child.kill('SIGKILL');
      });
      child.on('error', reject);
      child.on('exit', () => resolve(err));
    });
  }

  it('leaves its working folder and a tool that runs; the next one removes the folder', async function () {
    if (process.platform === 'win32') this.skip();
    const hanging = /hanging as process (\d+)/;
    const port = ['port', path.join(example, 'mnist.onnx'), '--board', 'frdmke16z', '--compiler', 'glow'];
    const images = ['--samples', path.join(example, 'samples'), '--no-glow-cache', '--debug'];
    const err = await run('profiler:hang', [...port, ...images], hanging);
    const pid = Number(hanging.exec(err)?.[1]);
    assert.ok(pid > 0, err);
    try {
      assert.equal((await work()).length, 1);
      await run('', ['doctor']);
      assert.deepEqual(await work(), []);
    } finally {
      process.kill(pid, 'SIGKILL');
    }
  });
});
