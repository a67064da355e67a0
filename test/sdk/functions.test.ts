import assert from 'node:assert/strict';
import { definedFunctions } from '../../extension/sdk/functions.ts';

describe('functions that a source of the SDK defines', () => {
  it('are told from those it declares, calls or mentions', () => {
    const names = definedFunctions(`
/* void Commented(void) { */
// void AlsoCommented(void) {
#if defined(FEATURE) && (FEATURE > 0)
void Declared(uint32_t frequency);
#endif
#define MACRO(x) Called(x)
#define VALUE (1)
static inline void Inline(clock_t connection)
{
    if (Called(connection)) { return; }
}
__attribute__((weak)) void Weak(void) {
}
uint32_t
Broken(uint32_t a,
       uint32_t b)
{
    Called(a);
}
`);
    const found = (name: string): boolean => names.includes(name);
    for (const name of ['MACRO', 'Inline', 'Weak', 'Broken']) assert.ok(found(name), name);
    for (const name of ['Commented', 'AlsoCommented', 'Declared', 'Called', 'VALUE'])
      assert.ok(!found(name), name);
  });
});
