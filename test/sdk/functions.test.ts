import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { functionsOf } from '../../extension/sdk/functions.ts';

const HEADER = `
#if defined(FEATURE) && (FEATURE > 0)
void Declared(uint32_t frequency);
#endif
#define MACRO(x) Called(x)
static inline void Inline(clock_t connection)
{
    if (Called(connection)) { return; }
}
`;

const SOURCE = `
/* void Commented(void) { */
// void AlsoCommented(void) {
__attribute__((weak)) void Weak(void) {
}
uint32_t
Broken(uint32_t a,
       uint32_t b)
{
    Called(a);
}
`;

describe('functions that sources of the SDK define', () => {
  let folder = '';
  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'glowport-sdk-'));
    await writeFile(path.join(folder, 'fsl_clock.h'), HEADER);
    await writeFile(path.join(folder, 'fsl_clock.c'), SOURCE);
  });
  after(() => rm(folder, { recursive: true, force: true }));

  it('are told from those they declare, call or mention; headers beside them count', async () => {
    const sources = ['fsl_clock.c', 'startup.S', 'not_there.c'];
    const names = await functionsOf(folder, { sources });
    for (const name of ['MACRO', 'Inline', 'Weak', 'Broken']) assert.ok(names.has(name), name);
    for (const name of ['Commented', 'AlsoCommented', 'Declared', 'Called'])
      assert.ok(!names.has(name), name);
  });
});
