import { block, type Code, textLines } from '../c/code.ts';
import type { Helper } from '../kernels/kernel.ts';

/** Names of helpers behind the network's, in the order they are emitted. */
export const HELPERS: Readonly<Record<Helper, string>> = {
  max: 'max',
  clampU8: 'clamp_u8',
  clamp: 'clamp',
  fill: 'fill',
  highMul: 'high_mul',
  shiftRight: 'shift_right',
  requantize: 'requantize',
  requantizeShort: 'requantize_short',
  requantizeRaised: 'requantize_raised',
  requantizeWide: 'requantize_wide',
  requantizeLong: 'requantize_long',
  scale: 'scale_to_even',
  average: 'average',
  divide: 'divide',
  interpolate: 'interpolate',
  sigmoid: 'sigmoid',
  tanh: 'hyperbolic_tangent',
};

/** Helpers that a helper calls. */
export const CALLED: Readonly<Partial<Record<Helper, readonly Helper[]>>> = {
  requantize: ['highMul', 'shiftRight'],
  requantizeShort: ['shiftRight'],
  requantizeRaised: ['shiftRight'],
};

/** @param nameOf the helpers in the file */
export function helperText(helper: Helper, nameOf: (helper: Helper) => string): string[] {
  const { about, returns, takes, body } = definition(helper, nameOf);
  return [
    ...(about ? [`/* ${about} */`] : []),
    ...textLines([block(`static ${returns} ${nameOf(helper)}(${takes})`, body)], 0),
  ];
}

interface Definition {
  readonly about?: string;
  readonly returns: string;
  readonly takes: string;
  readonly body: Code;
}

function definition(helper: Helper, nameOf: (helper: Helper) => string): Definition {
  const returns = 'inline int32_t';
  switch (helper) {
    case 'max':
      return { returns, takes: 'int32_t a, int32_t b', body: ['return a > b ? a : b;'] };
    case 'clampU8':
      return {
        about: 'Saturates to 0..255; one comparison decides both bounds.',
        returns,
        takes: 'int32_t v',
        body: [block('if ((uint32_t)v > 255u)', ['v = v < 0 ? 0 : 255;']), 'return v;'],
      };
    case 'clamp':
      return {
        returns,
        takes: 'int32_t v, int32_t lo, int32_t hi',
        body: ['return v < lo ? lo : v > hi ? hi : v;'],
      };
    case 'interpolate':
      return {
        about: 'Linear interpolation between 513 points of a table over int16.',
        returns,
        takes: 'const int16_t *table, int32_t v',
        body: [
          'const int32_t u = v + 32768;',
          'const int16_t *const t = table + (u >> 7);',
          'const int32_t f = u & 127;',
          'return (t[0] * 128 + (t[1] - t[0]) * f + 64) >> 7;',
        ],
      };
    case 'fill':
      return {
        about: 'Fills a buffer (aligned, a whole number of words) with a repeated byte.',
        returns: 'void',
        takes: 'uint8_t *buffer, uint32_t word, uint32_t words',
        body: [
          'uint32_t *p = (uint32_t *)(void *)buffer;',
          block('for (uint32_t *const end = p + words; p != end; p++)', ['*p = word;']),
        ],
      };
    case 'highMul':
      return {
        about: 'a * b / 2^31, the nearest integer.',
        returns,
        takes: 'int32_t a, int32_t b',
        body: ['return (int32_t)(((int64_t)a * b + 1073741824) >> 31);'],
      };
    case 'shiftRight':
      return {
        about: 'x / 2^bits, the nearest integer, halves away from zero.',
        returns,
        takes: 'int32_t x, int32_t bits',
        body: [
          'const int32_t mask = (int32_t)((1u << bits) - 1u);',
          'const int32_t half = (mask >> 1) + (x < 0);',
          'return (x >> bits) + ((x & mask) > half);',
        ],
      };
    case 'requantize':
      return {
        about: 'acc * multiplier * 2^(shift - 31), rounded twice as TensorFlow Lite Micro does.',
        returns,
        takes: 'int32_t acc, int32_t multiplier, int32_t shift',
        body: [
          // by 31, an int has no such power of two
          block('if (shift > 0)', [
            `return ${nameOf('highMul')}((int32_t)((uint32_t)acc << shift), multiplier);`,
          ]),
          `return ${nameOf('shiftRight')}(${nameOf('highMul')}(acc, multiplier), -shift);`,
        ],
      };
    case 'requantizeShort':
      return {
        about:
          'acc * multiplier * 2^(shift - 31), rounded as TensorFlow Lite Micro does, of 32768 in size at most, shifts up to 14.',
        returns,
        takes: 'int32_t acc, int32_t multiplier, int32_t shift',
        body: [
          'const int32_t high = acc * (multiplier >> 16) + ((acc * (multiplier & 65535)) >> 16);',
          block('if (shift > 0)', ['return (high + (1 << (14 - shift))) >> (15 - shift);']),
          `return ${nameOf('shiftRight')}((high + 16384) >> 15, -shift);`,
        ],
      };
    case 'requantizeRaised':
      return {
        about: 'n * 2^15 * multiplier * 2^(-31 - bits) of an int16 number, rounded twice.',
        returns,
        takes: 'int32_t n, int32_t multiplier, int32_t bits',
        body: [
          'const int32_t high = n * (multiplier >> 16) + ((n * (multiplier & 65535) + 32768) >> 16);',
          `return ${nameOf('shiftRight')}(high, bits);`,
        ],
      };
    case 'requantizeWide':
      return {
        about:
          'acc * multiplier / 2^shift of the whole product, halves up, for a multiplier of 15 bits and shifts from 17 on.',
        returns,
        takes: 'int32_t acc, int32_t multiplier, int32_t shift',
        body: [
          'const int32_t high = (acc >> 16) * multiplier + (((acc & 65535) * multiplier) >> 16);',
          'return (high + (1 << (shift - 17))) >> (shift - 16);',
        ],
      };
    case 'requantizeLong':
      return {
        about: 'acc * multiplier / 2^shift of the whole product, halves up.',
        returns,
        takes: 'int64_t acc, int32_t multiplier, int32_t shift',
        body: ['return (int32_t)((acc * multiplier + ((int64_t)1 << (shift - 1))) >> shift);'],
      };
    case 'sigmoid':
      return {
        about: 'The sigmoid of v / 12288 in 32768ths, from a table of its upper half.',
        returns,
        takes: 'const uint16_t *table, int32_t v',
        body: [
          'const int32_t size = v < 0 ? -v : v;',
          'const int32_t i = size >> 9;',
          'int32_t result = 33553408;',
          block('if (i < 255)', [
            'result = table[i] * 512 + (size & 511) * ((int32_t)table[i + 1] - (int32_t)table[i]);',
          ]),
          'return (v < 0 ? 33554943 - result : result + 512) >> 10;',
        ],
      };
    case 'tanh':
      return {
        about: 'The hyperbolic tangent of v / 12288 in 32768ths, from the table of the sigmoid.',
        returns,
        takes: 'const uint16_t *table, int32_t v',
        body: [
          'const int32_t size = v < 0 ? -v : v;',
          'const int32_t i = size >> 8;',
          'int32_t result = 16776960;',
          block('if (i < 255)', [
            'result = table[i] * 256 + (size & 255) * ((int32_t)table[i + 1] - (int32_t)table[i]);',
          ]),
          'return (v < 0 ? 8388735 - result : result - 8388480) >> 8;',
        ],
      };
    case 'scale':
      return {
        about:
          'acc * scale in float32, the nearest integer, halves to the even one; from 512 on all saturate.',
        returns,
        takes: 'int32_t acc, int32_t scale_bits',
        body: [
          'const union { int32_t bits; float value; } scale = { scale_bits };',
          'const float product = (float)acc * scale.value;',
          'union { float value; int32_t bits; } sum;',
          '/* 1.5 * 2^23: the sum has no bits behind the point */',
          'sum.value = (product < -512.0f ? -512.0f : product > 512.0f ? 512.0f : product) + 12582912.0f;',
          'return sum.bits - 0x4B400000;',
        ],
      };
    case 'average':
      return {
        about: 'sum * multiplier / 2^shift, the nearest integer, halves away from zero.',
        returns,
        takes: 'int32_t sum, int32_t multiplier, int32_t half, int32_t shift',
        body: [
          'return sum < 0 ? -((half - sum * multiplier) >> shift) : (sum * multiplier + half) >> shift;',
        ],
      };
    case 'divide':
      return {
        about: 'sum / count, the nearest integer, halves away from zero.',
        returns,
        takes: 'int32_t sum, int32_t count',
        body: ['return (sum < 0 ? sum - count / 2 : sum + count / 2) / count;'],
      };
  }
}
