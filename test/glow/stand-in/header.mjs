import { Buffer } from 'node:buffer';

/** A bundle whose named placeholders hold floats: its places in memory follow. */
export function withFloats(bundle, names) {
  if (names.size === 0) return bundle;
  let end = 0;
  const placeholders = bundle.placeholders.map((p) => {
    const isFloat = names.has(p.name);
    const bytes = p.shape.reduce((n, d) => n * d, 1) * 4;
    const placed = {
      ...p,
      ...(isFloat ? { type: 'float32', scale: 1, offset: 0, byteSize: bytes } : {}),
      byteOffset: end,
    };
    end += Math.ceil(placed.byteSize / 64) * 64;
    return placed;
  });
  return { ...bundle, placeholders, mutableBytes: end };
}

/**
 * A bundle's header as Glow's builds write it. `how` asks for an older form, or for outputs without a suffix.
 * @param nodes the ONNX file's: an output has a suffix where a node took its name before
 */
export function glowHeader(bundle, nodes, how) {
  const macro = bundle.name.toUpperCase();
  const is2020 = how === 'header2020';
  const taken = new Set(nodes.map((node) => node.name));
  const nameOf = (p) =>
    glowName(p.name) + (p.direction === 'output' && taken.has(p.name) && how !== 'plain-names' ? '__1' : '');
  const typeOf = ({ type, scale, offset, shape }) => {
    const dims = is2020 ? '' : `<${shape.join(' x ')}>`;
    if (type === 'float32') return `float${dims}`;
    const [low, high] = type === 'int8' ? [-128, 127] : [-32768, 32767];
    const real = (q) => (scale * (q - offset)).toFixed(3);
    return `${type === 'int8' ? 'i8' : 'i16'}[S:${scale.toFixed(9)} O:${offset}][${real(low)},${real(high)}]${dims}`;
  };
  // inputs first or last: the order is arbitrary
  const inOrder = how === 'plain-names' ? [...bundle.placeholders].reverse() : bundle.placeholders;
  const placeholders = inOrder.map((p) => ({ ...p, cName: nameOf(p) }));
  const longest = Math.max(...placeholders.map((p) => p.cName.length));
  const comments = placeholders.flatMap((p) => [
    '//',
    `//   Name: "${p.cName}"`,
    `//   Type: ${typeOf(p)}`,
    ...(is2020 ? [`//   Shape: <${p.shape.join(' x ')}>`] : []),
    `//   Size: ${p.shape.reduce((n, d) => n * d, 1)} (elements)`,
    `//   Size: ${p.byteSize} (bytes)`,
    `//   Offset: ${p.byteOffset} (bytes)`,
  ]);
  const helpers = is2020
    ? ['#define GLOW_ALIGN(size)  __attribute__((aligned(size)))']
    : [
        '#define GLOW_SUCCESS 0',
        '#define GLOW_MEM_ALIGN(size)  __attribute__((aligned(size)))',
        '#define GLOW_GET_ADDR(mutableBaseAddr, placeholderOff)  (((uint8_t*)(mutableBaseAddr)) + placeholderOff)',
      ];
  return [
    '// Bundle API auto-generated header file. Do not edit!',
    '// Glow Tools version: 2024-05-11 (05dd99b97) (stand-in)',
    '',
    `#ifndef _GLOW_BUNDLE_${macro}_H`,
    `#define _GLOW_BUNDLE_${macro}_H`,
    '',
    '#include <stdint.h>',
    '',
    '#ifndef _GLOW_BUNDLE_COMMON_DEFS',
    '#define _GLOW_BUNDLE_COMMON_DEFS',
    ...helpers,
    '#endif',
    '',
    `// Model name: "${bundle.name}"`,
    '// Placeholders:',
    ...comments,
    '//',
    '// Placeholder address offsets within mutable buffer (bytes).',
    ...placeholders.map((p) => `#define ${macro}_${p.cName.padEnd(longest)}  ${p.byteOffset}`),
    '',
    '// Memory sizes (bytes).',
    `#define ${macro}_CONSTANT_MEM_SIZE     ${bundle.constantBytes}`,
    `#define ${macro}_MUTABLE_MEM_SIZE      ${bundle.mutableBytes}`,
    `#define ${macro}_ACTIVATIONS_MEM_SIZE  ${bundle.activationBytes}`,
    '',
    '// Memory alignment (bytes).',
    `#define ${macro}_MEM_ALIGN  64`,
    '',
    '#ifdef __cplusplus',
    'extern "C" {',
    '#endif',
    `${is2020 ? 'void' : 'int'} ${bundle.name}(uint8_t *constantWeight, uint8_t *mutableWeight, uint8_t *activations);`,
    '#ifdef __cplusplus',
    '}',
    '#endif',
    '#endif',
    '',
  ].join('\n');
}

/** A name as Glow makes it a C identifier. */
export function glowName(name) {
  const whole = /^[0-9]|^$/.test(name) ? `A${name}` : name;
  return whole.replace(/[^A-Za-z0-9_]/gu, (character) => '_'.repeat(Buffer.byteLength(character)));
}
