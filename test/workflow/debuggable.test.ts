import assert from 'node:assert/strict';
import { boards } from '../../extension/board/catalogue.ts';
import { UserError } from '../../extension/common/error.ts';
import { isSimulated } from '../../extension/simulator/boards/boards.ts';
import { debuggable, requireDebugger } from '../../extension/workflow/steps/debuggable.ts';
import { testFolder } from '../support/testFolder.ts';

/** A check for an error: its code, words of its sentence, and what it says to do. */
const failure =
  (code: string, text: RegExp, ...todo: string[]) =>
  (error: unknown): boolean => {
    assert.ok(error instanceof UserError);
    assert.equal(error.code, code);
    assert.match(error.message, text);
    assert.deepEqual(
      error.remedies.map((r) => r.do),
      todo,
    );
    return true;
  };

describe('workflow: firmware that can be debugged', () => {
  const folder = testFolder('debuggable');
  /** Something that is found as GDB; it is not started. */
  const gdb = process.execPath;

  it('refuses boards that are not simulated, and says where they are debugged', () => {
    const real = boards().find((board) => !isSimulated(board))!;
    assert.throws(
      () => requireDebugger(real.id, { gdb }),
      failure('board', /cannot be simulated/, 'advice', 'chooseBoard'),
    );
    assert.throws(() => requireDebugger('nothing', { gdb }), failure('board', /nothing/, 'chooseBoard'));
    assert.deepEqual(requireDebugger('frdmke16z', { gdb }), { board: 'frdmke16z', gdb });
  });

  it('says that a GDB is not where the setting says', () => {
    const nowhere = { gdb: '/nowhere/gdb' };
    assert.throws(
      () => requireDebugger('frdmke16z', nowhere),
      failure('toolchain', /\/nowhere\/gdb/, 'correctToolPlace'),
    );
  });

  it('takes ELF files only, and has missing ones built', async () => {
    const hex = await folder.put('firmware.hex', ':00000001FF\n');
    await assert.rejects(
      debuggable(hex, 'frdmke16z', { gdb }),
      failure('input', /firmware\.hex is no ELF file/, 'advice'),
    );
    const missing = hex.replace('.hex', '.elf');
    await assert.rejects(
      debuggable(missing, 'frdmke16z', { gdb }),
      failure('input', /firmware\.elf/, 'buildProject'),
    );
  });
});
