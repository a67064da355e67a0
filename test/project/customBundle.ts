import type { Bundle, Placeholder } from '../../extension/bundle/bundle.ts';
import { writeHeader } from '../../extension/bundle/header.ts';
import { compileObject } from '../../extension/toolchain/compile.ts';

/** A placeholder of a list of numbers, which stand for themselves. */
export function placeholder(
  name: string,
  direction: 'input' | 'output',
  type: Placeholder['type'],
  count: number,
  byteOffset: number,
): Placeholder {
  const bytes = { int8: 1, int16: 2, int32: 4, index32: 4, float32: 4 }[type];
  return {
    name,
    cName: name,
    direction,
    shape: [1, count],
    type,
    scale: 1,
    offset: 0,
    byteOffset,
    byteSize: bytes * count,
  };
}

/** A network of its own C statements: `c` constants, `m` mutable memory, `a` activations. */
export async function customBundle(placeholders: readonly Placeholder[], body: string): Promise<Bundle> {
  const name = 'custom';
  const mutableBytes = (Math.max(...placeholders.map((p) => p.byteOffset + p.byteSize)) + 3) & ~3;
  const sizes = {
    name,
    placeholders,
    constantBytes: 0,
    mutableBytes,
    stateBytes: 0,
    activationBytes: 0,
    alignment: 4,
  };
  const header = writeHeader(sizes);
  const source = `#include "${name}.h"
int ${name}(uint8_t *c, uint8_t *m, uint8_t *a) { (void)c; (void)a; (void)m;
${body}
return 0; }
`;
  const object = await compileObject(
    { name, source, header },
    { cpuFlags: ['-mcpu=cortex-m0plus', '-mthumb'] },
  );
  return { ...sizes, header, source, object, weights: new Uint8Array(), layers: [] };
}
