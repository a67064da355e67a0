import { block, textLines } from '../c/code.ts';
import type { Helper } from '../kernels/kernel.ts';

/** Names of helpers behind the network's, in the order they are emitted. */
export const HELPERS: Readonly<Record<Helper, string>> = {
  max: 'max',
  clampU8: 'clamp_u8',
  clamp: 'clamp',
  fill: 'fill',
};

/** @param name of the helper in the file */
export function helperText(helper: Helper, name: string): string[] {
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
  }
}
