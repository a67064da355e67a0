import type { Placeholder } from '../../bundle/bundle.ts';
import { commentSafe } from '../../common/cComment.ts';
import { ENTRY_POINTERS, type LayerText } from './layer.ts';
import type { SourceFile } from './sourceFile.ts';
import { resetText, type StateText } from './states.ts';

/** Text of NAME.c. */
export function sourceText(
  file: SourceFile,
  layers: readonly LayerText[],
  placeholders: readonly Placeholder[],
  states: readonly StateText[],
): string {
  const unused = ENTRY_POINTERS.filter((p) => !layers.some((l) => l.pointers.has(p)));
  return [
    ...fileHead(file, placeholders),
    ...file.sharedText(),
    ...layers.flatMap((l) => ['', ...l.lines]),
    '',
    `int ${file.network}(${ENTRY_POINTERS.map((p) => `uint8_t *${p}`).join(', ')}) {`,
    ...unused.map((p) => `  (void)${p};`),
    ...layers.map((l) => `  ${l.call}`),
    '  return GLOW_SUCCESS;',
    '}',
    ...resetText(file.network, states),
    '',
  ].join('\n');
}

function fileHead(file: SourceFile, placeholders: readonly Placeholder[]): string[] {
  const { network, macros } = file;
  return [
    '/*',
    ` * ${network}: a neural network as C, made by GlowPort. Change the model, not this file.`,
    ' *',
    ...placeholders.map((p) => ` * ${p.direction} ${commentSafe(p.name)}: ${describe(p)}`),
    ' *',
    ' * real = scale * (q - offset). Values inside the network are stored as q + 128 in unsigned bytes.',
    ' * Shifts of negative numbers are arithmetic, as on every compiler for these cores.',
    ' */',
    '#include <stdint.h>',
    '',
    `#include "${network}.h"`,
    '',
    '/* Straight-line code is smaller and faster at -Os, loops at -O2; layers stay functions so that they can be profiled. */',
    '#if defined(__GNUC__) && !defined(__clang__)',
    `#define ${macros.size} __attribute__((noinline, optimize("Os")))`,
    `#define ${macros.speed} __attribute__((noinline, optimize("O2")))`,
    '#else',
    `#define ${macros.size}`,
    `#define ${macros.speed}`,
    '#endif',
    ...(file.hasAssembly
      ? [
          '/* Hot layers have assembly for ARMv6-M; the C beside it computes the same on every other core and compiler. */',
          '#if defined(__GNUC__) && defined(__ARM_ARCH_6M__) && !defined(__clang__)',
          `#define ${macros.thumb} 1`,
          '#else',
          `#define ${macros.thumb} 0`,
          '#endif',
        ]
      : []),
  ];
}

function describe(p: Placeholder): string {
  const params = p.type === 'float32' ? '' : `, scale ${p.scale}, offset ${p.offset}`;
  return `${p.type} [${p.shape.join('][')}]${params}`;
}
