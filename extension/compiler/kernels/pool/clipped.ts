import { allTaps } from '../../../model/window.ts';
import type { QAvgPool } from '../../../quantize/quantizedGraph.ts';
import { advance, block, type Code, plus } from '../../c/code.ts';
import type { Step } from '../../values/step.ts';
import { fillCost, loadCost } from '../border.ts';
import type { Kernel, KernelMaker, LayerContext } from '../kernel.ts';
import { clampCost, exactOf, foldRequant, requantCall, saturate, storeBias } from '../requant.ts';
import { isClipped, type Pool, pooledValue, type PoolShape, poolShape } from './shape.ts';

/** Maximum or average of windows that reach over the edge: rows and columns are cut to the image. */
export const poolClipped: KernelMaker<'maxpool' | 'avgpool'> = {
  computes: ['maxpool', 'avgpool'],
  make(step, target): Kernel | undefined {
    const { node } = step;
    if (!isClipped(node)) return undefined;
    const shape = poolShape(step);
    const { result, image } = shape;
    const costs = target.costs.clippedPool;
    const rows = allTaps(node, 0, result.h, image.h);
    const columns = allTaps(node, 1, result.w, image.w);
    const sum = (list: readonly { from: number; to: number }[]): number =>
      list.reduce((n, { from, to }) => n + to - from, 0);
    // every row of a window is looked at, every column of the rows inside, and every element inside is taken
    const looked = result.h * result.w * node.kernel[0];
    const tested = sum(rows) * result.w * node.kernel[1];
    const taken = sum(rows) * sum(columns);
    const element = costs.element + loadCost(target.costs, shape.x.layout);
    const output =
      node.kind === 'avgpool'
        ? costs.average + clampCost(target.costs, node.lo, node.hi, step.output.layout)
        : costs.output;
    return {
      variant: 'clipped',
      macs: 0,
      cycles:
        target.costs.call +
        fillCost(target.costs, step.output.layout) +
        result.c *
          (result.h * result.w * output + looked * costs.row + tested * costs.column + taken * element),
      codeBytes: 200,
      scratchBytes: 0,
      optimize: 'speed',
      note: 'windows are clipped at the edge',
      emit: (context) => emit(context, step, shape),
    };
  },
};

function emit(context: LayerContext, { node }: Step<Pool>, shape: PoolShape): Code {
  const { x, y, image, result } = shape;
  const [kh, kw] = node.kernel;
  const max = node.kind === 'maxpool';
  const average = node.kind === 'avgpool' ? averageTables(context, node, shape) : undefined;
  const element = plus(`iy * ${image.row} + ix * ${image.column} + c`, x.layout.origin);
  const skipOutside = (i: string, size: number): Code[number] =>
    block(`if (${i} < 0 || ${i} >= ${size})`, ['continue;']);
  const column: Code = [
    `const int32_t ix = ox * ${node.strides[1]} + kx * ${node.dilations[1]} - ${node.pads.left};`,
    skipOutside('ix', image.w),
    `const ${x.layout.type} s = ${context.inputs[0]!}[${element}];`,
    max ? `v = ${context.helper('max')}(v, s);` : 'v += s;',
    ...(average ? ['count++;'] : []),
  ];
  const row: Code = [
    `const int32_t iy = oy * ${node.strides[0]} + ky * ${node.dilations[0]} - ${node.pads.top};`,
    skipOutside('iy', image.h),
    block(`for (int32_t kx = 0; kx < ${kw}; kx++)`, column),
  ];
  const channel: Code = [
    `int32_t v = ${max ? 'INT32_MIN' : '0'};`,
    ...(average ? ['uint32_t count = 0;'] : []),
    block(`for (int32_t ky = 0; ky < ${kh}; ky++)`, row),
    `*q++ = ${average ? average.store : pooledValue(context, node, shape, 0)};`,
  ];
  return [
    ...(average?.declare ?? []),
    `${y.layout.type} *q = ${plus(context.output, y.layout.origin)};`,
    block(`for (int32_t oy = 0; oy < ${result.h}; oy++)`, [
      block(`for (int32_t ox = 0; ox < ${result.w}; ox++)`, [
        block(`for (int32_t c = 0; c < ${result.c}; c++)`, channel),
        ...advance('q', result.column - result.c),
      ]),
      ...advance('q', result.row - result.w * result.column),
    ]),
  ];
}

/** The requantization of each count that occurs, as tables indexed by count. */
function averageTables(
  context: LayerContext,
  node: QAvgPool,
  { x, y }: PoolShape,
): { declare: Code; store: string } {
  if (node.isRaw) {
    const mean = `${context.helper('divide')}(v - ${x.layout.bias} * (int32_t)count, (int32_t)count)`;
    return {
      declare: [],
      store: saturate(context, plus(mean, storeBias(y.layout)), node.lo, node.hi, y.layout),
    };
  }
  const largest = [...node.requantByCount.keys()].reduce((a, b) => Math.max(a, b), 0);
  const known = node.requantByCount.get(largest)!;
  const entries = Array.from({ length: largest + 1 }, (_, n) => node.requantByCount.get(n) ?? known);
  const zero = x.value.offset + x.layout.bias;
  // the sum is brought to units of q - offset first, so that the constant behind the multiplier depends on the shift alone
  const folded = entries.map((r) => foldRequant(r, 0, y.value, y.layout, { min: 0, max: 0 }));
  const table = (name: string, of: (f: (typeof folded)[number]) => number): string =>
    `const int32_t *const ${name} = ${context.table(folded.map(of), 4)('int32_t')};`;
  const pre = folded.some((f) => f.pre > 0);
  const sum = `v - (${zero}) * (int32_t)count`;
  const exact = exactOf(folded);
  if (exact) {
    const shifts = exact.some((e) => e.shift !== 0) ? [table('shift', (f) => f.exact!.shift)] : [];
    const shift = shifts.length > 0 ? 'shift[count]' : '0';
    const mean = requantCall(context, { exact: exact[0] }, sum, 'multiplier[count]', shift)!;
    return {
      declare: [table('multiplier', (f) => f.exact!.multiplier), ...shifts],
      store: saturate(context, plus(mean, folded[0]!.zero), node.lo, node.hi, y.layout),
    };
  }
  const shifted = pre ? `((${sum} + half[count]) >> before[count])` : `(${sum})`;
  const value = `(${shifted} * multiplier[count] + constant[count]) >> shift[count]`;
  return {
    declare: [
      table('multiplier', (f) => f.multiplier),
      table('constant', (f) => f.constant),
      table('shift', (f) => f.post),
      ...(pre ? [table('half', (f) => f.init), table('before', (f) => f.pre)] : []),
    ],
    store: saturate(context, value, node.lo, node.hi, y.layout),
  };
}
