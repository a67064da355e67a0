import { say } from '../../common/errors/sentence.ts';
import { checkedElements } from './checks.ts';
import type { OperatorContext } from './context.ts';
import { gatheredReal, part } from './gather.ts';
import type { IntConstant, Operand, Real } from './operand.ts';

/** All operands one behind the other along an axis, real or integer. @param suffix of the result */
export function concatenated(ctx: OperatorContext, given: number, suffix = ''): Operand {
  const operands = ctx.inputs.map((_, k) => ctx.operand(k));
  if (operands.length === 0) ctx.refuse(say`has no inputs`);
  const first = operands[0]!.shape;
  const axis = ctx.axis(given, first.length);
  for (const { shape } of operands) {
    if (shape.length !== first.length || shape.some((d, k) => k !== axis && d !== first[k])) {
      ctx.refuse(say`joins [${first}] and [${shape}] along axis ${axis}`);
    }
  }
  const sum = operands.reduce((n, o) => n + o.shape[axis]!, 0);
  const shape = first.map((d, k) => (k === axis ? sum : d));
  const integers = operands.filter((o): o is IntConstant => o.kind === 'int');
  if (integers.length === operands.length) {
    if (first.length !== 1) ctx.refuse(say`joins integer tensors of several dimensions`);
    checkedElements(shape, say`A tensor of integers`);
    return { kind: 'int', shape, data: integers.flatMap((o) => o.data) };
  }
  if (integers.length > 0) ctx.refuse(say`mixes integers with real numbers`);
  if (operands.length === 1) return operands[0]!;
  const real = operands.map((_, k) => ctx.real(k));
  return ctx.emit({ kind: 'concat', axis }, real, shape, suffix);
}

/** x with `value` around it. @param pads one [before, after] pair a dimension; negative ones cut */
export function padded(
  ctx: OperatorContext,
  x: Real,
  pads: readonly (readonly [number, number])[],
  value: number,
): Real {
  // minus infinity is what a maximum pooling behind it ignores; checkPads refuses it elsewhere
  if (!Number.isFinite(value) && value !== -Infinity) {
    ctx.refuse(say`pads with ${value}; a finite number is needed`);
  }
  const grows = pads.flat().some((p) => p > 0);
  const cut = x.shape.map((d, k) => {
    const [before, after] = pads[k]!.map((p) => Math.min(p, 0)) as [number, number];
    return part(-before, Math.max(0, d + before + after));
  });
  const rest = gatheredReal(ctx, x, cut, { suffix: grows ? '/cut' : '' });
  if (!grows) return rest;
  const added = pads.map(([before, after]) => [Math.max(before, 0), Math.max(after, 0)] as const);
  const shape = rest.shape.map((d, k) => d + added[k]![0] + added[k]![1]);
  return ctx.emit({ kind: 'pad', pads: added, value }, [rest], shape);
}
