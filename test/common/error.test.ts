import assert from 'node:assert/strict';
import { UserError, throwIfCancelled } from '../../extension/common/error.ts';

describe('error', () => {
  it('throwIfCancelled throws a cancelled UserError once the signal fired', () => {
    const c = new AbortController();
    throwIfCancelled(c.signal);
    c.abort();
    assert.throws(
      () => throwIfCancelled(c.signal),
      (e: unknown) => e instanceof UserError && e.code === 'cancelled',
    );
  });
});
