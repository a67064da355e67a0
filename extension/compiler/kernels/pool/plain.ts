import { advance, at, block, type Code, plus, repeat } from '../../c/code.ts';
import { imageOf } from '../../values/layout.ts';
import type { Operand, Step } from '../../values/step.ts';
import { fillCost, loadCost } from '../border.ts';
import type { Kernel, KernelMaker, LayerContext } from '../kernel.ts';
import { clampCost } from '../requant.ts';
import { isClipped, type Pool, pooledValue, type PoolShape, poolShape } from './shape.ts';

/** Windows of at most this many elements are written out instead of looped over. */
const UNROLLED_WINDOW = 9;

/** Maximum or average of windows that have all their elements in memory, channel by channel. */
export const poolPlain: KernelMaker<'maxpool' | 'avgpool'> = {
  computes: ['maxpool', 'avgpool'],
  make(step, target): Kernel | undefined {
    const { node } = step;
    if (isClipped(node)) return undefined;
    const shape = poolShape(step);
    const { result, window } = shape;
    const costs = target.costs.pool;
    const outputs = result.h * result.w * result.c;
    const unrolled = window <= UNROLLED_WINDOW;
    const max = node.kind === 'maxpool';
    const [written, looped] = max ? [costs.maximum, costs.maximumLooped] : [costs.sum, costs.sumLooped];
    const element = (unrolled ? written : looped) + loadCost(target.costs, shape.x.layout);
    let { output } = costs;
    if (node.kind === 'avgpool') {
      const average = costs.average + clampCost(target.costs, node.lo, node.hi, step.output.layout);
      // the average of one element is often that element, which gcc sees
      output = window > 1 ? average : (2 * costs.output + average) / 3;
    }
    return {
      variant: 'plain',
      macs: 0,
      cycles:
        target.costs.call +
        fillCost(target.costs, step.output.layout) +
        result.h * result.w * costs.pixel +
        outputs * (window * element + output),
      codeBytes: 60 + Math.min(window, UNROLLED_WINDOW) * 8,
      scratchBytes: 0,
      optimize: 'speed',
      note: 'every window lies inside',
      emit: (context) => emit(context, step, shape, unrolled),
    };
  },
};

function emit(context: LayerContext, step: Step<Pool>, shape: PoolShape, unrolled: boolean): Code {
  const { node } = step;
  const { x, y, image, result, stepX, stepY } = shape;
  const { type } = x.layout;
  const border = step.inPlace === undefined ? undefined : inPlaceBorder(context, y);
  const start = unrolled ? 'p[0]' : node.kind === 'maxpool' ? 'INT32_MIN' : '0';
  return [
    `const ${type} *p = ${plus(context.inputs[0]!, shape.first)};`,
    ...(border?.before ?? []),
    `${y.layout.type} *q = ${plus(context.output, y.layout.origin)};`,
    ...repeat('row', result.h, [
      `const ${y.layout.type} *const end = q + ${result.w * result.column};`,
      block(
        'do',
        [
          ...repeat('c', result.c, [
            `int32_t v = ${start};`,
            ...(unrolled ? writtenWindow(context, node, shape) : loopedWindow(context, node, shape)),
            `*q = ${pooledValue(context, node, shape, shape.window)};`,
            'p++;',
            'q++;',
          ]),
          ...advance('p', stepX - image.c),
        ],
        ' while (q != end);',
      ),
      ...advance('p', stepY - result.w * stepX),
      ...(border?.behindRow ?? advance('q', result.row - result.w * result.column)),
    ]),
    ...(border?.after ?? []),
  ];
}

function take(context: LayerContext, node: Pool, element: string): string {
  return node.kind === 'maxpool' ? `v = ${context.helper('max')}(v, ${element});` : `v += ${element};`;
}

/** All elements but the first, one by one. */
function writtenWindow(context: LayerContext, node: Pool, { tapRow, tapColumn }: PoolShape): Code {
  const [kh, kw] = node.kernel;
  return Array.from({ length: kh * kw }, (_, tap) => Math.floor(tap / kw) * tapRow + (tap % kw) * tapColumn)
    .slice(1)
    .map((offset) => take(context, node, at('p', offset)));
}

function loopedWindow(context: LayerContext, node: Pool, { x, tapRow, tapColumn }: PoolShape): Code {
  const [kh, kw] = node.kernel;
  return [
    `const ${x.layout.type} *s = p;`,
    ...repeat('ky', kh, [
      ...repeat('kx', kw, [take(context, node, '*s'), ...advance('s', tapColumn)]),
      ...advance('s', tapRow - kw * tapColumn),
    ]),
  ];
}

/**
 * The border of an output that lies over the input: written row by row, behind what has been read, instead of all at once before.
 * `q` stands behind the row's last pixel, and ends at the next row.
 */
function inPlaceBorder(
  context: LayerContext,
  { value, layout }: Operand,
): { before: Code; behindRow: Code; after: Code } {
  const { h, w, row, column } = imageOf(layout);
  const zero = value.offset + layout.bias;
  const fill = (pointer: string, count: number): Code =>
    count === 0 ? [] : [block(`for (uint32_t i = ${count}; i != 0; i--)`, [`*${pointer}++ = ${zero};`])];
  return {
    before:
      layout.origin === 0
        ? []
        : [`${layout.type} *border = ${context.output};`, ...fill('border', layout.origin)],
    behindRow: fill('q', row - w * column),
    after: fill('q', Math.max(0, layout.size - layout.origin - h * row)),
  };
}
