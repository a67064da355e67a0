import assert from 'node:assert/strict';
import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { productRoot } from '../../extension/common/resources.ts';
import type { PortSummary } from '../../extension/workflow/port/summary.ts';
import { glowport } from '../cli/support.ts';
import { PUBLIC_MODELS, publicModel, publicSamples } from '../support/publicModels.ts';

/** The whole way with models that others have made, where they are at hand. */
describe('public models on the command line', () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'glowport-public-'));
  });
  after(() => rm(folder, { recursive: true }));

  const atHand = PUBLIC_MODELS.filter(({ file }) => publicModel(file, productRoot));
  if (atHand.length === 0) it.skip('need ../shared/models, or GLOWPORT_MODELS');
  for (const { file, board = 'frdmke17z', shape, refused } of atHand) {
    const model = publicModel(file, productRoot)!;
    const title = refused ? `${file} is refused` : `${file} prints on ${board} what the PC computes`;
    it(title, async () => {
      await copyFile(model, path.join(folder, file));
      if (shape) await writeFile(path.join(folder, 'samples.npy'), publicSamples(shape));
      const samples = shape ? ['--samples', 'samples.npy'] : [];
      const { code, out, err } = await glowport(folder, 'port', file, '--board', board, ...samples, '--json');
      if (refused) {
        assert.match(err, refused);
        return;
      }
      assert.equal(code, 0, err);
      const { match, quantization } = JSON.parse(out) as PortSummary;
      assert.equal(match, true);
      assert.equal(quantization === null, shape === undefined);
    });
  }
});
