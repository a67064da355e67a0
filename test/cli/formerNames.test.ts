import assert from 'node:assert/strict';
import { EXIT } from '../../extension/cli/exit.ts';
import { calibration, glowport, model, temporaryFolder } from './support.ts';

describe('cli: --images, as --samples was called before', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  before(async () => (folder = await temporaryFolder()));
  after(() => folder.dispose());

  it('is measured with by boards too', async () => {
    const boards = (name: string) => glowport(folder.path, 'boards', '--model', model, name, calibration);
    const former = await boards('--images');
    assert.doesNotMatch(former.err, /estimates/);
    assert.equal(former.out, (await boards('--samples')).out);
  });

  it('is refused where samples are', async () => {
    for (const name of ['--images', '--samples']) {
      const { code, err } = await glowport(folder.path, 'port', '--bundle', 'b', name, calibration);
      assert.equal(code, EXIT.usage);
      assert.match(err, /cannot be used with/);
    }
  });
});
