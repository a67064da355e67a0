import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { productRoot } from '../../extension/common/resources.ts';
import { readLabels } from '../../extension/workflow/data/labels.ts';
import { glowport } from '../cli/support.ts';
import { testFolder } from '../support/testFolder.ts';
import { accelerometer, fileOf, keywords } from './networks.ts';

/** Whose code the pages show. */
const GCC = '12.2.1';

interface Summary {
  readonly confidences: readonly number[];
  readonly top1: number;
  readonly cycles: number;
  readonly timeUs: number;
  readonly flashBytes: number;
  readonly ramBytes: number;
}

describe('pages of the examples', () => {
  const folder = testFolder('docs');
  for (const network of [accelerometer, keywords]) {
    const name = path.basename(network.folder);
    it(`docs/${name}.md shows what a port gives`, async function () {
      const { stdout: version } = await execa('arm-none-eabi-gcc', ['-dumpversion']);
      if (version !== GCC) {
        console.log(`      skipped: the page shows the firmware of gcc ${GCC}, here is ${version}`);
        this.skip();
      }
      const page = await readFile(path.join(productRoot, 'docs', `${name}.md`), 'utf8');
      const config = ['--config', fileOf(network, 'glowport.json'), '--no-save'];
      const { code, out, err } = await glowport(folder.path, 'port', ...config, '--out', name, '--json');
      assert.equal(code, 0, err);
      const summary = JSON.parse(out) as Summary;
      const { confidences, top1, cycles, timeUs, flashBytes, ramBytes } = summary;
      const printed = confidences.flatMap((c, i) => [`class = ${i}`, `Confidence = ${c}`]);
      const uart = [...printed, `Top1 class = ${top1} `, `Inference time = ${timeUs} (us)`].join('\n');
      const classes = await readLabels(fileOf(network, network.model), undefined);
      const figures = [cycles, timeUs, flashBytes, ramBytes].map((n) => n.toLocaleString('en-US'));
      for (const text of [uart, ...classes, `says ${classes[top1]}`, ...figures]) {
        assert.ok(page.includes(text), `docs/${name}.md does not say: ${text}`);
      }
    });
  }
});
