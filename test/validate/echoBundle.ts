import type { Bundle, Placeholder } from '../../extension/bundle/bundle.ts';
import { resetFunction, writeHeader } from '../../extension/bundle/header.ts';
import { compileObject } from '../../extension/toolchain/compile.ts';

/** Sizes that take several blocks either way, of which none ends with a placeholder. */
const [A, B, X, Y] = [200, 101, 250, 7] as const;
export const INPUT_BYTES = A + B;

/** What the network gives for its inputs, one behind the other: x[i] = a[i % 200] ^ b[i % 101]; y counts runs since the reset. */
export function echoResult(input: Uint8Array): Uint8Array {
  const x = Array.from({ length: X }, (_, i) => input[i % A]! ^ input[A + (i % B)]!);
  return Uint8Array.from([...x, ...new Array<number>(Y).fill(1)]);
}

/** A bundle written by hand: two inputs, two outputs and a state, all of it to be checked byte by byte. */
export async function echoBundle(name = 'echo'): Promise<Bundle> {
  let byteOffset = 0;
  const place = (cName: string, direction: Placeholder['direction'], byteSize: number): Placeholder => {
    const at = byteOffset;
    byteOffset += byteSize;
    const numbers = { type: 'int8', scale: 1, offset: 0 } as const;
    return { name: cName, cName, direction, shape: [1, byteSize], ...numbers, byteOffset: at, byteSize };
  };
  // outputs lie between the inputs: what is one behind the other in frames is not in memory
  const placeholders = [
    place('a', 'input', A),
    place('x', 'output', X),
    place('b', 'input', B),
    place('y', 'output', Y),
  ];
  const sizes = {
    name,
    placeholders,
    constantBytes: 0,
    mutableBytes: byteOffset + 1,
    stateBytes: 1,
    activationBytes: 0,
    alignment: 4,
  };
  const header = writeHeader(sizes);
  const source = `#include "${name}.h"

void ${resetFunction(name)}(uint8_t *mutableWeight)
{
  mutableWeight[${byteOffset}] = 0U;
}

int ${name}(uint8_t *constantWeight, uint8_t *mutableWeight, uint8_t *activations)
{
  const uint8_t *a = mutableWeight;
  const uint8_t *b = mutableWeight + ${A + X};
  uint8_t *x = mutableWeight + ${A};
  uint8_t *y = mutableWeight + ${A + X + B};
  (void)constantWeight;
  (void)activations;
  mutableWeight[${byteOffset}]++;
  for (int i = 0; i < ${X}; i++) x[i] = a[i % ${A}] ^ b[i % ${B}];
  for (int i = 0; i < ${Y}; i++) y[i] = mutableWeight[${byteOffset}];
  return GLOW_SUCCESS;
}
`;
  const object = await compileObject(
    { name, source, header },
    { cpuFlags: ['-mcpu=cortex-m0plus', '-mthumb'] },
  );
  return { ...sizes, header, source, object, weights: new Uint8Array(), layers: [] };
}
