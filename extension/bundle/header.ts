import type { RawUnits } from '../common/affine.ts';
import { UserError } from '../common/error.ts';
import { say, type Sentence } from '../common/errors/sentence.ts';
import { type Bundle, cIdentifier, type ElementType, type Placeholder } from './bundle.ts';
import { rawText } from './rawSteps.ts';

/** Prefix of a bundle's macros: Glow upper-cases the network name and leaves placeholder names as they are. */
export function headerMacro(name: string): string {
  return name.toUpperCase();
}

/** Macros that a header may have behind its prefix, the last where the network keeps a state; no placeholder may be called so. */
export const HEADER_SIZES = [
  'CONSTANT_MEM_SIZE',
  'MUTABLE_MEM_SIZE',
  'ACTIVATIONS_MEM_SIZE',
  'MEM_ALIGN',
  'STATE_MEM_SIZE',
] as const;

/** The function that gives a network's states their initial values. */
export function resetFunction(name: string): string {
  return `${name}_reset`;
}

type HeaderData = Pick<
  Bundle,
  'name' | 'placeholders' | 'constantBytes' | 'mutableBytes' | 'stateBytes' | 'activationBytes' | 'alignment'
>;

/**
 * Text of NAME.h as Glow's static bundle API has it: sizes, placeholder offsets, helper macros, the entry point.
 * @param rawUnits inputs that are normalized: how raw values become theirs is said
 */
export function writeHeader(b: HeaderData, rawUnits: RawUnits = {}): string {
  const macro = headerMacro(b.name);
  const size = (what: string, bytes: number, comment: string): string[] => [
    `// ${comment}`,
    `#define ${macro}_${what} ${bytes}`,
  ];
  return [
    `// Bundle API of the network '${b.name}', made by GlowPort; the same names as Glow's static bundles.`,
    `#ifndef _GLOW_BUNDLE_${macro}_H`,
    `#define _GLOW_BUNDLE_${macro}_H`,
    '',
    '#include <stdint.h>',
    '',
    '// ---------------------------------------------------------------',
    '//                       Common definitions',
    '// ---------------------------------------------------------------',
    '#ifndef _GLOW_BUNDLE_COMMON_DEFS',
    '#define _GLOW_BUNDLE_COMMON_DEFS',
    '',
    '// Glow bundle error code for correct execution.',
    '#define GLOW_SUCCESS 0',
    '',
    '// Memory alignment definition with given alignment size',
    '// for static allocation of memory.',
    '#define GLOW_MEM_ALIGN(size) __attribute__((aligned(size)))',
    '',
    '// Macro function to get the absolute address of a',
    '// placeholder using the base address of the mutable',
    '// weight buffer and placeholder offset definition.',
    '#define GLOW_GET_ADDR(mutableBaseAddr, placeholderOff) (((uint8_t *)(mutableBaseAddr)) + placeholderOff)',
    '',
    '#endif',
    '',
    '// ---------------------------------------------------------------',
    '//                          Bundle API',
    '// ---------------------------------------------------------------',
    ...b.placeholders.flatMap((p) => [
      ...rawComment(p, rawUnits),
      ...placeholderComment(p),
      `#define ${macro}_${p.cName} ${p.byteOffset}`,
      '',
    ]),
    ...size('CONSTANT_MEM_SIZE', b.constantBytes, 'Memory sizes (bytes).'),
    `#define ${macro}_MUTABLE_MEM_SIZE ${b.mutableBytes}`,
    `#define ${macro}_ACTIVATIONS_MEM_SIZE ${b.activationBytes}`,
    '',
    ...size('MEM_ALIGN', b.alignment, 'Memory alignment (bytes).'),
    '',
    '#ifdef __cplusplus',
    'extern "C" {',
    '#endif',
    '',
    '// Bundle entry point (inference function). Returns 0 on success.',
    `int ${b.name}(uint8_t *constantWeight, uint8_t *mutableWeight, uint8_t *activations);`,
    '',
    ...(b.stateBytes > 0
      ? [
          '// The network keeps a state between inferences, in the mutable weight buffer.',
          '// Call this before the first inference, and to begin anew: it gives the state its initial values.',
          `#define ${macro}_STATE_MEM_SIZE ${b.stateBytes}`,
          `void ${resetFunction(b.name)}(uint8_t *mutableWeight);`,
          '',
        ]
      : []),
    '#ifdef __cplusplus',
    '}',
    '#endif',
    '#endif',
    '',
  ].join('\n');
}

/** How an input that is normalized is made of raw values; above Glow's comment block, which stays as it is. */
function rawComment(p: Placeholder, rawUnits: RawUnits): string[] {
  if (p.direction !== 'input' || !Object.hasOwn(rawUnits, p.name)) return [];
  const lines = rawText(p, rawUnits[p.name]!).map((line) => `//   ${line}`);
  return ['//', '//   From raw values, normalization included:', ...lines];
}

/** Glow's comment block of a placeholder; `Type` carries element type, scale, offset, real range and shape. */
function placeholderComment(p: Placeholder): string[] {
  const n = p.shape.reduce((a, d) => a * d, 1);
  return [
    '//',
    `//   Name: "${p.name
      .replace(/[^\x20-\x7e]/g, '?')
      .replace(/\\/g, '/')
      .replace(/"/g, "'")}"`,
    `//   Type: ${typeText(p)}`,
    `//   Size: ${n} (elements)`,
    `//   Size: ${p.byteSize} (bytes)`,
    `//   Offset: ${p.byteOffset} (bytes)`,
    '//',
  ];
}

/** How Glow calls a type of integers, and its largest one. */
const INTEGERS = {
  int8: { bits: 'i8', most: 127 },
  int16: { bits: 'i16', most: 32767 },
  int32: { bits: 'i32', most: 2 ** 31 - 1 },
} as const;
const TYPE_OF = { i8: 'int8', i16: 'int16', i32: 'int32' } as const;

function typeText(p: Placeholder): string {
  const shape = `<${p.shape.join(' x ')}>`;
  if (p.type === 'float32') return `float${shape}`;
  if (p.type === 'index32') return `index32${shape}`;
  const { bits, most } = INTEGERS[p.type];
  const real = (q: number): string => (p.scale * (q - p.offset)).toFixed(3);
  return `${bits}[S:${scaleText(p.scale)} O:${p.offset}][${real(-most - 1)},${real(most)}]${shape}`;
}

/** With nine decimals, as Glow has it, where these hold the scale. */
function scaleText(scale: number): string {
  const fixed = scale.toFixed(9);
  return Math.abs(Number(fixed) / scale - 1) < 1e-4 ? fixed : scale.toExponential(8);
}

/** What a header says; directions are not in it and come from the model. */
export interface ParsedHeader {
  readonly name: string;
  readonly placeholders: readonly Omit<Placeholder, 'direction'>[];
  readonly constantBytes: number;
  readonly mutableBytes: number;
  readonly stateBytes: number;
  readonly activationBytes: number;
  readonly alignment: number;
}

/** Sizes and places are counted exactly; a scale that was rounded may be 0. */
function isPossible(p: Omit<Placeholder, 'direction'>): boolean {
  const counts = [...p.shape, p.byteOffset, p.byteSize];
  return (
    counts.every(Number.isSafeInteger) &&
    Number.isSafeInteger(p.offset) &&
    Number.isFinite(p.scale) &&
    p.scale >= 0
  );
}

/** A header longer than this is none. */
const MAX_HEADER = 1024 * 1024;

/**
 * Reads a bundle's header by name, in the forms that Glow's builds of 2020 to 2024 and ours write.
 *
 * @param where file name for messages
 * @throws UserError `input` when sizes or the entry point are missing
 */
export function readHeader(text: string, where: string): ParsedHeader {
  const bad = (what: Sentence): UserError =>
    new UserError(
      'input',
      say`${where} ${what}.`,
      say`Compile the model again; a bundle header names sizes and placeholders.`,
    );
  if (text.length > MAX_HEADER) throw bad(say`is too large for a bundle header`);
  const name = /^[ \t]*(?:int|void)\s+([A-Za-z_]\w*)\s*\(\s*uint8_t\s*\*/m.exec(text)?.[1];
  if (!name) throw bad(say`has no entry point of a Glow bundle`);
  const macro = headerMacro(name);
  const number = (suffix: string, fallback?: number): number => {
    const m = new RegExp(`^[ \\t]*#define[ \\t]+${macro}_${suffix}[ \\t]+(\\d{1,10})\\b`, 'm').exec(text);
    if (m) return Number(m[1]);
    if (fallback !== undefined) return fallback;
    throw bad(say`does not define ${macro}_${suffix}`);
  };
  const placeholders = placeholderComments(text).map(
    ({ name: original, type, shape, elements, define, ...place }) => ({
      name: original,
      cName: define?.startsWith(`${macro}_`) ? define.slice(macro.length + 1) : cIdentifier(original),
      ...parseType(type, shape, elements),
      ...place,
    }),
  );
  if (placeholders.length === 0) throw bad(say`describes no placeholder`);
  const impossible = placeholders.find((p) => !isPossible(p));
  if (impossible) throw bad(say`gives the placeholder ${impossible.name} numbers that no bundle has`);
  return {
    name,
    placeholders,
    constantBytes: number('CONSTANT_MEM_SIZE'),
    mutableBytes: number('MUTABLE_MEM_SIZE'),
    stateBytes: number('STATE_MEM_SIZE', 0),
    activationBytes: number('ACTIVATIONS_MEM_SIZE'),
    alignment: number('MEM_ALIGN'),
  };
}

/** What the comment of a placeholder says, and the macro that is defined below it. */
interface PlaceholderComment {
  readonly name: string;
  readonly type: string;
  /** Of headers that have it on a line of its own. */
  readonly shape: string | undefined;
  readonly elements: number;
  readonly byteSize: number;
  readonly byteOffset: number;
  readonly define: string | undefined;
}

/** The comments of placeholders: their lines one below the other, with empty ones between them or not. */
function placeholderComments(text: string): PlaceholderComment[] {
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  return lines.flatMap((line, i) => {
    const name = /^\/\/\s*Name:\s*"([^"]*)"$/.exec(line)?.[1];
    let at = i + 1;
    const next = (pattern: RegExp): string | undefined => {
      const found = pattern.exec(lines[at] ?? '')?.[1];
      if (found !== undefined) at++;
      return found;
    };
    if (name === undefined) return [];
    const type = next(/^\/\/\s*Type:(.*)$/);
    const shape = next(/^\/\/\s*Shape:(.*)$/);
    const elements = next(/^\/\/\s*Size:\s*(\d+) \(elements\)$/);
    const byteSize = next(/^\/\/\s*Size:\s*(\d+) \(bytes\)$/);
    const byteOffset = next(/^\/\/\s*Offset:\s*(\d+) \(bytes\)$/);
    if (!type || !elements || !byteSize || !byteOffset) return [];
    next(/^(\/\/)/);
    const define = next(/^#define\s+(\w+)/);
    const sizes = { elements: Number(elements), byteSize: Number(byteSize), byteOffset: Number(byteOffset) };
    return [{ name, type: type.trim(), shape, ...sizes, define }];
  });
}

/** `i8[S:0.0039 O:-128][0.000,1.000]<1 x 28 x 28 x 1>`, `float<1 x 10>`, or `float` with a Shape line of its own. */
function parseType(
  text: string,
  shapeLine: string | undefined,
  count: number,
): { type: ElementType; scale: number; offset: number; shape: number[] } {
  const dims = (/<([^<>]*)>/.exec(text)?.[1] ?? shapeLine ?? String(count)).match(/\d+/g) ?? [];
  const shape = dims.map(Number);
  if (text.startsWith('index32')) return { type: 'index32', scale: 1, offset: 0, shape };
  const quantized = /^(i8|i16|i32)\[S:([-+0-9.eE]+) O:(-?\d+)/.exec(text);
  if (!quantized) return { type: 'float32', scale: 1, offset: 0, shape };
  return {
    type: TYPE_OF[quantized[1] as keyof typeof TYPE_OF],
    scale: Number(quantized[2]),
    offset: Number(quantized[3]),
    shape,
  };
}
