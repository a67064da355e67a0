import { isPadded } from '../../../model/window.ts';
import type { QAvgPool, QMaxPool } from '../../../quantize/quantizedGraph.ts';
import { imageOf } from '../../values/layout.ts';
import type { Operand, Step } from '../../values/step.ts';
import { type WindowWalk, windowWalk } from '../../values/windowWalk.ts';
import type { LayerContext } from '../kernel.ts';
import { plus } from '../../c/code.ts';
import { foldRequant, requantExpression, saturate, storeBias, withInit } from '../requant.ts';

export type Pool = QMaxPool | QAvgPool;

/** True when some window reaches over the edge and the kernel must look where: an average that counts its padding reads a border. */
export function isClipped(node: Pool): boolean {
  return isPadded(node) && !(node.kind === 'avgpool' && node.countIncludePad);
}

export interface PoolShape extends WindowWalk {
  readonly x: Operand;
  readonly y: Operand;
  readonly image: ReturnType<typeof imageOf>;
  readonly result: ReturnType<typeof imageOf>;
  readonly window: number;
}

export function poolShape({ node, inputs, output: y }: Step<Pool>): PoolShape {
  const x = inputs[0]!;
  return {
    ...windowWalk(node, x.layout),
    ...{ x, y, image: imageOf(x.layout), result: imageOf(y.layout) },
    window: node.kernel[0] * node.kernel[1],
  };
}

/** What is stored for a window `v`: the maximum moved to the output's storage, or the requantized sum of `count` elements. */
export function pooledValue(context: LayerContext, node: Pool, { x, y }: PoolShape, count: number): string {
  if (node.kind === 'maxpool') return `(${y.layout.type})(${plus('v', y.layout.bias - x.layout.bias)})`;
  if (node.isRaw) {
    const sum = plus('v', -x.layout.bias * count);
    const { divisor, multiplier, rounding, post } = node.requantByCount.get(count)!;
    const mean = divisor
      ? `${context.helper('divide')}(${sum}, ${divisor})`
      : `${context.helper('average')}(${sum}, ${multiplier}, ${rounding}, ${post})`;
    return saturate(context, plus(mean, storeBias(y.layout)), node.lo, node.hi, y.layout);
  }
  const zero = x.value.offset + x.layout.bias;
  const largest = (x.layout.bytesPerElement === 1 ? 255 : 32768) * count;
  const range = { min: -largest, max: largest };
  const r = foldRequant(node.requantByCount.get(count)!, -zero * count, y.value, y.layout, range);
  const acc = withInit('v', r);
  return saturate(context, requantExpression(context, acc, r), node.lo, node.hi, y.layout);
}
