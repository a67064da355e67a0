import type { Label } from '../../assembly/item.ts';
import type { Low } from '../../assembly/registers.ts';
import { Thumb, type ThumbCode } from '../../assembly/thumb.ts';
import type { AssemblyFunction } from '../kernel.ts';
import { exactSubroutine } from '../tflite/exactThumb.ts';
import { saturateByte } from '../thumbPieces.ts';

/** Output channels that a routine computes together. Weights and tables are filled up to whole blocks. */
const ACCUMULATORS = ['r0', 'r1', 'r2', 'r3'] as const;
export const THUMB_BLOCK = ACCUMULATORS.length;
/** Inputs multiplied per round of the inner loop. */
const UNROLL = 4;

/** What differs between the routines of a file; everything else they read from the struct. */
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
  /** Results that the form leaves open are requantized as TensorFlow Lite does, in fixed point, or as ONNX, in float32. */
  readonly exact: 'fixed' | 'float' | undefined;
  /** Outputs are int16. */
  readonly wide: boolean;
}

/** Members of the struct in their order, a word each. Pointers move on as blocks are computed. */
const MEMBERS = [
  ...(['weights', 'start', 'multiplier', 'constant', 'out'] as const),
  ...(['taps', 'channels', 'pre', 'post', 'bias', 'low', 'high'] as const),
  ...(['exact', 'shift', 'bits', 'band', 'zero', 'acc'] as const),
] as const;
type Member = (typeof MEMBERS)[number];

/** The struct that a routine reads and moves on. */
export const DOT_STRUCT = {
  name: 'dot',
  about:
    'What the assembly of dot products reads; its pointers move on from block to block. Its words are known by their order.',
  members: [
    'const uint8_t *weights; /* w + 128, by block and input */',
    'const int32_t *start; /* first values of accumulators, when there are any */',
    'const void *multiplier;',
    'const int32_t *constant;',
    'void *out;',
    'int32_t taps, channels, pre, post;',
    'int32_t bias; /* taken off before an output is stored: 128 for int8 */',
    'int32_t low, high;',
  ],
} as const;

/** The same with what the exact requantization needs. */
export const EXACT_DOT_STRUCT = {
  name: 'exact_dot',
  about: DOT_STRUCT.about,
  members: [
    ...DOT_STRUCT.members,
    'const int32_t *exact; /* behind the multipliers and shifts of the channels that are left */',
    'const int8_t *shift;',
    'int32_t bits; /* above those that the form shifts out */',
    'uint32_t band;',
    'int32_t zero;',
    'int32_t acc[4];',
  ],
} as const;

/** Behind the network's name. */
export function dotName({ signed, start, multiplierBytes, full, maximum, exact, wide }: DotOptions): string {
  return (
    'dot4' +
    (signed ? '_s8' : '') +
    (start ? '_start' : '') +
    (multiplierBytes === 1 ? '' : `_m${8 * multiplierBytes}`) +
    (full ? '' : '_range') +
    (maximum ? '_max' : '') +
    (exact ? { fixed: '_exact', float: '_float' }[exact] : '') +
    (wide ? '_to16' : '')
  );
}

export const DOT_ABOUT = [
  'Dot products of the vector x with the weights of dot->channels output channels, four at a time, requantized and stored at',
  'dot->out. dot->channels counts down to 0 or below.',
] as const;

const SUM = "-128 * the vector's sum, which undoes the weights' 128";
/** Where the sum lies on the stack, in a routine that calls the library; the eight bytes keep the stack aligned. */
const SUM_PLACE = 0;
const STACK_BYTES = 8;

/** What each register holds, for the reader. */
export function dotRegisters({ exact }: DotOptions): AssemblyFunction['registers'] {
  return [...REGISTERS, [exact === 'float' ? `[sp, #${SUM_PLACE}]` : 'r12', SUM]];
}

const REGISTERS = [
  ['r0-r3', 'accumulators of four output channels'],
  ['r4', 'activation, tables'],
  ['r5', 'weight, product'],
  ['r6', 'weights'],
  ['r7', 'place in the vector, the struct between blocks'],
  ['r8', 'begin of the vector'],
  ['r9', `its end in whole rounds of ${UNROLL}`],
  ['r10', 'its end'],
  ['r11', 'the struct'],
] as const;

/**
 * The routine: what gcc makes of the C in dot.ts takes a third longer, for want of registers.
 *
 * @param taps weights of an output channel, and channels of a vector: the text does not depend on them, the prediction of
 * cycles does
 * @param share of the results that are computed exactly
 */
export function dotCode(options: DotOptions, taps: number, channels: number, share = 0): ThumbCode {
  const { signed, start, multiplierBytes, full, maximum, exact, wide } = options;
  const blocks = Math.ceil(channels / THUMB_BLOCK);
  const isFloat = exact === 'float';
  const code = new Thumb();
  code.prologue(true);
  if (isFloat) code.moveStack(-STACK_BYTES);
  code.comment('where the vector begins and ends');
  code.mov('r8', 'r0');
  code.mov('r11', 'r1');
  load(code, 'r2', 'taps', 'r1');
  code.adds('r3', 'r0', 'r2');
  code.mov('r10', 'r3');
  code.lsrs('r2', 'r2', Math.log2(UNROLL));
  code.lsls('r2', 'r2', Math.log2(UNROLL));
  code.adds('r2', 'r0', 'r2');
  code.mov('r9', 'r2');
  vectorSum(code, signed, taps);
  // the library's functions may lose r12
  if (isFloat) code.strStack('r4', SUM_PLACE);
  else code.mov('r12', 'r4');

  const open = ACCUMULATORS.map((acc, j) => ({ acc, j, again: code.label(`look again at ${acc}`), known: code.label(`${acc} is known`) })); // prettier-ignore
  const nextBlock = code.label('each block');
  const done = code.label('done');
  code.repeat(blocks, () => {
    code.place(nextBlock);
    firstValues(code, start, isFloat);
    code.mov('r7', 'r11');
    load(code, 'r6', 'weights');
    products(code, signed, taps);
    code.mov('r7', 'r11');
    store(code, 'r6', 'weights');
    if (exact) keepAccumulators(code);
    formOf(code, multiplierBytes);
    if (exact) open.forEach((o) => shiftOrLookAgain(code, o, share));
    if (exact) code.mov('r7', 'r11');
    else shiftAll(code);
    saturate(code, full, maximum);
    storeBlock(code, { maximum, wide }, nextBlock, done, channels);
  });
  code.place(done);
  if (isFloat) code.moveStack(STACK_BYTES);
  code.epilogue(true);
  if (exact) lookAgain(code, open, isFloat, blocks * share);
  return code.assemble();
}

/** One of the accumulators, whose result may have to be computed exactly. */
interface Open {
  readonly acc: Low;
  readonly j: number;
  readonly again: Label;
  readonly known: Label;
}

/** The accumulators as they are into the struct, from where they are requantized exactly. */
function keepAccumulators(code: Thumb): void {
  code.movs('r4', 'r7');
  code.adds('r4', 'r4', member('acc'));
  code.stmia('r4', ...ACCUMULATORS);
}

/** Ends the form of one accumulator; r5, r6 and r7 hold bits, band and shift. */
function shiftOrLookAgain(code: Thumb, { acc, j, again, known }: Open, share: number): void {
  if (j === 0) {
    code.comment('near where the result steps, it is computed exactly');
    endOfForm(code);
  }
  code.movs('r4', acc);
  code.lsls('r4', 'r4', 'r5');
  code.cmp('r4', 'r6');
  code.branchIf('lo', again, share);
  code.asrs(acc, acc, 'r7');
  code.place(known);
}

/** What `shiftOrLookAgain` needs, from the struct in r7. */
function endOfForm(code: Thumb): void {
  load(code, 'r5', 'bits');
  load(code, 'r6', 'band');
  load(code, 'r7', 'post');
}

/** The exact requantization of each accumulator, out of line. @param times of each, for the prediction */
function lookAgain(code: Thumb, open: readonly Open[], isFloat: boolean, times: number): void {
  const exactly = code.label('exactly');
  for (const { acc, j, again, known } of open) {
    code.repeat(times, () => {
      code.place(again);
      code.mov('r7', 'r11');
      load(code, 'r5', 'channels');
      load(code, 'r6', 'exact');
      code.lsls('r4', 'r5', 2);
      code.subs('r6', 'r6', 'r4');
      code.ldr('r4', 'r6', 4 * j);
      load(code, 'r6', 'shift');
      code.subs('r6', 'r6', 'r5');
      code.ldrb('r5', 'r6', j);
      code.sxtb('r5', 'r5');
      code.ldr('r6', 'r7', member('acc') + 4 * j);
      code.call(exactly);
      load(code, 'r5', 'zero');
      code.adds(acc, 'r4', 'r5');
      endOfForm(code);
      code.branch(known);
    });
  }
  exactSubroutine(code, exactly, 'r6', isFloat, times * open.length);
}

/** Rounds of UNROLL elements up to `end`, then the elements that are left, one by one. */
function overVector(
  code: Thumb,
  taps: number,
  ends: { whole: () => void; all: () => void },
  element: (i: number) => void,
  advance: (n: number) => void,
): void {
  const parts = [
    { name: 'whole rounds', n: UNROLL, times: Math.floor(taps / UNROLL), compare: ends.whole },
    { name: 'the rest', n: 1, times: taps % UNROLL, compare: ends.all },
  ];
  for (const { name, n, times, compare } of parts) {
    const [again, check] = [code.label(name), code.label(`${name}: any?`)];
    code.branch(check);
    code.repeat(times, () => {
      code.place(again);
      for (let i = 0; i < n; i++) element(i);
      advance(n);
    });
    code.repeat(times + 1, () => {
      code.place(check);
      compare();
      code.branchIf('ne', again, times / (times + 1));
    });
  }
}

/** r4 = -128 * sum of the vector; r2 and r3 hold its ends. */
function vectorSum(code: Thumb, signed: boolean, taps: number): void {
  code.comment("the vector's sum");
  code.movs('r4', 0);
  overVector(
    code,
    taps,
    { whole: () => code.cmp('r0', 'r2'), all: () => code.cmp('r0', 'r3') },
    (i) => {
      code.ldrb('r5', 'r0', i);
      if (signed) code.sxtb('r5', 'r5');
      code.adds('r4', 'r4', 'r5');
    },
    (n) => code.adds('r0', 'r0', n),
  );
  code.lsls('r4', 'r4', 7);
  code.rsbs('r4', 'r4');
}

/** @param isOnStack the vector's sum is there, not in r12 */
function firstValues(code: Thumb, start: boolean, isOnStack: boolean): void {
  code.comment('first values of the accumulators');
  if (isOnStack) code.ldrStack('r4', SUM_PLACE);
  const sum = isOnStack ? 'r4' : 'r12';
  if (!start) {
    for (const acc of ACCUMULATORS) code.mov(acc, sum);
    return;
  }
  code.mov('r7', 'r11');
  load(code, 'r6', 'start');
  code.ldmia('r6', ...ACCUMULATORS);
  store(code, 'r6', 'start');
  for (const acc of ACCUMULATORS) code.addHigh(acc, sum);
}

function products(code: Thumb, signed: boolean, taps: number): void {
  code.comment('each activation times the weights of four channels');
  code.mov('r7', 'r8');
  overVector(
    code,
    taps,
    { whole: () => code.cmpHigh('r7', 'r9'), all: () => code.cmpHigh('r7', 'r10') },
    (i) => {
      code.ldrb('r4', 'r7', i);
      if (signed) code.sxtb('r4', 'r4');
      ACCUMULATORS.forEach((acc, j) => {
        code.ldrb('r5', 'r6', i * THUMB_BLOCK + j);
        code.muls('r5', 'r4');
        code.adds(acc, acc, 'r5');
      });
    },
    (n) => {
      code.adds('r6', 'r6', n * THUMB_BLOCK);
      code.adds('r7', 'r7', n);
    },
  );
}

/** The 32-bit form before its last shift. */
function formOf(code: Thumb, multiplierBytes: 1 | 2 | 4): void {
  const loadMultiplier = ({ 1: 'ldrb', 2: 'ldrh', 4: 'ldr' } as const)[multiplierBytes];
  code.comment('requantize');
  load(code, 'r5', 'pre');
  for (const acc of ACCUMULATORS) code.asrs(acc, acc, 'r5');
  load(code, 'r4', 'multiplier');
  ACCUMULATORS.forEach((acc, j) => {
    code[loadMultiplier]('r5', 'r4', j * multiplierBytes);
    code.muls(acc, 'r5');
  });
  code.adds('r4', 'r4', THUMB_BLOCK * multiplierBytes);
  store(code, 'r4', 'multiplier');
  load(code, 'r4', 'constant');
  for (const acc of ACCUMULATORS) {
    code.ldmia('r4', 'r5');
    code.adds(acc, acc, 'r5');
  }
  store(code, 'r4', 'constant');
}

function shiftAll(code: Thumb): void {
  load(code, 'r5', 'post');
  for (const acc of ACCUMULATORS) code.asrs(acc, acc, 'r5');
}

/** @param compared the numbers themselves are needed, not only their low bytes */
function saturate(code: Thumb, full: boolean, compared: boolean): void {
  code.comment('saturate');
  if (full) {
    for (const acc of ACCUMULATORS) saturateByte(code, acc, 'r5', 0, 255, compared);
    return;
  }
  load(code, 'r4', 'low');
  load(code, 'r5', 'high');
  for (const acc of ACCUMULATORS) {
    code.cmp(acc, 'r4');
    code.skipIf('ge', 'not too low', () => code.movs(acc, 'r4'));
    code.cmp(acc, 'r5');
    code.skipIf('le', 'not too high', () => code.movs(acc, 'r5'));
  }
}

/** Stores the block, or what is left of it at the end, and goes on with the next. */
function storeBlock(
  code: Thumb,
  { maximum, wide }: Pick<DotOptions, 'maximum' | 'wide'>,
  nextBlock: ReturnType<Thumb['label']>,
  done: ReturnType<Thumb['label']>,
  channels: number,
): void {
  const blocks = Math.ceil(channels / THUMB_BLOCK);
  const rest = channels % THUMB_BLOCK;
  const keep = (j: number): void => {
    const acc = ACCUMULATORS[j]!;
    if (wide) return code.strh(acc, 'r4', 2 * j);
    if (!maximum) return code.strb(acc, 'r4', j);
    code.ldrb('r6', 'r4', j);
    code.cmp(acc, 'r6');
    code.skipIf('le', 'not larger', () => code.strb(acc, 'r4', j), 0.5);
  };
  code.comment(maximum ? 'keep the larger of the results and what is stored' : 'store');
  if (!maximum && !wide) {
    // a maximum is taken in inner memory, whose bytes have no bias, and int16 has none
    load(code, 'r5', 'bias');
    for (const acc of ACCUMULATORS) code.subs(acc, acc, 'r5');
  }
  load(code, 'r4', 'out');
  load(code, 'r5', 'channels');
  code.subs('r5', 'r5', THUMB_BLOCK);
  store(code, 'r5', 'channels');
  const partial = code.label('a part of a block');
  code.branchIf('lt', partial, rest > 0 ? 1 / blocks : 0);
  code.repeat(rest > 0 ? (blocks - 1) / blocks : 1, () => {
    for (let j = 0; j < THUMB_BLOCK; j++) keep(j);
    code.adds('r4', 'r4', THUMB_BLOCK * (wide ? 2 : 1));
    store(code, 'r4', 'out');
    code.cmp('r5', 0);
    code.branchIf('eq', done, rest > 0 ? 0 : 1 / blocks);
    code.repeat(rest > 0 ? 1 : (blocks - 1) / blocks, () => code.branch(nextBlock));
  });
  code.place(partial);
  code.repeat(rest > 0 ? 1 / blocks : 0, () => {
    keep(0);
    code.adds('r5', 'r5', THUMB_BLOCK - 1);
    code.branchIf('eq', done, rest === 1 ? 1 : 0);
    code.repeat(rest >= 2 ? 1 : 0, () => {
      keep(1);
      code.subs('r5', 'r5', 1);
      code.branchIf('eq', done, rest === 2 ? 1 : 0);
    });
    code.repeat(rest >= 3 ? 1 : 0, () => keep(2));
  });
}

function member(name: Member): number {
  return 4 * MEMBERS.indexOf(name);
}

function load(code: Thumb, register: Low, name: Member, base: Low = 'r7'): void {
  code.ldr(register, base, member(name), name);
}

function store(code: Thumb, register: Low, name: Member): void {
  code.str(register, 'r7', member(name), name);
}
