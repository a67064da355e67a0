import type { Routine } from './kernel.ts';
import { RESTORE_HIGH, SAVE_HIGH } from './thumb.ts';

/** Output channels that a routine computes together: their accumulators are r0-r3. Weights and tables are filled up to whole blocks. */
export const THUMB_BLOCK = 4;
/** Inputs multiplied per round of the inner loop. */
const UNROLL = 4;

/** What differs between the routines of a file; everything else they read from `struct NAME_dot`. */
export interface DotOptions {
  /** The vector is an int8 placeholder, not inner memory. */
  readonly signed: boolean;
  /** Accumulators begin at values from a table, not at 0. */
  readonly start: boolean;
  /** Bytes of a multiplier. */
  readonly multiplierBytes: 1 | 2 | 4;
  /** Outputs saturate to all of 0..255: one shift decides both bounds. */
  readonly full: boolean;
  /** Keep the larger of the result and what stands at `out` already. */
  readonly maximum: boolean;
}

/** Members of `struct NAME_dot` in their order, a word each. Pointers move on as blocks are computed. */
const MEMBERS = [
  ...(['weights', 'start', 'multiplier', 'constant', 'out'] as const),
  ...(['taps', 'channels', 'pre', 'post', 'bias', 'low', 'high'] as const),
] as const;
type Member = (typeof MEMBERS)[number];

/** Every name that dotRoutine gives. */
export const DOT_ROUTINE = /^dot4(_s8)?(_start)?(_m\d+)?(_range)?(_max)?$/;

/** The C declaration of what a routine reads and moves on. */
export function dotStruct(name: string): string[] {
  return [
    `/* What the assembly of dot products reads; its pointers move on from block to block. Its words are known by their order. */`,
    `struct ${name}_dot {`,
    '  const uint8_t *weights; /* w + 128, by block and input */',
    '  const int32_t *start; /* first values of accumulators, when there are any */',
    '  const void *multiplier;',
    '  const int32_t *constant;',
    '  void *out;',
    '  int32_t taps, channels, pre, post;',
    '  int32_t bias; /* taken off before an output is stored: 128 for int8 */',
    '  int32_t low, high;',
    '};',
  ];
}

/**
 * Dot products of the vector at r0 with the weights of `channels` output channels, four at a time, requantized and stored: what
 * gcc makes of the C in dot.ts takes a third longer, for want of registers. `channels` counts down to 0 or below.
 *
 * Accumulators r0-r3, activation r4, product r5, weights r6, vector r7; r8 the vector's start, r9 its end in whole rounds,
 * r10 its end, r11 the struct, r12 -128 * the vector's sum, which undoes the weights' 128.
 */
export function dotRoutine(options: DotOptions): Routine {
  const { signed, start, multiplierBytes, full, maximum } = options;
  const name =
    'dot4' +
    (signed ? '_s8' : '') +
    (start ? '_start' : '') +
    (multiplierBytes === 1 ? '' : `_m${8 * multiplierBytes}`) +
    (full ? '' : '_range') +
    (maximum ? '_max' : '');
  return {
    name,
    lines: [
      ...PROLOGUE,
      ...sumLines(signed),
      '5:',
      ...startLines(start),
      'mov r7, r11',
      load('r6', 'weights'),
      'mov r7, r8',
      'b 7f',
      '6:',
      ...Array.from({ length: UNROLL }, (_, i) => tap(i, signed)).flat(),
      `adds r6, #${UNROLL * THUMB_BLOCK}`,
      `adds r7, #${UNROLL}`,
      '7:',
      'cmp r7, r9',
      'bne 6b',
      'b 7f',
      '6:',
      ...tap(0, signed),
      `adds r6, #${THUMB_BLOCK}`,
      'adds r7, #1',
      '7:',
      'cmp r7, r10',
      'bne 6b',
      'mov r7, r11',
      store('r6', 'weights'),
      ...requantizeLines(multiplierBytes),
      ...saturateLines(full, maximum),
      ...storeLines(maximum),
      ...EPILOGUE,
    ],
  };
}

const PROLOGUE = [
  'push {r4-r7, lr}',
  ...SAVE_HIGH,
  'mov r8, r0',
  'mov r11, r1',
  load('r2', 'taps', 'r1'),
  'adds r3, r0, r2',
  'mov r10, r3',
  `lsrs r2, r2, #${Math.log2(UNROLL)}`,
  `lsls r2, r2, #${Math.log2(UNROLL)}`,
  'adds r2, r0, r2',
  'mov r9, r2',
];

const EPILOGUE = [...RESTORE_HIGH, 'pop {r4-r7, pc}'];

/** r12 = -128 * sum of the vector; r2 and r3 hold its ends. */
function sumLines(signed: boolean): string[] {
  const round = Array.from({ length: UNROLL }, (_, i) => [
    `ldrb r5, [r0, #${i}]`,
    ...(signed ? ['sxtb r5, r5'] : []),
    'adds r4, r4, r5',
  ]);
  return [
    'movs r4, #0',
    'b 2f',
    '1:',
    ...round.flat(),
    `adds r0, #${UNROLL}`,
    '2:',
    'cmp r0, r2',
    'bne 1b',
    'b 4f',
    '3:',
    ...round[0]!,
    'adds r0, #1',
    '4:',
    'cmp r0, r3',
    'bne 3b',
    'lsls r4, r4, #7',
    'rsbs r4, r4, #0',
    'mov r12, r4',
  ];
}

function startLines(start: boolean): string[] {
  if (!start) return each((acc) => [`mov ${acc}, r12`]);
  return [
    'mov r7, r11',
    load('r6', 'start'),
    'ldmia r6!, {r0-r3}',
    store('r6', 'start'),
    ...each((acc) => [`add ${acc}, r12`]),
  ];
}

/** One input times the weights of the block. */
function tap(i: number, signed: boolean): string[] {
  return [
    `ldrb r4, [r7, #${i}]`,
    ...(signed ? ['sxtb r4, r4'] : []),
    ...each((acc, j) => [
      `ldrb r5, [r6, #${i * THUMB_BLOCK + j}]`,
      'muls r5, r4, r5',
      `adds ${acc}, ${acc}, r5`,
    ]),
  ];
}

function requantizeLines(multiplierBytes: 1 | 2 | 4): string[] {
  const width = { 1: 'ldrb', 2: 'ldrh', 4: 'ldr' }[multiplierBytes];
  return [
    load('r5', 'pre'),
    ...each((acc) => [`asrs ${acc}, ${acc}, r5`]),
    load('r4', 'multiplier'),
    ...each((acc, j) => [`${width} r5, [r4, #${j * multiplierBytes}]`, `muls ${acc}, r5, ${acc}`]),
    `adds r4, #${THUMB_BLOCK * multiplierBytes}`,
    store('r4', 'multiplier'),
    load('r4', 'constant'),
    ...each((acc) => ['ldmia r4!, {r5}', `adds ${acc}, ${acc}, r5`]),
    store('r4', 'constant'),
    load('r5', 'post'),
    ...each((acc) => [`asrs ${acc}, ${acc}, r5`]),
  ];
}

/** @param compared the numbers themselves are needed, not only their low bytes */
function saturateLines(full: boolean, compared: boolean): string[] {
  if (full) {
    return each((acc) => [
      `lsrs r5, ${acc}, #8`,
      'beq 9f',
      `asrs ${acc}, ${acc}, #31`,
      `mvns ${acc}, ${acc}`,
      ...(compared ? [`uxtb ${acc}, ${acc}`] : []),
      '9:',
    ]);
  }
  return [
    load('r4', 'low'),
    load('r5', 'high'),
    ...each((acc) => [
      `cmp ${acc}, r4`,
      'bge 9f',
      `movs ${acc}, r4`,
      '9:',
      `cmp ${acc}, r5`,
      'ble 9f',
      `movs ${acc}, r5`,
      '9:',
    ]),
  ];
}

/** Stores the block, or what is left of it at the end, and goes on with the next. */
function storeLines(maximum: boolean): string[] {
  // a maximum is taken in inner memory, whose bytes have no bias
  const unbias = maximum ? [] : [load('r5', 'bias'), ...each((acc) => [`subs ${acc}, ${acc}, r5`])];
  const keep = (acc: string, j: number): string[] => [
    ...(maximum ? [`ldrb r6, [r4, #${j}]`, `cmp ${acc}, r6`, 'ble 9f'] : []),
    `strb ${acc}, [r4, #${j}]`,
    ...(maximum ? ['9:'] : []),
  ];
  return [
    ...unbias,
    load('r4', 'out'),
    load('r5', 'channels'),
    `subs r5, #${THUMB_BLOCK}`,
    store('r5', 'channels'),
    'blt 7f',
    ...each(keep),
    `adds r4, #${THUMB_BLOCK}`,
    store('r4', 'out'),
    'cmp r5, #0',
    'beq 8f',
    'b 5b',
    '7:',
    ...keep('r0', 0),
    `adds r5, #${THUMB_BLOCK - 1}`,
    'beq 8f',
    ...keep('r1', 1),
    'subs r5, #1',
    'beq 8f',
    ...keep('r2', 2),
    '8:',
  ];
}

function each(lines: (accumulator: string, j: number) => string[]): string[] {
  return Array.from({ length: THUMB_BLOCK }, (_, j) => lines(`r${j}`, j)).flat();
}

function member(name: Member, base: string): string {
  return `[${base}, #${4 * MEMBERS.indexOf(name)}]`;
}

function load(register: string, name: Member, base = 'r7'): string {
  return `ldr ${register}, ${member(name, base)}`;
}

function store(register: string, name: Member): string {
  return `str ${register}, ${member(name, 'r7')}`;
}
