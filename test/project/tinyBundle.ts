import type { Bundle, Placeholder } from '../../extension/bundle/bundle.ts';
import { writeHeader } from '../../extension/bundle/header.ts';
import { compileObject } from '../../extension/toolchain/compile.ts';

/**
 * A bundle written by hand, small enough to check by eye: output[i] = sum over j of weight[i][j] * input[j], saturated.
 * Its shape is that of a 4x4 image and three classes.
 */
export const tinyWeights = [
  [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1],
  [0, 0, 0, -1, 0, 0, -1, 0, 0, -1, 0, 0, -1, 0, 0, 0],
  [1, -1, 1, -1, 1, -1, 1, -1, 1, -1, 1, -1, 1, -1, 1, -1],
];

/** What the network gives for an input of int8 numbers. */
export function tinyResult(input: readonly number[]): number[] {
  return tinyWeights.map((row) =>
    Math.max(
      -128,
      Math.min(
        127,
        row.reduce((sum, w, j) => sum + w * input[j]!, 0),
      ),
    ),
  );
}

/** An input whose confidences are all negative: the best class is found all the same. */
export const tinyInput = [-9, -3, -5, 2, -1, -8, 4, -2, -6, 3, -7, -4, 5, -1, -2, -3];

const placeholders: Placeholder[] = [
  {
    name: 'image',
    cName: 'image',
    direction: 'input',
    shape: [1, 4, 4, 1],
    type: 'int8',
    scale: 0.5,
    offset: 3,
    byteOffset: 0,
    byteSize: 16,
  },
  {
    name: 'scores',
    cName: 'scores',
    direction: 'output',
    shape: [1, 3],
    type: 'int8',
    scale: 0.25,
    offset: -7,
    byteOffset: 16,
    byteSize: 3,
  },
];

/** The tiny bundle, compiled for Cortex-M0+; `begin` is how the sum of class `i` begins. */
export async function tinyBundle(name = 'tiny', begin = 'sum[i] = 0;'): Promise<Bundle> {
  const weights = Uint8Array.from(tinyWeights.flat());
  const sizes = {
    name,
    placeholders,
    constantBytes: weights.length,
    mutableBytes: 20,
    stateBytes: 0,
    activationBytes: 12,
    alignment: 4,
  };
  const header = writeHeader(sizes);
  const source = `#include <stdint.h>
#include "${name}.h"

int ${name}(uint8_t *constantWeight, uint8_t *mutableWeight, uint8_t *activations)
{
  const int8_t *w = (const int8_t *)constantWeight;
  const int8_t *in = (const int8_t *)mutableWeight;
  int8_t *out = (int8_t *)mutableWeight + 16;
  int32_t *sum = (int32_t *)activations;
  for (int i = 0; i < 3; i++) {
    ${begin}
    for (int j = 0; j < 16; j++) sum[i] += w[16 * i + j] * in[j];
    out[i] = (int8_t)(sum[i] > 127 ? 127 : sum[i] < -128 ? -128 : sum[i]);
  }
  return GLOW_SUCCESS;
}
`;
  const object = await compileObject(
    { name, source, header },
    { cpuFlags: ['-mcpu=cortex-m0plus', '-mthumb'] },
  );
  return { ...sizes, header, source, object, weights, layers: [] };
}

/** Text of an .inc file. */
export function incOf(values: readonly number[]): string {
  return `/* test */\n${values.map((v) => `0x${(v & 255).toString(16).padStart(2, '0')}`).join(', ')}\n`;
}
