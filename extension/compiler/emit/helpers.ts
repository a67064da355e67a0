import { block, textLines } from '../c/code.ts';
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
  average: 'average',
  divide: 'divide',
};

/** Helpers that a helper calls. */
export const CALLED: Readonly<Partial<Record<Helper, readonly Helper[]>>> = {
  requantize: ['highMul', 'shiftRight'],
};

/** @param nameOf the helpers in the file */
export function helperText(helper: Helper, nameOf: (helper: Helper) => string): string[] {
  const name = nameOf(helper);
  switch (helper) {
    case 'max':
      return textLines(
        [block(`static inline int32_t ${name}(int32_t a, int32_t b)`, ['return a > b ? a : b;'])],
        0,
      );
    case 'clampU8':
      return [
        '/* Saturates to 0..255; one comparison decides both bounds. */',
        ...textLines(
          [
            block(`static inline int32_t ${name}(int32_t v)`, [
              block('if ((uint32_t)v > 255u)', ['v = v < 0 ? 0 : 255;']),
              'return v;',
            ]),
          ],
          0,
        ),
      ];
    case 'clamp':
      return textLines(
        [
          block(`static inline int32_t ${name}(int32_t v, int32_t lo, int32_t hi)`, [
            'return v < lo ? lo : v > hi ? hi : v;',
          ]),
        ],
        0,
      );
    case 'fill':
      return [
        '/* Fills a buffer (aligned, a whole number of words) with a repeated byte. */',
        ...textLines(
          [
            block(`static void ${name}(uint8_t *buffer, uint32_t word, uint32_t words)`, [
              'uint32_t *p = (uint32_t *)(void *)buffer;',
              block('for (uint32_t *const end = p + words; p != end; p++)', ['*p = word;']),
            ]),
          ],
          0,
        ),
      ];
    case 'highMul':
      return [
        '/* a * b / 2^31, the nearest integer. */',
        ...textLines(
          [
            block(`static inline int32_t ${name}(int32_t a, int32_t b)`, [
              'return (int32_t)(((int64_t)a * b + 1073741824) >> 31);',
            ]),
          ],
          0,
        ),
      ];
    case 'shiftRight':
      return [
        '/* x / 2^bits, the nearest integer, halves away from zero. */',
        ...textLines(
          [
            block(`static inline int32_t ${name}(int32_t x, int32_t bits)`, [
              'const int32_t mask = (int32_t)((1u << bits) - 1u);',
              'const int32_t half = (mask >> 1) + (x < 0);',
              'return (x >> bits) + ((x & mask) > half);',
            ]),
          ],
          0,
        ),
      ];
    case 'requantize':
      return [
        '/* acc * multiplier * 2^(shift - 31), rounded twice as TensorFlow Lite Micro does. */',
        ...textLines(
          [
            block(`static inline int32_t ${name}(int32_t acc, int32_t multiplier, int32_t shift)`, [
              block('if (shift > 0)', [`return ${nameOf('highMul')}(acc * (1 << shift), multiplier);`]),
              `return ${nameOf('shiftRight')}(${nameOf('highMul')}(acc, multiplier), -shift);`,
            ]),
          ],
          0,
        ),
      ];
    case 'average':
      return [
        '/* sum * multiplier / 2^shift, the nearest integer, halves away from zero. */',
        ...textLines(
          [
            block(
              `static inline int32_t ${name}(int32_t sum, int32_t multiplier, int32_t half, int32_t shift)`,
              [
                'return sum < 0 ? -((half - sum * multiplier) >> shift) : (sum * multiplier + half) >> shift;',
              ],
            ),
          ],
          0,
        ),
      ];
    case 'divide':
      return [
        '/* sum / count, the nearest integer, halves away from zero. */',
        ...textLines(
          [
            block(`static inline int32_t ${name}(int32_t sum, int32_t count)`, [
              'return (sum < 0 ? sum - count / 2 : sum + count / 2) / count;',
            ]),
          ],
          0,
        ),
      ];
  }
}
