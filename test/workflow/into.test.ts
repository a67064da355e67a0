import assert from 'node:assert/strict';
import { UserError } from '../../extension/common/error.ts';
import { boardOfProject } from '../../extension/workflow/into.ts';

describe('the board of a project', () => {
  const of = (boardId: string | undefined, core: string | undefined, given?: string): string =>
    boardOfProject({ folder: '/p', boardId, core }, given).id;

  it('is the one that it says, revisions and successors too', () => {
    assert.equal(of('frdmke16z', 'cm0plus'), 'frdmke16z');
    assert.equal(of('evkbmimxrt1060', 'cm7'), 'evkmimxrt1060');
    assert.equal(of('evkcmimxrt1060', 'cm7'), 'evkmimxrt1060');
    assert.equal(of('evkbmimxrt1170', 'cm7'), 'evkmimxrt1170');
  });

  it('is the one given, when the project is for its core', () => {
    assert.equal(of(undefined, 'cm0', 'lpc845breakout'), 'lpc845breakout');
    assert.equal(of(undefined, undefined, 'evkmimxrt1064'), 'evkmimxrt1064');
    for (const core of ['cm33', 'cm33_core0', 'cm4', 'cm3', 'cm7']) {
      assert.throws(
        () => of('frdmmcxn947', core, 'frdmke16z'),
        (e) => e instanceof UserError && /for another processor than FRDM-KE16Z's/.test(e.message),
        core,
      );
    }
  });
});
