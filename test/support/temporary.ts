import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/**
 * Gives the tests of a `describe` an `os.tmpdir()` that no other program writes into, so that they can tell what the code
 * under test leaves there.
 */
export function ownTemporaryFolder(): void {
  const usual = process.env['TMPDIR'];
  let own = '';
  before(() => (process.env['TMPDIR'] = own = mkdtempSync(path.join(os.tmpdir(), 'glowport-test-tmp-'))));
  after(() => {
    if (usual === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = usual;
    rmSync(own, { recursive: true, force: true });
  });
}
