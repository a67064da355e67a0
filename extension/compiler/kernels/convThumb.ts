import type { QConv2d } from '../../quantize/quantizedGraph.ts';
import { CALL, LOAD, REQUANT, THUMB_MAC, THUMB_MAC_BYTES, THUMB_MAXIMA, THUMB_POSITION } from '../cost.ts';
import { imageOf } from '../layout.ts';
import type { Step } from '../program.ts';
import { fillCost } from './border.ts';
import { convUnrolled } from './convUnrolled.ts';
import type { Assembly, Kernel } from './kernel.ts';
import { type FoldedRequant, reduceRequant, storeBias } from './requant.ts';
import { plus } from './text.ts';
import {
  addImmediate,
  jumpBack,
  loadConstant,
  RESTORE_HIGH,
  SAVE_HIGH,
  saturateByte,
  withLiteralPools,
} from './thumb.ts';
import { foldChannels } from './weighted.ts';

/** Accumulators live in r0-r3, their running maxima in r8-r11. */
const BLOCK = 4;
/** STRB reaches 31 bytes behind its base. */
const MOST_CHANNELS = 32;

/**
 * The unrolled convolution in Thumb assembly, with the C of `convUnrolled` as its twin for other cores and compilers.
 *
 * gcc spills accumulators and takes constant products apart on Thumb-1. Here four output channels stay in r0-r3 while each
 * activation is loaded once: MOVS #|w|, MULS, ADDS or SUBS a weight. Equal magnitudes of one tap share a product, powers of two
 * are shifts. The taps of a pixel are a subroutine that all positions of a fused pooling call.
 */
export function convThumb(node: QConv2d, step: Step): Kernel | undefined {
  const portable = convUnrolled(node, step);
  const [x, y] = [step.inputs[0]!, step.output];
  const image = imageOf(x.layout);
  const result = imageOf(y.layout);
  const fits =
    portable &&
    x.layout.bytesPerElement === 1 &&
    y.layout.bytesPerElement === 1 &&
    node.outChannels <= MOST_CHANNELS &&
    result.h < 256 &&
    result.w < 256 &&
    node.weights.every((w) => Math.abs(w) < 256);
  if (!fits) return undefined;
  const [ph, pw] = step.pool?.kernel ?? [1, 1];
  const pixels = result.h * result.w;
  const nonZero = node.weights.filter((w) => w !== 0).length;
  const blocks = Math.ceil(node.outChannels / BLOCK);
  const taps = node.kernel[0] * node.kernel[1] * image.c;
  const perPosition =
    nonZero * THUMB_MAC + blocks * (taps * LOAD + THUMB_POSITION + (step.pool ? THUMB_MAXIMA : 0));
  return {
    ...portable,
    variant: 'thumb',
    cycles: CALL + fillCost(y.layout) + pixels * (ph * pw * perPosition + node.outChannels * REQUANT),
    codeBytes: nonZero * THUMB_MAC_BYTES + blocks * (taps * 2 + ph * pw * 24) + node.outChannels * 20 + 80,
    note: 'weights are immediates in Thumb assembly',
    assembly: () => emit(node, step),
  };
}

/** One function of assembly: r0 points to the first tap, r1 to the first output. */
function emit(node: QConv2d, step: Step): Assembly {
  const [x, y] = [step.inputs[0]!, step.output];
  const image = imageOf(x.layout);
  const result = imageOf(y.layout);
  const [ph, pw] = step.pool?.kernel ?? [1, 1];
  const stepY = node.strides[0] * image.row;
  const stepX = node.strides[1] * image.column;
  const first = x.layout.origin - node.pads.top * image.row - node.pads.left * image.column;
  const folded = foldChannels(node, x, y, node.kernel[0] * node.kernel[1] * image.c).map(reduceRequant);
  const blocks: number[][] = [];
  for (let k = 0; k < node.outChannels; k += BLOCK) {
    blocks.push(Array.from({ length: Math.min(BLOCK, node.outChannels - k) }, (_, i) => k + i));
  }
  const pooled = step.pool !== undefined;
  const save = pooled ? SAVE_HIGH : [];
  const restore = pooled ? RESTORE_HIGH : [];
  const body = blocks.flatMap((channels, b) => [
    ...positions(channels.length, `${taps(b)}`, [ph, pw], stepX, stepY),
    ...channels.flatMap((k, i) =>
      finish(`r${i}`, k, folded[k]!, node, y.layout.type === 'int8_t', storeBias(y.layout)),
    ),
  ]);
  const column = [
    ...body,
    ...addImmediate('r6', pw * stepX, 'r5'),
    ...addImmediate('r7', result.column, 'r5'),
    'ldr r0, [sp, #4]',
    'subs r0, #1',
    'str r0, [sp, #4]',
    'beq 3f',
  ];
  const row = [
    `movs r0, #${result.w}`,
    'str r0, [sp, #4]',
    '2:',
    ...column,
    jumpBack('2', column),
    '3:',
    ...addImmediate('r6', ph * stepY - result.w * pw * stepX, 'r5'),
    ...addImmediate('r7', result.row - result.w * result.column, 'r5'),
    'ldr r0, [sp, #0]',
    'subs r0, #1',
    'str r0, [sp, #0]',
    'beq 4f',
  ];
  return {
    input: plus('in', first),
    output: plus('out', y.layout.origin),
    lines: withLiteralPools([
      'push {r4-r7, lr}',
      ...save,
      'sub sp, #8',
      'movs r6, r0',
      'movs r7, r1',
      `movs r0, #${result.h}`,
      'str r0, [sp, #0]',
      '1:',
      ...row,
      jumpBack('1', row),
      '4:',
      'add sp, #8',
      ...restore,
      'pop {r4-r7, pc}',
      '.ltorg',
      ...blocks.flatMap((channels, b) => [
        `${taps(b)}:`,
        ...tapLines(node, image, channels, x.layout.type === 'int8_t'),
        'bx lr',
        '.ltorg',
      ]),
    ]),
  };
}

/** Local label of a block's tap subroutine; numeric, so that several functions of a file may have it. */
function taps(block: number): string {
  return String(10 + block);
}

/** Calls the taps at every position of the pooling window and leaves the maxima in r0-r3. */
function positions(
  channels: number,
  label: string,
  [ph, pw]: readonly [number, number],
  stepX: number,
  stepY: number,
): string[] {
  const lines: string[] = [];
  const count = ph * pw;
  let at = 0;
  for (let n = 0; n < count; n++) {
    const target = Math.floor(n / pw) * stepY + (n % pw) * stepX;
    lines.push(...addImmediate('r6', target - at, 'r5'), `bl ${label}f`);
    at = target;
    for (let k = 0; k < channels && count > 1; k++) {
      if (n === 0) lines.push(`mov r${8 + k}, r${k}`);
      else if (n < count - 1) lines.push(`cmp r${k}, r${8 + k}`, 'ble 9f', `mov r${8 + k}, r${k}`, '9:');
      else lines.push(`cmp r${k}, r${8 + k}`, 'bge 9f', `mov r${k}, r${8 + k}`, '9:');
    }
  }
  return [...lines, ...addImmediate('r6', -at, 'r5')];
}

/** Requantizes, saturates and stores one channel. */
function finish(
  acc: string,
  k: number,
  r: FoldedRequant,
  node: QConv2d,
  signed: boolean,
  bias: number,
): string[] {
  const [low, high] = [node.lo + bias, node.hi + bias];
  return [
    ...(r.init === 0 ? [] : [...loadConstant('r4', r.init), 'adds ACC, ACC, r4']),
    ...(r.pre === 0 ? [] : [`asrs ACC, ACC, #${r.pre}`]),
    ...(r.multiplier === 1 ? [] : [...loadConstant('r4', r.multiplier), 'muls ACC, r4, ACC']),
    ...loadConstant('r4', r.constant),
    'adds ACC, ACC, r4',
    `asrs ACC, ACC, #${r.post}`,
    ...saturateByte('ACC', 'r4', low, high),
    ...(signed ? ['subs ACC, #128'] : []),
    `strb ACC, [r7, #${k}]`,
  ].map((line) => line.replaceAll('ACC', acc));
}

/** The sum of all taps of one position into r0-r3, x in r4, products in r5, r6 restored. */
function tapLines(
  node: QConv2d,
  image: { c: number; row: number; column: number },
  channels: readonly number[],
  signed: boolean,
): string[] {
  const [kh, kw] = node.kernel;
  const lines: string[] = [];
  const begun = new Set<number>();
  let moved = 0;
  for (let ky = 0; ky < kh; ky++) {
    for (let kx = 0; kx < kw; kx++) {
      for (let c = 0; c < image.c; c++) {
        const weights = channels.map((k) => node.weights[((k * kh + ky) * kw + kx) * image.c + c]!);
        if (weights.every((w) => w === 0)) continue;
        const offset = ky * node.dilations[0] * image.row + kx * node.dilations[1] * image.column + c;
        if (offset - moved > 31) {
          lines.push(...addImmediate('r6', offset - moved, 'r5'));
          moved = offset;
        }
        lines.push(
          `ldrb r4, [r6, #${offset - moved}]`,
          ...(signed ? ['sxtb r4, r4'] : []),
          ...multiplyAdd(weights, begun),
        );
      }
    }
  }
  channels.forEach((_, i) => {
    if (!begun.has(i)) lines.push(`movs r${i}, #0`);
  });
  return [...lines, ...addImmediate('r6', -moved, 'r5')];
}

/** Adds r4 * weight to the accumulators; one product serves all channels of the same magnitude. */
function multiplyAdd(weights: readonly number[], begun: Set<number>): string[] {
  const byMagnitude = new Map<number, number[]>();
  weights.forEach((w, i) => {
    if (w !== 0) byMagnitude.set(Math.abs(w), [...(byMagnitude.get(Math.abs(w)) ?? []), i]);
  });
  return [...byMagnitude].flatMap(([magnitude, uses]) => {
    const [only] = uses;
    if (uses.length === 1 && !begun.has(only!) && weights[only!]! > 0) {
      begun.add(only!);
      return product(`r${only}`, magnitude);
    }
    const factor = magnitude === 1 ? 'r4' : 'r5';
    return [
      ...(magnitude === 1 ? [] : product('r5', magnitude)),
      ...uses.map((i) => {
        const positive = weights[i]! > 0;
        if (begun.has(i)) return `${positive ? 'adds' : 'subs'} r${i}, r${i}, ${factor}`;
        begun.add(i);
        return positive ? `movs r${i}, ${factor}` : `rsbs r${i}, ${factor}, #0`;
      }),
    ];
  });
}

/** register = r4 * magnitude. */
function product(register: string, magnitude: number): string[] {
  if (magnitude === 1) return [`movs ${register}, r4`];
  const shift = Math.log2(magnitude);
  if (Number.isInteger(shift)) return [`lsls ${register}, r4, #${shift}`];
  return [`movs ${register}, #${magnitude}`, `muls ${register}, r4, ${register}`];
}
