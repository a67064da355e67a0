import { say } from '../../../../common/errors/sentence.ts';
import { binary, differenceOf, quotient } from '../../../import/arithmetic.ts';
import { type Operand, type Real, scalar } from '../../../import/operand.ts';
import type { KerasContext } from '../context.ts';

/** The sum of any number of tensors. */
export function add(ctx: KerasContext): Operand {
  return folded(ctx, 'add');
}

/** The product of any number of tensors. */
export function multiply(ctx: KerasContext): Operand {
  return folded(ctx, 'mul');
}

export function subtract(ctx: KerasContext): Operand {
  return differenceOf(ctx, ...two(ctx));
}

export function divide(ctx: KerasContext): Operand {
  two(ctx);
  return quotient(ctx);
}

function two(ctx: KerasContext): [Real, Real] {
  if (ctx.inputs.length !== 2) ctx.refuse(say`reads ${ctx.inputs.length} tensors; two are needed`);
  return [ctx.real(0), ctx.real(1)];
}

/** The mean of any number of tensors. */
export function average(ctx: KerasContext): Operand {
  const sum = folded(ctx, 'add', '/sum');
  return binary(ctx, 'mul', sum, scalar(1 / ctx.inputs.length), '');
}

/** Joins tensors along an axis. */
export function concatenate(ctx: KerasContext): Operand {
  const operands = ctx.inputs.map((_, k) => ctx.real(k));
  const [first] = operands;
  if (!first) ctx.refuse(say`has no inputs`);
  const axis = ctx.axis(ctx.number('axis', -1), first.shape.length);
  for (const { shape } of operands) {
    if (shape.length !== first.shape.length || shape.some((d, k) => k !== axis && d !== first.shape[k])) {
      ctx.refuse(say`joins [${first.shape}] and [${shape}] along axis ${axis}`);
    }
  }
  if (axis === 0) ctx.refuse(say`joins its inputs along the batch`);
  if (operands.length === 1) return first;
  const sum = operands.reduce((n, o) => n + o.shape[axis]!, 0);
  return ctx.emit(
    { kind: 'concat', axis },
    operands,
    first.shape.map((d, k) => (k === axis ? sum : d)),
  );
}

function folded(ctx: KerasContext, kind: 'add' | 'mul', suffix = ''): Real {
  const last = ctx.inputs.length - 1;
  if (last < 0) ctx.refuse(say`has no inputs`);
  let result = ctx.real(0);
  for (let k = 1; k <= last; k++)
    result = binary(ctx, kind, result, ctx.real(k), k < last ? `/part_${k}` : suffix);
  return result;
}
