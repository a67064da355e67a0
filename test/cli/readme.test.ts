import assert from 'node:assert/strict';
import { cp, readFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { productRoot } from '../../extension/common/resources.ts';
import { glowport, mnist, temporaryFolder } from './support.ts';

/** Whose code the README shows. */
const GCC = '12.2.1';

describe('README.md', () => {
  it('shows what `npm start` prints', async function () {
    const { stdout: version } = await execa('arm-none-eabi-gcc', ['-dumpversion']);
    if (version !== GCC) {
      console.log(`      skipped: the README shows the firmware of gcc ${GCC}, here is ${version}`);
      this.skip();
    }
    const folder = await temporaryFolder();
    try {
      await cp(mnist, folder.path, { recursive: true });
      const { code, out, err } = await glowport(folder.path, 'port', '--out', 'project', '--overwrite');
      assert.equal(code, 0, err);
      const shown = (await readFile(path.join(productRoot, 'README.md'), 'utf8')).split('\n');
      const printed = out
        .split('\n')
        .filter((line) => /^(class|-{5} | +[07] |Top1|Match|Close|Time|Flash|RAM) /.test(line));
      assert.equal(printed.length, 10);
      for (const line of printed) assert.ok(shown.includes(line), `README.md does not show: ${line}`);
    } finally {
      await folder.dispose();
    }
  });
});
