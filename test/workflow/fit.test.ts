import assert from 'node:assert/strict';
import { type BoardData, findBoard } from '../../extension/board/catalogue.ts';
import { UserError } from '../../extension/common/error.ts';
import { requireFit } from '../../extension/workflow/port/fit.ts';

describe('workflow/port: a network that does not fit', () => {
  const board = findBoard('frdmke04z');
  const unmeasured = { ...board, overhead: {} };
  const need = { flashBytes: 7500, ramBytes: 500, floatPlaceholders: false, cycles: 1000 };
  const options = { platform: 'own' } as const;

  function refused(on: BoardData, change: Partial<typeof need> = {}): string | undefined {
    try {
      requireFit(on, 'net', { ...need, ...change }, options);
      return undefined;
    } catch (e) {
      assert.ok(e instanceof UserError && e.code === 'board', String(e));
      return e.message;
    }
  }

  it('is refused by what has been measured', () => {
    assert.equal(refused(board, { flashBytes: 6000 }), undefined);
    assert.match(refused(board) ?? '', /^net does not fit FRDM-KE04Z: it needs 8\.7 KB flash, has 8 KB/);
  });

  it('is left to the build where only an estimate says so, unless it is too large alone', () => {
    assert.equal(refused(unmeasured), undefined);
    assert.match(refused(unmeasured, { flashBytes: 8193 }) ?? '', /it needs about 9\.5 KB flash/);
    assert.match(refused(unmeasured, { ramBytes: 1025 }) ?? '', /needs about 1\.2 KB RAM/);
    assert.match(refused(unmeasured, { floatPlaceholders: true }) ?? '', /has no FPU/);
  });
});
