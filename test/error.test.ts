import assert from 'node:assert/strict';
import { PortError, throwIfCancelled } from '../extension/error.ts';

describe('error', () => {
  it('throwIfCancelled throws a cancelled PortError once the signal fired', () => {
    const c = new AbortController();
    throwIfCancelled(c.signal);
    c.abort();
    assert.throws(
      () => throwIfCancelled(c.signal),
      (e: unknown) => e instanceof PortError && e.code === 'cancelled',
    );
  });
});
