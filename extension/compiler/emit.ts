import { commentSafe } from '../common/cComment.ts';
import type { Placeholder } from '../bundle/bundle.ts';
import { headerMacro } from '../bundle/header.ts';
import type { ConstantPool } from './constantPool.ts';
import { fillBorder } from './kernels/border.ts';
import { dotStruct } from './kernels/dotThumb.ts';
import type { Assembly, EmitContext, Helper, Kernel, Routine } from './kernels/kernel.ts';
import { indent, pointerTo } from './kernels/text.ts';
import { HELPER_NAMES } from './names.ts';
import type { Operand, Program, Step } from './program.ts';

/** Where a step's operands lie at run time: C expressions for the entry function's call. */
export interface Addresses {
  readonly operand: (o: Operand) => string;
  /** A step's scratch memory. */
  readonly scratch: (step: number) => string;
}

export interface LayerFunction {
  readonly symbol: string;
  readonly text: string;
  readonly call: string;
}

/** Text of NAME.c. */
export function emitSource(
  name: string,
  program: Program,
  kernels: readonly Kernel[],
  symbols: readonly string[],
  constants: ConstantPool,
  placeholders: readonly Placeholder[],
  addresses: Addresses,
): string {
  const helpers = new Set<Helper>();
  const routines = new Map<string, Routine>();
  const thumb = `${headerMacro(name)}_THUMB`;
  const context: EmitContext = {
    network: name,
    thumb,
    constants,
    routine: (r) => {
      routines.set(r.name, r);
      return `${name}_${r.name}`;
    },
    helper: (h) => {
      helpers.add(h);
      return `${name}_${HELPER_NAMES[h]}`;
    },
  };
  const layers = program.steps.map((step, i) =>
    layerFunction(context, name, symbols[i]!, step, kernels[i]!, addresses, i),
  );
  const arguments_ = ['constantWeight', 'mutableWeight', 'activations'];
  const calls = layers.map((l) => `${l.call};`);
  const unused = arguments_.filter((a) => !calls.some((c) => c.includes(a)));
  return [
    ...fileHead(name, placeholders, routines.size > 0 || kernels.some((k) => k.assembly)),
    ...HELPER_ORDER.filter((h) => helpers.has(h)).flatMap((h) => ['', ...helperText(name, h)]),
    ...(routines.size > 0 ? ['', ...sharedRoutines(name, thumb, [...routines.values()])] : []),
    ...layers.flatMap((l) => ['', l.text]),
    '',
    `int ${name}(uint8_t *constantWeight, uint8_t *mutableWeight, uint8_t *activations) {`,
    ...unused.map((a) => `  (void)${a};`),
    ...calls.map((c) => `  ${c}`),
    '  return GLOW_SUCCESS;',
    '}',
    '',
  ].join('\n');
}

function fileHead(name: string, placeholders: readonly Placeholder[], thumb: boolean): string[] {
  return [
    '/*',
    ` * ${name}: a neural network as C, made by GlowPort. Change the model, not this file.`,
    ' *',
    ...placeholders.map((p) => ` * ${p.direction} ${commentSafe(p.name)}: ${describe(p)}`),
    ' *',
    ' * real = scale * (q - offset). Values inside the network are stored as q + 128 in unsigned bytes.',
    ' * Shifts of negative numbers are arithmetic, as on every compiler for these cores.',
    ' */',
    '#include <stdint.h>',
    '',
    `#include "${name}.h"`,
    '',
    '/* Straight-line code is smaller and faster at -Os, loops at -O2; layers stay functions so that they can be profiled. */',
    '#if defined(__GNUC__) && !defined(__clang__)',
    `#define ${name}_SIZE __attribute__((noinline, optimize("Os")))`,
    `#define ${name}_SPEED __attribute__((noinline, optimize("O2")))`,
    '#else',
    `#define ${name}_SIZE`,
    `#define ${name}_SPEED`,
    '#endif',
    ...(thumb
      ? [
          '/* Hot layers have assembly for ARMv6-M; the C beside it computes the same on every other core and compiler. */',
          '#if defined(__GNUC__) && defined(__ARM_ARCH_6M__) && !defined(__clang__)',
          `#define ${name}_THUMB 1`,
          '#else',
          `#define ${name}_THUMB 0`,
          '#endif',
        ]
      : []),
  ].map((l) =>
    l.replace(new RegExp(`${name}_(SIZE|SPEED|THUMB)`, 'g'), (_, m: string) => `${headerMacro(name)}_${m}`),
  );
}

function describe(p: Placeholder): string {
  const params = p.type === 'float32' ? '' : `, scale ${p.scale}, offset ${p.offset}`;
  return `${p.type} [${p.shape.join('][')}]${params}`;
}

function layerFunction(
  context: EmitContext,
  name: string,
  symbol: string,
  step: Step,
  kernel: Kernel,
  addresses: Addresses,
  index: number,
): LayerFunction {
  const assembly = kernel.assembly?.(context);
  const border = step.inPlace === undefined ? fillBorder(context, step.output) : [];
  const portable = kernel.emit(context);
  const pointers = assembly
    ? [assembly.input, assembly.output, ...(assembly.constants ? [assembly.constants] : [])]
    : [];
  const body = assembly
    ? [
        ...border,
        `#if ${context.thumb}`,
        `${symbol}_thumb(${pointers.join(', ')});`,
        '#else',
        ...portable,
        '#endif',
      ]
    : [...border, ...portable];
  const text = body.join('\n');
  const several = step.inputs.length > 1;
  const names = step.inputs.map((_, i) => (several ? `in${i}` : 'in'));
  const parameters: { declare: string; pass: string }[] = step.inputs.map((x, i) => ({
    declare: `const ${x.layout.type} *${names[i]}`,
    pass: pointerTo(x.layout.type, addresses.operand(x)),
  }));
  const y = step.output;
  parameters.push({
    declare: `${y.layout.type} *out`,
    pass: `(${y.layout.type} *)${y.layout.bytesPerElement > 1 ? '(void *)' : ''}(${addresses.operand(y)})`,
  });
  if (/\bscratch\b/.test(text)) {
    parameters.push({
      declare: 'uint8_t *scratch',
      pass: addresses.scratch(index),
    });
  }
  if (/\bconstants\b/.test(text))
    parameters.push({ declare: 'const uint8_t *constants', pass: 'constantWeight' });
  const level = `${headerMacro(name)}_${kernel.optimize === 'size' ? 'SIZE' : 'SPEED'}`;
  return {
    symbol,
    call: `${symbol}(${parameters.map((p) => p.pass.replace(/^\(uint8_t \*\)\((.*)\)$/, '$1')).join(', ')})`,
    text: [
      ...(assembly ? thumbFunction(context.thumb, symbol, step, assembly) : []),
      ...layerComment(step, kernel),
      `static ${level} void ${symbol}(${parameters.map((p) => p.declare).join(', ')}) {`,
      ...indent(body),
      '}',
    ].join('\n'),
  };
}

/** The assembly of a layer, for ARMv6-M only. */
function thumbFunction(guard: string, symbol: string, step: Step, assembly: Assembly): string[] {
  const unused = '__attribute__((unused))';
  const input = `${unused} const ${step.inputs[0]!.layout.type} *in`;
  const output = `${unused} ${step.output.layout.type} *out`;
  const constants = assembly.constants ? `, ${unused} const uint8_t *constants` : '';
  return [
    `#if ${guard}`,
    `/* Assembly of the layer below: in (r0) points to the first tap, out (r1) to the first output. */`,
    ...nakedFunction(`${symbol}_thumb(${input}, ${output}${constants})`, assembly.lines),
    '#endif',
    '',
  ];
}

/** The routines that layers call, for ARMv6-M only. */
function sharedRoutines(name: string, guard: string, routines: readonly Routine[]): string[] {
  const unused = '__attribute__((unused))';
  return [
    `#if ${guard}`,
    ...dotStruct(name),
    ...routines.flatMap((r) => [
      '',
      `/* Dot products of the vector x with streamed weights, requantized and stored, four at a time. */`,
      ...nakedFunction(
        `${name}_${r.name}(${unused} const uint8_t *x, ${unused} struct ${name}_dot *dot)`,
        r.lines,
      ),
    ]),
    '#endif',
  ];
}

/** A function of nothing but assembly; noipa, so that gcc assumes nothing of what it reads and writes. */
function nakedFunction(declarator: string, lines: readonly string[]): string[] {
  return [
    `__attribute__((naked, noipa)) static void ${declarator} {`,
    '  __asm__ volatile(',
    '    ".syntax unified\\n"',
    ...lines.map((l) => `    "${/:$/.test(l) ? '' : '  '}${l}\\n"`),
    '  );',
    '}',
  ];
}

/** `base + offset` without a 0. */
export function place(base: string, offset: number): string {
  return offset === 0 ? base : `${base} + ${offset}`;
}

function layerComment(step: Step, kernel: Kernel): string[] {
  const { node, pool } = step;
  const names = [node.name, ...(pool ? [pool.name] : [])].map(commentSafe).join(' + ');
  const what = [node.kind === 'copy' ? 'copy into a border' : node.kind, ...(pool ? ['maxpool'] : [])].join(
    ' + ',
  );
  const shape = (o: Operand): string => `[${o.layout.shape.join('][')}]`;
  const quantization = (o: Operand): string =>
    o.value.type === 'float32' ? 'float32' : `scale ${o.value.scale}, offset ${o.value.offset}`;
  const geometry =
    'kernel' in node
      ? [
          ` * kernel ${node.kernel.join('x')}, stride ${node.strides.join('x')}` +
            (node.dilations.some((d) => d !== 1) ? `, dilation ${node.dilations.join('x')}` : '') +
            (pool ? `; then maximum of ${pool.kernel.join('x')}` : ''),
        ]
      : [];
  return [
    '/*',
    ` * ${names}: ${what}, ${kernel.variant} (${kernel.note})`,
    ` * ${step.inputs.map(shape).join(', ')} -> ${shape(step.output)}`,
    ...geometry,
    ...step.inputs.map((x) => ` * in: ${quantization(x)}`),
    ` * out: ${quantization(step.output)}`,
    ' */',
  ];
}

const HELPER_ORDER: readonly Helper[] = ['max', 'clampU8', 'clamp', 'fill'];

function helperText(name: string, helper: Helper): string[] {
  switch (helper) {
    case 'max':
      return [`static inline int32_t ${name}_max(int32_t a, int32_t b) {`, '  return a > b ? a : b;', '}'];
    case 'clampU8':
      return [
        '/* Saturates to 0..255; one comparison decides both bounds. */',
        `static inline int32_t ${name}_clamp_u8(int32_t v) {`,
        '  if ((uint32_t)v > 255u) {',
        '    v = v < 0 ? 0 : 255;',
        '  }',
        '  return v;',
        '}',
      ];
    case 'clamp':
      return [
        `static inline int32_t ${name}_clamp(int32_t v, int32_t lo, int32_t hi) {`,
        '  return v < lo ? lo : v > hi ? hi : v;',
        '}',
      ];
    case 'fill':
      return [
        '/* Fills a buffer (aligned, a whole number of words) with a repeated byte. */',
        `static void ${name}_fill(uint8_t *buffer, uint32_t word, uint32_t words) {`,
        '  uint32_t *p = (uint32_t *)(void *)buffer;',
        '  for (uint32_t *const end = p + words; p != end; p++) {',
        '    *p = word;',
        '  }',
        '}',
      ];
  }
}
