import type { QConv2d } from '../../../quantize/quantizedGraph.ts';
import { isFloatScale } from '../../../quantize/requantize.ts';
import type { Low } from '../../assembly/registers.ts';
import { Thumb, type ThumbCode } from '../../assembly/thumb.ts';
import { plus } from '../../c/code.ts';
import type { Step } from '../../values/step.ts';
import { fillCost } from '../border.ts';
import type { AssemblyFunction, Kernel, KernelMaker } from '../kernel.ts';
import { exactOf, type FoldedRequant, reduceRequant, storeBias } from '../requant.ts';
import { ExactResults } from '../tflite/exactThumb.ts';
import { listed, saturateByte } from '../thumbPieces.ts';
import { foldChannels } from '../weighted.ts';
import { type ConvShape, convShape, tapOffsets } from './shape.ts';
import { emitUnrolled } from './unrolled.ts';

/** Accumulators, and their running maxima in a pooling. */
const ACCUMULATORS = ['r0', 'r1', 'r2', 'r3'] as const;
const MAXIMA = ['r8', 'r9', 'r10', 'r11'] as const;
const BLOCK = ACCUMULATORS.length;
/** STRB reaches 31 bytes behind its base. */
const MOST_CHANNELS = 32;
/** LDRB reaches as far. */
const LOAD_REACH = 31;
/** A layer of more weights than the budget can ever hold is not built at all: a weight takes a halfword at least. */
const LEAST_BYTES_A_WEIGHT = 2;
/** Code so small is built whatever the budget: it may be smaller than a loop. */
const ALWAYS_BYTES = 1024;
/** Where the counters lie on the stack. */
const ROWS = 0;
const COLUMNS = 4;

/**
 * The unrolled convolution in Thumb assembly, with the C of `convUnrolled` as its twin for other cores and compilers.
 *
 * gcc spills accumulators and takes constant products apart on Thumb-1. Here four output channels stay in r0-r3 while each
 * activation is loaded once: MOVS #|w|, MULS, ADDS or SUBS a weight. Equal magnitudes of one tap share a product, powers of two
 * are shifts. The taps of a pixel are a subroutine that all positions of a fused pooling call.
 */
export const convUnrolledThumb: KernelMaker<'conv2d'> = {
  computes: ['conv2d'],
  make(step, target): Kernel | undefined {
    const { node } = step;
    const shape = convShape(step);
    const { x, y, result, pixels } = shape;
    const nonZero = node.weights.filter((w) => w !== 0).length;
    const fits =
      target.instructions.thumb1Only &&
      node.groups === 1 &&
      nonZero > 0 &&
      nonZero * LEAST_BYTES_A_WEIGHT <= Math.max(ALWAYS_BYTES, target.unrollBytes) &&
      x.layout.bytesPerElement === 1 &&
      y.layout.bytesPerElement === 1 &&
      node.outChannels <= MOST_CHANNELS &&
      result.h < 256 &&
      result.w < 256 &&
      node.weights.every((w) => Math.abs(w) < 256);
    if (!fits) return undefined;
    const code = assemble(step, shape);
    return {
      variant: 'thumb',
      macs: pixels * shape.pool[0] * shape.pool[1] * nonZero,
      cycles: target.costs.call + fillCost(target.costs, y.layout) + code.cycles,
      codeBytes: code.bytes + 40,
      scratchBytes: 0,
      optimize: 'size',
      note: 'weights are immediates in Thumb assembly',
      emit: (context) => {
        const routine = context.assembly(describe(step, shape, code));
        const call = `${routine}(${plus(context.inputs[0]!, shape.first)}, ${plus(context.output, y.layout.origin)});`;
        return context.twin([call], emitUnrolled(context, step));
      },
    };
  },
};

function describe(step: Step<QConv2d>, { x, y }: ConvShape, code: ThumbCode): AssemblyFunction {
  return {
    name: 'thumb',
    shared: false,
    about: [
      'Four output channels are computed together: each activation is loaded once, and multiplied by a weight of each.',
      ...(step.pool
        ? ['The largest of the positions that the pooling joins is kept as it is, and requantized once.']
        : []),
    ],
    registers: [
      ['r0-r3', 'accumulators'],
      ['r4', 'activation, constants'],
      ['r5', 'product'],
      ['r6', 'in, from the first tap of an output pixel on'],
      ['r7', 'out'],
      ...(step.pool ? [['r8-r11', 'largest accumulators so far'] as const] : []),
      [`[sp, #${ROWS}]`, 'rows to do'],
      [`[sp, #${COLUMNS}]`, 'pixels of the row to do'],
    ],
    parameters: [`const ${x.layout.type} *in`, `${y.layout.type} *out`],
    code,
  };
}

function assemble(step: Step<QConv2d>, shape: ConvShape): ThumbCode {
  const { node } = step;
  const { x, y, result } = shape;
  const folded = foldChannels(node, x, y, shape.taps).map(reduceRequant);
  const pooled = step.pool !== undefined;
  const code = new Thumb();
  const exact = new ExactResults(code, 'r12', exactOf(folded)?.some(isFloatScale) === true);
  const blocks: { channels: number[]; taps: ReturnType<Thumb['label']> }[] = [];
  for (let k = 0; k < node.outChannels; k += BLOCK) {
    const channels = Array.from({ length: Math.min(BLOCK, node.outChannels - k) }, (_, i) => k + i);
    blocks.push({ channels, taps: code.label(`taps of channels ${listed(channels)}`) });
  }
  const countDown = (offset: number): void => {
    code.ldrStack('r0', offset);
    code.subs('r0', 'r0', 1);
    code.strStack('r0', offset);
  };

  code.prologue(pooled);
  code.moveStack(-8);
  code.movs('r6', 'r0');
  code.movs('r7', 'r1');
  code.movs('r0', result.h);
  code.strStack('r0', ROWS);
  code.loop(
    'each row',
    result.h,
    () => {
      code.movs('r0', result.w);
      code.strStack('r0', COLUMNS);
      code.loop(
        'each pixel',
        result.w,
        () => {
          for (const { channels, taps } of blocks) {
            positions(code, channels.length, taps, shape);
            channels.forEach((k, i) => finish(code, ACCUMULATORS[i]!, k, folded[k]!, node, shape, exact));
          }
          code.comment('the next pixel');
          code.addConstant('r6', shape.inputStep, 'r5');
          code.addConstant('r7', result.column, 'r5');
        },
        () => countDown(COLUMNS),
      );
      code.comment('the next row');
      code.addConstant('r6', shape.inputRowEnd, 'r5');
      code.addConstant('r7', shape.outputRowEnd, 'r5');
    },
    () => countDown(ROWS),
  );
  code.moveStack(8);
  code.epilogue(pooled);
  const calls = shape.pixels * shape.pool[0] * shape.pool[1];
  for (const { channels, taps } of blocks) {
    code.subroutine(taps, calls, () => allTaps(code, node, shape, channels));
  }
  exact.place(shape.pixels);
  return code.assemble();
}

/** Calls the taps at every position of the pooling window and leaves the maxima in r0-r3. */
function positions(
  code: Thumb,
  channels: number,
  taps: ReturnType<Thumb['label']>,
  { pool: [ph, pw], stepX, stepY }: ConvShape,
): void {
  const count = ph * pw;
  let at = 0;
  for (let n = 0; n < count; n++) {
    const [j, i] = [Math.floor(n / pw), n % pw];
    const offset = j * stepY + i * stepX;
    if (count > 1) code.comment(`position ${j}, ${i} of the pooling`);
    code.addConstant('r6', offset - at, 'r5');
    code.call(taps);
    at = offset;
    for (let k = 0; k < channels && count > 1; k++) {
      const [accumulator, maximum] = [ACCUMULATORS[k]!, MAXIMA[k]!];
      if (n === 0) code.mov(maximum, accumulator);
      else {
        code.cmpHigh(accumulator, maximum);
        // of n + 1 positions in any order, the last is the largest in one case of n + 1
        if (n < count - 1) code.skipIf('le', 'not larger', () => code.mov(maximum, accumulator), n / (n + 1));
        else code.skipIf('ge', 'the largest', () => code.mov(accumulator, maximum), 1 / (n + 1));
      }
    }
  }
  code.addConstant('r6', -at, 'r5');
}

/** Requantizes, saturates and stores one channel. */
function finish(
  code: Thumb,
  acc: Low,
  k: number,
  r: FoldedRequant,
  node: QConv2d,
  { y }: ConvShape,
  exact: ExactResults,
): void {
  const bias = storeBias(y.layout);
  code.comment(`requantize and store channel ${k}`);
  if (r.init !== 0) {
    code.constant('r4', r.init);
    code.adds(acc, acc, 'r4');
  }
  if (r.exact) code.mov('r12', acc);
  if (r.pre > 0) code.asrs(acc, acc, r.pre);
  if (r.multiplier !== 1) {
    code.constant('r4', r.multiplier);
    code.muls(acc, 'r4');
  }
  code.constant('r4', r.constant);
  code.adds(acc, acc, 'r4');
  if (r.exact) {
    const { multiplier, shift, band } = r.exact;
    const load = (): void => {
      code.constant('r4', multiplier);
      code.signedConstant('r5', shift);
    };
    exact.shift({ accumulator: acc, scratch: 'r4', post: r.post, band, zero: r.zero, load });
  } else code.asrs(acc, acc, r.post);
  saturateByte(code, acc, 'r4', node.lo + bias, node.hi + bias);
  if (y.layout.type === 'int8_t') code.subs(acc, acc, 128);
  code.strb(acc, 'r7', k);
}

/** The sum of all taps of one position into r0-r3; r6 as before. */
function allTaps(code: Thumb, node: QConv2d, shape: ConvShape, channels: readonly number[]): void {
  const { image, x } = shape;
  const kw = node.kernel[1];
  const begun = new Set<number>();
  let moved = 0;
  tapOffsets(node, shape).forEach((offset, tap) => {
    const weights = channels.map((k) => node.weights[k * shape.taps + tap]!);
    if (weights.every((w) => w === 0)) return;
    const pixel = Math.floor(tap / image.c);
    const place = `row ${Math.floor(pixel / kw)}, column ${pixel % kw}`;
    code.comment(image.c === 1 ? place : `${place}, channel ${tap % image.c}`);
    // a row's last tap may lie behind the next row's first: rows share their border
    if (offset < moved || offset - moved > LOAD_REACH) {
      code.addConstant('r6', offset - moved, 'r5');
      moved = offset;
    }
    code.ldrb('r4', 'r6', offset - moved);
    if (x.layout.type === 'int8_t') code.sxtb('r4', 'r4');
    multiplyAdd(code, weights, begun);
  });
  channels.forEach((_, i) => {
    if (!begun.has(i)) code.movs(ACCUMULATORS[i]!, 0);
  });
  code.addConstant('r6', -moved, 'r5');
}

/** Adds r4 * weight to the accumulators; one product serves all channels of the same magnitude. */
function multiplyAdd(code: Thumb, weights: readonly number[], begun: Set<number>): void {
  const byMagnitude = new Map<number, number[]>();
  weights.forEach((w, i) => {
    if (w !== 0) byMagnitude.set(Math.abs(w), [...(byMagnitude.get(Math.abs(w)) ?? []), i]);
  });
  for (const [magnitude, uses] of byMagnitude) {
    const [only] = uses;
    if (uses.length === 1 && !begun.has(only!) && weights[only!]! > 0) {
      begun.add(only!);
      product(code, ACCUMULATORS[only!]!, magnitude);
      continue;
    }
    const factor = magnitude === 1 ? 'r4' : 'r5';
    if (magnitude !== 1) product(code, 'r5', magnitude);
    for (const i of uses) {
      const acc = ACCUMULATORS[i]!;
      const positive = weights[i]! > 0;
      if (begun.has(i)) {
        if (positive) code.adds(acc, acc, factor);
        else code.subs(acc, acc, factor);
        continue;
      }
      begun.add(i);
      if (positive) code.movs(acc, factor);
      else code.rsbs(acc, factor);
    }
  }
}

/** d = r4 * magnitude. */
function product(code: Thumb, d: Low, magnitude: number): void {
  const shift = Math.log2(magnitude);
  if (magnitude === 1) code.movs(d, 'r4');
  else if (Number.isInteger(shift)) code.lsls(d, 'r4', shift);
  else {
    code.movs(d, magnitude);
    code.muls(d, 'r4');
  }
}
