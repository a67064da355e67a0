import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { productRoot } from '../../extension/common/resources.ts';
import { glowport } from '../cli/support.ts';
import { folderForTests, standIn } from './tools.ts';

describe('glow: GLOWPORT_GLOW', () => {
  const folder = folderForTests();

  // two executables in a folder's bin, as an installation has them; what they do is the stand-ins'
  before(async function () {
    if (process.platform === 'win32') this.skip();
    const bin = path.join(folder.path(), 'bin');
    await mkdir(bin);
    for (const tool of ['image-classifier', 'model-compiler']) {
      const [node, script] = standIn.map((w) => w.replaceAll('{tool}', tool));
      await writeFile(path.join(bin, tool), `#!/bin/sh\nexec '${node}' '${script}' "$@"\n`);
      await chmod(path.join(bin, tool), 0o755);
    }
  });

  it('may be relative to the folder where glowport runs, as --glow may', async () => {
    const relative = path.join('bin', 'model-compiler');
    for (const place of ['bin', './bin', relative, '.', '["./bin/{tool}"]']) {
      const { out } = await glowport(folder.path(), 'doctor', '--glow', place);
      assert.match(out, /^Glow \(image-classifier, model-compiler\) +ok +2024-05-11/m, place);
    }
  });

  it('makes the same tests drive the tools it names; without it they say that real ones were not tested', () => {
    const mocha = fileURLToPath(import.meta.resolve('mocha/bin/mocha.js'));
    const titles = (place: string): string[] => {
      const { stdout, stderr } = spawnSync(
        process.execPath,
        [mocha, '--reporter', 'json', '--grep', "note's commands", 'test/glow/compile.test.ts'],
        {
          cwd: productRoot,
          encoding: 'utf8',
          // mocha hands options of its own to what it starts
          env: { ...process.env, GLOWPORT_GLOW: place, STAND_IN: '', NODE_OPTIONS: '' },
        },
      );
      const report = JSON.parse(stdout.slice(stdout.indexOf('{'))) as {
        failures: { err: { message: string } }[];
        passes: { fullTitle: string }[];
      };
      assert.deepEqual(report.failures, [], stderr);
      return report.passes.map((t) => t.fullTitle);
    };
    assert.deepEqual(titles(folder.path()), [
      "glow: real tools the bytes of the note's commands run by hand",
    ]);
    assert.match(titles('')[0]!, /^glow: stand-ins \(GLOWPORT_GLOW is not set: real tools are not tested\)/);
  });
});
