import { windowCount } from '../../quantize/geometry.ts';
import type { QAvgPool, QMaxPool } from '../../quantize/quantizedGraph.ts';
import { CALL, PIXEL, REQUANT } from '../cost.ts';
import { imageOf } from '../layout.ts';
import type { Operand, Step } from '../program.ts';
import { fillCost } from './border.ts';
import type { EmitContext, Kernel } from './kernel.ts';
import { foldRequant, requantExpression, saturate } from './requant.ts';
import { advance, at, plus, repeat, tableAt } from './text.ts';

/** Windows of at most this many elements are written out instead of looped over. */
const UNROLLED_WINDOW = 9;
const POOL_ELEMENT = 6;

type Pool = QMaxPool | QAvgPool;

/** Maximum or average of a window, channel by channel; windows are clipped at the edge only where there is padding. */
export function pool(node: Pool, step: Step): Kernel {
  const result = imageOf(step.output.layout);
  const window = node.kernel[0] * node.kernel[1];
  const outputs = result.h * result.w * result.c;
  const requant = node.kind === 'avgpool' ? REQUANT : 0;
  const clipped = isClipped(node);
  return {
    variant: clipped ? 'clipped' : 'plain',
    macs: 0,
    cycles:
      CALL +
      fillCost(step.output.layout) +
      outputs * (window * POOL_ELEMENT * (clipped ? 2 : 1) + PIXEL + requant),
    codeBytes: clipped ? 200 : 60 + Math.min(window, UNROLLED_WINDOW) * 8,
    scratchBytes: 0,
    optimize: 'speed',
    note: clipped ? 'windows are clipped at the edge' : 'every window lies inside',
    emit: (context) => (clipped ? emitClipped(context, node, step) : emitPlain(context, node, step)),
  };
}

/** True when some window reaches over the edge and the kernel must look where. */
export function isClipped(node: Pool): boolean {
  const padded = node.pads.top + node.pads.left + node.pads.bottom + node.pads.right > 0;
  return padded && !(node.kind === 'avgpool' && node.countIncludePad);
}

/** Every window has all its elements in memory. */
function emitPlain(context: EmitContext, node: Pool, step: Step): string[] {
  const [x, y] = [step.inputs[0]!, step.output];
  const image = imageOf(x.layout);
  const result = imageOf(y.layout);
  const [kh, kw] = node.kernel;
  const stepY = node.strides[0] * image.row;
  const stepX = node.strides[1] * image.column;
  const rowStep = node.dilations[0] * image.row;
  const columnStep = node.dilations[1] * image.column;
  const first = x.layout.origin - node.pads.top * image.row - node.pads.left * image.column;
  const max = node.kind === 'maxpool';
  const unrolled = kh * kw <= UNROLLED_WINDOW;
  const { type } = x.layout;
  const window: string[] = [];
  if (unrolled) {
    for (let ky = 0; ky < kh; ky++) {
      for (let kx = 0; kx < kw; kx++) {
        if (ky + kx === 0) continue;
        const element = at('p', ky * rowStep + kx * columnStep);
        window.push(max ? `v = ${context.helper('max')}(v, ${element});` : `v += ${element};`);
      }
    }
  } else {
    window.push(
      `const ${type} *s = p;`,
      ...repeat('ky', kh, [
        ...repeat('kx', kw, [
          ...(max ? [`v = ${context.helper('max')}(v, *s);`] : ['v += *s;']),
          ...advance('s', columnStep),
        ]),
        ...advance('s', rowStep - kw * columnStep),
      ]),
    );
  }
  const border = step.inPlace === undefined ? undefined : inPlaceBorder(y);
  const start = unrolled ? 'p[0]' : max ? 'INT32_MIN' : '0';
  return [
    `const ${type} *p = ${plus('in', first)};`,
    ...(border?.before ?? []),
    `${y.layout.type} *q = ${plus('out', y.layout.origin)};`,
    ...repeat('row', result.h, [
      `const ${y.layout.type} *const end = q + ${result.w * result.column};`,
      'do {',
      ...repeat('c', result.c, [
        `int32_t v = ${start};`,
        ...window,
        `*q = ${store(context, node, step, kh * kw)};`,
        'p++;',
        'q++;',
      ]),
      ...advance('p', stepX - image.c),
      '} while (q != end);',
      ...advance('p', stepY - result.w * stepX),
      ...(border?.behindRow ?? advance('q', result.row - result.w * result.column)),
    ]),
    ...(border?.after ?? []),
  ];
}

/**
 * The border of an output that lies over the input: written row by row, behind what has been read, instead of all at once before.
 * `q` stands behind the row's last pixel, and ends at the next row.
 */
function inPlaceBorder({ value, layout }: Operand): {
  before: string[];
  behindRow: string[];
  after: string[];
} {
  const { h, w, row, column } = imageOf(layout);
  const zero = value.offset + layout.bias;
  const fill = (pointer: string, count: number): string[] =>
    count === 0 ? [] : [`for (uint32_t i = ${count}; i != 0; i--) {`, `*${pointer}++ = ${zero};`, '}'];
  const behind = row - w * column;
  const last = layout.size - layout.origin - h * row;
  return {
    before: layout.origin === 0 ? [] : [`${layout.type} *border = out;`, ...fill('border', layout.origin)],
    behindRow: fill('q', behind),
    after: fill('q', Math.max(0, last)),
  };
}

/** What is stored for a window: the maximum moved to the output's storage, or the requantized sum of `count` elements. */
function store(context: EmitContext, node: Pool, step: Step, count: number): string {
  const [x, y] = [step.inputs[0]!, step.output];
  if (node.kind === 'maxpool') return `(${y.layout.type})(${plus('v', y.layout.bias - x.layout.bias)})`;
  const zero = x.value.offset + x.layout.bias;
  const largest = (x.layout.bytesPerElement === 1 ? 255 : 32768) * count;
  const r = foldRequant(node.requantByCount[count]!, -zero * count, y.value, y.layout, {
    min: -largest,
    max: largest,
  });
  const acc = r.init === 0 ? 'v' : `(${plus('v', r.init)})`;
  return saturate(context, requantExpression(acc, r), node.lo, node.hi, y.layout);
}

/** Rows and columns of each window are cut to the image; an average looks its divisor up by the number of elements. */
function emitClipped(context: EmitContext, node: Pool, step: Step): string[] {
  const [x, y] = [step.inputs[0]!, step.output];
  const image = imageOf(x.layout);
  const result = imageOf(y.layout);
  const [kh, kw] = node.kernel;
  const max = node.kind === 'maxpool';
  const average = node.kind === 'avgpool' ? averageTables(context, node, step) : undefined;
  const { type } = x.layout;
  return [
    ...(average?.declare ?? []),
    `${y.layout.type} *q = ${plus('out', y.layout.origin)};`,
    `for (int32_t oy = 0; oy < ${result.h}; oy++) {`,
    `for (int32_t ox = 0; ox < ${result.w}; ox++) {`,
    `for (int32_t c = 0; c < ${result.c}; c++) {`,
    `int32_t v = ${max ? 'INT32_MIN' : '0'};`,
    ...(average ? ['uint32_t count = 0;'] : []),
    `for (int32_t ky = 0; ky < ${kh}; ky++) {`,
    `const int32_t iy = oy * ${node.strides[0]} + ky * ${node.dilations[0]} - ${node.pads.top};`,
    `if (iy < 0 || iy >= ${image.h}) {`,
    'continue;',
    '}',
    `for (int32_t kx = 0; kx < ${kw}; kx++) {`,
    `const int32_t ix = ox * ${node.strides[1]} + kx * ${node.dilations[1]} - ${node.pads.left};`,
    `if (ix < 0 || ix >= ${image.w}) {`,
    'continue;',
    '}',
    `const ${type} s = in[${plus(`iy * ${image.row} + ix * ${image.column} + c`, x.layout.origin)}];`,
    max ? `v = ${context.helper('max')}(v, s);` : 'v += s;',
    ...(average ? ['count++;'] : []),
    '}',
    '}',
    `*q++ = ${average ? average.store : store(context, node, step, 0)};`,
    '}',
    ...advance('q', result.column - result.c),
    '}',
    ...advance('q', result.row - result.w * result.column),
    '}',
  ];
}

/** The requantization of each count that occurs, as tables indexed by count. */
function averageTables(
  context: EmitContext,
  node: QAvgPool,
  step: Step,
): { declare: string[]; store: string } {
  const [x, y] = [step.inputs[0]!, step.output];
  const result = imageOf(y.layout);
  const counts = new Set<number>();
  for (let oy = 0; oy < result.h; oy++) {
    for (let ox = 0; ox < result.w; ox++) counts.add(windowCount(node, x.layout.shape, oy, ox));
  }
  const largest = Math.max(...counts);
  const entries = Array.from(
    { length: largest + 1 },
    (_, n) => node.requantByCount[counts.has(n) ? n : largest]!,
  );
  const zero = x.value.offset + x.layout.bias;
  // the sum is brought to units of q - offset first, so that the constant behind the multiplier depends on the shift alone
  const folded = entries.map((r) => foldRequant(r, 0, y.value, y.layout, { min: 0, max: 0 }));
  const table = (name: string, data: readonly number[]): string =>
    `const int32_t *const ${name} = ${tableAt('int32_t', context.constants.add(data, 4))};`;
  const pre = folded.some((f) => f.pre > 0);
  return {
    declare: [
      table(
        'multiplier',
        folded.map((f) => f.multiplier),
      ),
      table(
        'constant',
        folded.map((f) => f.constant),
      ),
      table(
        'shift',
        folded.map((f) => f.post),
      ),
      ...(pre
        ? [
            table(
              'half',
              folded.map((f) => f.init),
            ),
            table(
              'before',
              folded.map((f) => f.pre),
            ),
          ]
        : []),
    ],
    store: saturate(
      context,
      `(${pre ? '((v - ZERO * (int32_t)count + half[count]) >> before[count])' : '(v - ZERO * (int32_t)count)'} * multiplier[count] + constant[count]) >> shift[count]`.replace(
        'ZERO',
        `(${zero})`,
      ),
      node.lo,
      node.hi,
      y.layout,
    ),
  };
}
